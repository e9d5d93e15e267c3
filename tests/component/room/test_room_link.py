"""A satellite that was away is dialled again soon, however long it was away."""

import asyncio
from contextlib import suppress
import time

import pytest
from wyoming.event import Event

from custom_components.waifu_rt3d.room import link as links
from custom_components.waifu_rt3d.voice.connection import WireError

TRIES = 30
SOON_S = 3.0
"""Within which a room hears again after the return of its satellite; the handshake is a part of it."""


class Nobody:
    """Who is told of a satellite that never comes."""

    def satellite_connected(self) -> None:
        """Never happens."""

    def satellite_lost(self) -> None:
        """Never happens."""

    def satellite_event(self, event: object) -> None:
        """Never happens."""


async def test_lost_satellite_is_dialled_again_soon_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the wait between two tries nor a try that hangs keeps a room deaf for longer."""
    waits_s: list[float] = []
    limits_s: list[float] = []
    done, sleep = asyncio.Event(), asyncio.sleep

    class Refused:
        """A connection that does not come about."""

        def __init__(self, *_address: object, timeout_s: float) -> None:
            limits_s.append(timeout_s)

        async def __aenter__(self) -> None:
            raise WireError("nobody there")

        async def __aexit__(self, *_: object) -> None:
            return None

    async def pass_quickly(seconds: float) -> None:
        waits_s.append(seconds)
        if len(waits_s) >= TRIES:
            done.set()
        await sleep(0)

    monkeypatch.setattr(links, "connected", Refused)
    monkeypatch.setattr(links.asyncio, "sleep", pass_quickly)
    link = links.SatelliteLink("127.0.0.1", 1, None, Nobody())
    running = asyncio.create_task(link.run())
    async with asyncio.timeout(60):
        await done.wait()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert waits_s[0] < waits_s[1]
    assert max(waits_s) + max(limits_s) <= SOON_S


async def test_own_loop_that_stood_still_is_not_the_satellites_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What came while Home Assistant was busy is read before the satellite is taken for gone."""
    monkeypatch.setattr(links, "SILENCE_LIMIT_S", 0.05)
    monkeypatch.setattr(links, "STOOD_STILL_S", 0.1)
    came = asyncio.Event()

    class Waiting:
        """A connection whose next event comes while the loop stands still."""

        async def read(self) -> Event:
            await came.wait()
            return Event("pong")

    def stand_still() -> None:
        time.sleep(1.0)
        came.set()

    asyncio.get_running_loop().call_soon(stand_still)
    link = links.SatelliteLink("127.0.0.1", 1, None, Nobody())
    assert (await link._next(Waiting())).type == "pong"  # type: ignore[arg-type] # reading is all
    came.clear()
    with pytest.raises(WireError, match="does not answer"):
        async with asyncio.timeout(60):
            await link._next(Waiting())  # type: ignore[arg-type] # reading is all
