"""A satellite that was away is dialled again soon, however long it was away."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from itertools import pairwise
import logging
import time

import pytest
from wyoming.event import Event

from custom_components.waifu_rt3d.room import link as links
from custom_components.waifu_rt3d.voice.connection import WireError

SOON_S = 3.0
"""Within which a room hears again after the return of its satellite."""
HANDSHAKE_S = 0.25
"""What a handshake takes of that on a slow machine."""


class Nobody:
    """Who is told of a satellite that never comes."""

    def satellite_connected(self) -> None:
        """Never happens."""

    def satellite_lost(self) -> None:
        """Never happens."""

    def satellite_event(self, event: object) -> None:
        """Never happens."""


class Time:
    """A clock that a wait moves, and the dials of a link by it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, dial_s: float, lasts_s: float) -> None:
        """Let each dial take its time; where a connection then comes about, it lasts for a while."""
        self.now_s = 0.0
        self.dialled_s: list[float] = []
        self.dial_s, self.lasts_s = dial_s, lasts_s
        self._sleep = asyncio.sleep
        monkeypatch.setattr(links, "connected", self._connected)
        monkeypatch.setattr(links.asyncio, "sleep", self._pass)
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: self.now_s)

    async def until(self, end_s: float) -> None:
        """Let a link dial until then."""
        link = links.SatelliteLink("127.0.0.1", 1, None, Nobody())
        running = asyncio.create_task(link.run())
        while self.now_s < end_s:
            await self._sleep(0)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    @asynccontextmanager
    async def _connected(self, *_address: object, timeout_s: float) -> AsyncGenerator[Leaving]:
        """Connect to who leaves, or to nobody."""
        self.dialled_s.append(self.now_s)
        await self._pass(min(self.dial_s, timeout_s))
        if not self.lasts_s:
            raise WireError("nobody there")
        yield Leaving(partial(self._pass, self.lasts_s))

    async def _pass(self, seconds: float) -> None:
        """Move the clock."""
        self.now_s += seconds
        await self._sleep(0)


class Leaving:
    """A satellite that says nothing, and leaves after its time."""

    def __init__(self, stay: Callable[[], Awaitable[None]]) -> None:
        """Know how to let the time pass."""
        self._stay = stay

    async def write(self, _event: Event) -> None:
        """Take what is said."""

    async def read(self) -> None:
        """Leave."""
        await self._stay()


@pytest.mark.parametrize(
    "dial_s",
    [
        pytest.param(0.0, id="refused at once, as by a machine whose program has died"),
        pytest.param(0.7, id="refused late"),
        pytest.param(99.0, id="never answered, as by a cable that is pulled"),
    ],
)
async def test_lost_satellite_is_dialled_again_soon_enough(
    monkeypatch: pytest.MonkeyPatch, dial_s: float
) -> None:
    """However long it was away, neither a try that hangs nor the wait for the next keeps a room deaf."""
    clock = Time(monkeypatch, dial_s=dial_s, lasts_s=0.0)
    await clock.until(3600.0)
    gaps_s = [later - earlier for earlier, later in pairwise(clock.dialled_s)]
    assert max(gaps_s) + HANDSHAKE_S <= SOON_S
    first, last = gaps_s[:20], gaps_s[-20:]
    if dial_s < links.DIAL_LIMIT_S:
        assert max(first) <= max(0.5, dial_s + 0.25) + 1e-6
        # after an hour nobody dials twice a second, nor do all rooms dial at one time
        assert min(last) >= 1.5
        assert len(set(last)) > 10


@pytest.mark.parametrize(("lasts_s", "told"), [(0.0, 1), (0.5, 1), (60.0, 60)])
async def test_satellite_that_comes_and_goes_is_no_news_each_time(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, lasts_s: float, told: int
) -> None:
    """A room that is lost for an hour, or taken again for half a second each time, fills no log."""
    clock = Time(monkeypatch, dial_s=0.1, lasts_s=lasts_s)
    await clock.until(3600.0)
    gone = [record for record in caplog.records if "is gone" in record.getMessage()]
    back = [record for record in caplog.records if "is back" in record.getMessage()]
    assert told - 2 <= len(gone) <= told
    assert len(back) == (0 if not lasts_s else len(gone))
    if lasts_s < 10.0:
        assert len(clock.dialled_s) < 2700


async def test_what_a_satellite_should_not_do_is_told_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of ours that each connection meets is logged whole, but not each time."""
    clock = Time(monkeypatch, dial_s=0.1, lasts_s=1.0)

    async def fail(*_: object) -> None:
        raise LookupError("whatever it was")

    monkeypatch.setattr(links.SatelliteLink, "_serve", fail)
    await clock.until(600.0)
    failed = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [record.exc_info is not None for record in failed] == [True]


class Waiting:
    """A satellite whose next event comes when a test wants it."""

    def __init__(self) -> None:
        """Have nothing to say yet."""
        self.came = asyncio.Event()

    async def write(self, _event: Event) -> None:
        """Take what is said."""

    async def read(self) -> Event:
        """Say something once."""
        await self.came.wait()
        self.came.clear()
        return Event("state")


class Somebody(Nobody):
    """Who writes down what a satellite says, and whether it is there."""

    def __init__(self) -> None:
        """Know nothing."""
        self.said: list[str] = []
        self.told = asyncio.Event()

    def satellite_lost(self) -> None:
        """Take that it is gone."""
        self._note("lost")

    def satellite_event(self, event: object) -> None:
        """Take an event."""
        self._note(event.type)  # type: ignore[attr-defined] # it is one

    def _note(self, what: str) -> None:
        self.said.append(what)
        self.told.set()


async def test_own_loop_that_stood_still_is_not_the_satellites_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What came while Home Assistant was busy is read before the satellite is taken for gone.

    However little the end of that is behind the last moment: it is looks that are counted.
    """
    monkeypatch.setattr(links, "LOOK_EVERY_S", 0.02)
    satellite, listener = Waiting(), Somebody()

    @asynccontextmanager
    async def connect(*_address: object, timeout_s: float) -> AsyncGenerator[Waiting]:
        yield satellite

    monkeypatch.setattr(links, "connected", connect)
    running = asyncio.create_task(links.SatelliteLink("127.0.0.1", 1, None, listener).run())
    for stood_still_s in (0.17, 0.3, 1.0):
        await asyncio.sleep(0)
        time.sleep(stood_still_s)  # noqa: ASYNC251 - that is the point
        satellite.came.set()
        async with asyncio.timeout(60):
            await listener.told.wait()
        listener.told.clear()
    assert listener.said == ["state"] * 3
    async with asyncio.timeout(60):
        await listener.told.wait()
    assert listener.said[3:] == ["lost"]
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
