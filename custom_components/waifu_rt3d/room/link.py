"""The connection to a satellite: kept open, watched, with the satellite's clock known."""

import asyncio
from collections.abc import Callable
import contextlib
from typing import Protocol

from wyoming.event import Event

from ..const import LOGGER
from ..stage.clock import PROBES, Probe, RemoteClock
from ..stage.steady import epoch_ms
from ..voice.connection import WireConnection, WireError, connected
from ..voice.events import read_user_event, user_event
from .redial import Redial

PING_INTERVAL_S = 1.0
LOOK_EVERY_S = 0.5
MOST_SILENT = 8
"""A satellite of which so many looks in a row, four seconds, find nothing, not even a pong, is gone. Looks
are counted and not seconds: a loop of ours that stood still has not looked, nor read what came meanwhile."""
DIAL_LIMIT_S = 2.5
"""A dialled packet that was lost is sent again by the system after 1 and 3 s: dialling anew is sooner,
so that a room hears again two seconds after its cable is back."""
CLOCK_REFRESH_S = 60.0
PROBE_GAP_S = 0.05


class SatelliteListener(Protocol):
    """Who is told what the satellite sends."""

    def satellite_connected(self) -> None:
        """Take that the satellite is there."""

    def satellite_lost(self) -> None:
        """Take that the satellite is gone; the link tries again by itself."""

    def satellite_event(self, event: Event) -> None:
        """Take an event that is no matter of the link itself."""


class SatelliteLink:
    """Dial the satellite (it is the server), run it, and dial again when it is lost."""

    def __init__(
        self,
        host: str,
        port: int,
        key: bytes | None,
        listener: SatelliteListener,
        *,
        now_ms: Callable[[], float] = epoch_ms,
    ) -> None:
        """Know whom to dial."""
        self.clock = RemoteClock()
        self._address = (host, port, key)
        self._listener = listener
        self._now_ms = now_ms
        self._connection: WireConnection | None = None
        self._silent = 0
        """Looks in a row that found nothing new."""
        self._told_lost = False
        self._told_back = False
        self._told_failed = False

    async def send(self, *events: Event) -> None:
        """Send events in order. Raises WireError when the satellite is not there."""
        if self._connection is None:
            raise WireError("The satellite is not connected")
        for event in events:
            await self._connection.write(event)

    async def run(self) -> None:
        """Stay connected until cancelled."""
        redial, now_s = Redial(), asyncio.get_running_loop().time
        while True:
            redial.dialling(now_s())
            try:
                async with connected(*self._address, timeout_s=DIAL_LIMIT_S) as connection:
                    redial.connected(now_s())
                    await self._serve(connection)
            except WireError as err:
                self._tell_lost(err, is_news=redial.was_steady(now_s()))
            except Exception as err:  # noqa: BLE001 - the root of a background task
                # Whatever a satellite may have sent: a room must not stay lost for ever.
                self._tell_failed(err)
            await asyncio.sleep(redial.wait_s(now_s()))

    async def _serve(self, connection: WireConnection) -> None:
        """Start the satellite and pass its events on until it is lost."""
        await connection.write(Event(type="run-satellite"))
        await connection.write(Event(type="describe"))
        self._connection = connection
        if self._told_lost and not self._told_back:
            LOGGER.info("The satellite at %s:%s is back", *self._address[:2])
            self._told_back = True
        self._listener.satellite_connected()
        patience = asyncio.timeout(None)
        helpers = [
            asyncio.create_task(self._ping(connection), name="satellite ping"),
            asyncio.create_task(self._probe(connection), name="satellite clock"),
            asyncio.create_task(self._look(patience), name="satellite watch"),
        ]
        try:
            async with patience:
                await self._read_forever(connection)
        except TimeoutError:
            if not patience.expired():
                raise
            raise WireError("The satellite does not answer any more") from None
        finally:
            self._connection = None
            for task in helpers:
                task.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)
            self._listener.satellite_lost()

    async def _read_forever(self, connection: WireConnection) -> None:
        """Pass on what comes. Raises WireError when the satellite leaves."""
        while (event := await connection.read()) is not None:
            self._silent = 0
            await self._take(connection, event)
        raise WireError("The satellite closed the connection")

    async def _look(self, patience: asyncio.Timeout) -> None:
        """End the patience with a satellite that has been silent for too long."""
        self._silent = 0
        while self._silent < MOST_SILENT:
            await asyncio.sleep(LOOK_EVERY_S)
            self._silent += 1
        patience.reschedule(asyncio.get_running_loop().time())

    async def _take(self, connection: WireConnection, event: Event) -> None:
        """Answer what belongs to the link and pass the rest on."""
        if event.type == "ping":
            await connection.write(Event(type="pong", data=event.data))
        elif (reply := read_user_event(event, "clock-reply")) is not None:
            self._take_clock(reply)
        elif event.type != "pong":
            self._listener.satellite_event(event)

    def _take_clock(self, reply: dict[str, object]) -> None:
        """Take the answer of a probe; one that makes no sense is dropped."""
        sent_ms, remote_ms = reply.get("t0"), reply.get("satellite_ms")
        if isinstance(sent_ms, int | float) and isinstance(remote_ms, int | float):
            now_ms = self._now_ms()
            if sent_ms <= now_ms:
                self.clock.add(Probe(sent_ms=sent_ms, remote_ms=remote_ms, received_ms=now_ms))

    async def _ping(self, connection: WireConnection) -> None:
        """Make the satellite say something now and then."""
        with contextlib.suppress(WireError):
            while True:
                await asyncio.sleep(PING_INTERVAL_S)
                await connection.write(Event(type="ping"))

    async def _probe(self, connection: WireConnection) -> None:
        """Ask the satellite's clock, some times in a row, every minute anew."""
        with contextlib.suppress(WireError):
            while True:
                for _ in range(PROBES):
                    await connection.write(user_event("clock-probe", {"t0": self._now_ms()}))
                    await asyncio.sleep(PROBE_GAP_S)
                await asyncio.sleep(CLOCK_REFRESH_S)

    def _tell_lost(self, err: WireError, *, is_news: bool) -> None:
        """Log once that the satellite is gone; one that comes for a moment only is still the same."""
        if is_news or not self._told_lost:
            LOGGER.warning("The satellite at %s:%s is gone: %s", *self._address[:2], err)
            self._told_lost, self._told_back = True, False

    def _tell_failed(self, err: Exception) -> None:
        """Log once with all that is known what should not have happened."""
        if not self._told_failed:
            LOGGER.error("The connection to a satellite failed", exc_info=err)
            self._told_failed = True
