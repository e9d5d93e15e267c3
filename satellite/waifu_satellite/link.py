"""The satellite's side of the sockets: one primary, who runs it, and any number of others."""

import asyncio
from collections import deque
from collections.abc import Callable
import logging
from typing import Final, Protocol

from wyoming.event import Event

from waifu_wire.server import Connection

from . import protocol
from .clock import Clock

LOGGER = logging.getLogger(__name__)

# About a minute of microphone audio; who is that far behind does not listen.
MAX_WAITING: Final = 3000
PING_EVERY_S: Final = 5.0
SILENT_S: Final = 16.0


class Listener(Protocol):
    """Who is told what Home Assistant wants."""

    def connected(self) -> None:
        """Take a primary; it may be another one than before."""

    def disconnected(self) -> None:
        """Go on without a primary."""

    def received(self, event: Event) -> None:
        """Take an event of the primary."""


class Transport(Protocol):
    """How the satellite reaches Home Assistant."""

    def send(self, event: Event) -> None:
        """Send to the primary; without one the event is dropped."""


class Peer:
    """One connection with a queue of its own, so that a slow reader holds up nobody."""

    def __init__(self, connection: Connection) -> None:
        """Take the connection."""
        self.connection = connection
        self.heard_ms = 0.0
        self._waiting: deque[Event] = deque()
        self._more = asyncio.Event()

    def send(self, event: Event) -> None:
        """Queue an event; drop a connection that takes nothing."""
        if len(self._waiting) >= MAX_WAITING:
            LOGGER.warning("%s takes no data, closing its connection", self.connection.peer)
            self.connection.abort()
            return
        self._waiting.append(event)
        self._more.set()

    async def write_forever(self) -> None:
        """Write what is queued."""
        while True:
            await self._more.wait()
            self._more.clear()
            while self._waiting:
                await self.connection.write(self._waiting.popleft())


class Link:
    """Connections to Home Assistant; who sent `run-satellite` last is the primary."""

    def __init__(self, clock: Clock, info: Callable[[], Event]) -> None:
        """Answer `describe` with `info()`."""
        self._clock = clock
        self._info = info
        self._primaries: list[Peer] = []
        self.listener: Listener | None = None

    def send(self, event: Event) -> None:
        """Send to the primary; without one the event is dropped."""
        if self._primaries:
            self._primaries[-1].send(event)

    async def serve(self, connection: Connection) -> None:
        """Serve one connection until it ends."""
        peer = Peer(connection)
        tasks = [
            asyncio.create_task(work, name=f"waifu satellite {name}")
            for name, work in (
                ("writer", peer.write_forever()),
                ("reader", self._read_forever(peer)),
                ("watch", self._watch(peer)),
            )
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._gone(peer)

    async def _read_forever(self, peer: Peer) -> None:
        """Take the peer's events until it leaves."""
        while (event := await peer.connection.read()) is not None:
            peer.heard_ms = self._clock.now_ms()
            self._take(peer, event)

    async def _watch(self, peer: Peer) -> None:
        """Ping a silent primary, and end its connection when it stays silent."""
        peer.heard_ms = self._clock.now_ms()
        while True:
            await asyncio.sleep(PING_EVERY_S)
            silent_s = (self._clock.now_ms() - peer.heard_ms) / 1000.0
            if peer not in self._primaries or silent_s < PING_EVERY_S:
                continue
            if silent_s >= SILENT_S:
                LOGGER.info("%s is silent, closing its connection", peer.connection.peer)
                return
            peer.send(Event(type="ping", data={}))

    def _take(self, peer: Peer, event: Event) -> None:
        """Answer what any client may ask, pass on what only the primary may."""
        if event.type == "ping":
            peer.send(Event(type="pong", data=event.data))
        elif event.type == "describe":
            peer.send(self._info())
        elif event.type == "user-event" and event.data.get("name") == "clock-probe":
            data = event.data.get("data")
            t0 = data.get("t0") if isinstance(data, dict) else None
            peer.send(protocol.clock_reply(t0, self._clock.now_ms()))
        elif event.type == "run-satellite":
            self._promote(peer)
        elif self._primaries and self._primaries[-1] is peer and self.listener is not None:
            self.listener.received(event)

    def _promote(self, peer: Peer) -> None:
        """Make a peer the primary; the one before is taken back when this one leaves."""
        if self._primaries and self._primaries[-1] is peer:
            if self.listener is not None:
                self.listener.connected()
            return
        if self._primaries and self.listener is not None:
            LOGGER.info("%s takes over", peer.connection.peer)
            self.listener.disconnected()
        if peer in self._primaries:
            self._primaries.remove(peer)
        self._primaries.append(peer)
        if self.listener is not None:
            self.listener.connected()

    def _gone(self, peer: Peer) -> None:
        """Forget a connection."""
        if peer not in self._primaries:
            return
        was_primary = self._primaries[-1] is peer
        self._primaries.remove(peer)
        if was_primary and self.listener is not None:
            self.listener.disconnected()
            if self._primaries:
                self.listener.connected()
