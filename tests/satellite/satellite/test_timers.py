"""Timers: on time, on disk, and without Home Assistant."""

import asyncio
from collections.abc import Callable
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from virtual_time import VirtualLoop
from wyoming.event import Event

from waifu_satellite.timers import Timers

type Play = Callable[..., None]


def test_timer_rings_when_home_assistant_says_so_until_it_is_stopped(play_scene: Play) -> None:
    """`timer-finished` begins the ringing, the stop button ends it."""

    async def scene(room: Any) -> None:
        room.receive("timer-started", id="a", total_seconds=60, name="tea")
        await asyncio.sleep(50)
        assert room.state == "idle"
        room.receive("timer-finished", id="a")
        assert room.state == "ringing"
        await asyncio.sleep(30)
        assert room.state == "ringing"
        room.satellite.stop()
        assert room.state == "idle"
        length = len(np.trim_zeros(room.played()))
        await asyncio.sleep(5)
        # What was on its way into the file when it was stopped: one block of 20 ms.
        assert len(np.trim_zeros(room.played())) <= length + 441

    play_scene(scene)


def test_timer_rings_without_home_assistant(play_scene: Play) -> None:
    """Who is asleep in the next room does not care whether a server is up."""

    async def scene(room: Any) -> None:
        room.receive("timer-started", id="a", total_seconds=60)
        room.satellite.disconnected()
        await asyncio.sleep(59)
        assert room.state == "offline"
        await asyncio.sleep(3)
        assert room.state == "ringing"
        await asyncio.sleep(905)
        assert room.state == "offline"

    play_scene(scene)


def test_wake_word_silences_a_timer_and_listens(play_scene: Play) -> None:
    """Nobody has to find a button."""

    async def scene(room: Any) -> None:
        room.receive("timer-finished", id="unknown")
        await asyncio.sleep(3)
        await room.wake()
        assert room.state == "wake_pending"
        await room.say(1.0)
        await asyncio.sleep(2)
        room.user_event("run-ended", turn_id=None)
        assert room.state == "idle"

    play_scene(scene)


def test_cancelled_timer_does_not_ring(play_scene: Play) -> None:
    """Also when it rings already."""

    async def scene(room: Any) -> None:
        room.receive("timer-started", id="a", total_seconds=10)
        room.receive("timer-cancelled", id="a")
        await asyncio.sleep(20)
        assert room.state == "idle"
        room.receive("timer-finished", id="b")
        room.receive("timer-cancelled", id="b")
        assert room.state == "idle"

    play_scene(scene)


def test_living_timers_are_handed_back(play_scene: Play) -> None:
    """A restarted Home Assistant learns what it forgot."""

    async def scene(room: Any) -> None:
        room.receive("timer-started", id="a", total_seconds=60, name="tea")
        room.receive("timer-updated", id="a", total_seconds=40, is_active=False)
        room.satellite.disconnected()
        await asyncio.sleep(100)
        room.satellite.connected()
        (timer,) = room.last("timers")[1]["timers"]
        assert timer == {"id": "a", "name": "tea", "seconds_left": 40.0, "is_active": False}

    play_scene(scene)


def started(timer_id: str, seconds: float) -> Event:
    """Return a `timer-started`."""
    return Event(type="timer-started", data={"id": timer_id, "total_seconds": seconds})


def test_timers_survive_a_restart(tmp_path: Path) -> None:
    """What was due meanwhile rings now, what is long past does not."""
    path = tmp_path / "timers.json"
    rings: list[float] = []

    async def before() -> None:
        timers = Timers(path, lambda: 1000.0)
        for timer_id, seconds in (("past", 10), ("due", 1800), ("later", 2500)):
            timers.take(started(timer_id, seconds))
        timers.close()

    async def after() -> None:
        loop = asyncio.get_running_loop()
        timers = Timers(path, lambda: loop.time() + 2000.0)
        timers.on_ring = lambda: rings.append(loop.time() + 2000.0)
        timers.load()
        assert [timer["id"] for timer in timers.living()] == ["later"]
        await asyncio.sleep(600)
        timers.heard()
        timers.close()

    for part in (before, after):
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(part())
    # The virtual loop begins at 1000 s.
    assert rings[0] == 3000.0
    assert 3501.0 <= rings[1] <= 3506.1
    assert json.loads(path.read_text()) == []


def test_odd_timer_events_and_files_are_ignored(tmp_path: Path) -> None:
    """Neither the network nor a broken disk can stop the satellite."""
    path = tmp_path / "timers.json"
    path.write_text('[{"id": 3}]')

    async def look() -> None:
        timers = Timers(path, lambda: 0.0)
        timers.load()
        for data in (
            {},
            {"id": "a"},
            {"id": "a", "total_seconds": "x"},
            {"id": "a", "total_seconds": -1},
        ):
            timers.take(Event(type="timer-started", data=data))
            timers.take(Event(type="timer-updated", data=data))
        assert timers.living() == []
        timers.close()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(look())


class Clocks:
    """A wall clock that somebody sets, beside one that nobody can."""

    def __init__(self) -> None:
        """Go with the loop; the wall clock is right."""
        self.ahead_s = 1_700_000_000.0
        self._loop = asyncio.get_running_loop()

    def wall_s(self) -> float:
        """Return what the wall clock shows."""
        return self._loop.time() + self.ahead_s

    def steady_s(self) -> float:
        """Return the time since the machine's start."""
        return self._loop.time()


@pytest.mark.parametrize("moved_s", [3600.0, -3600.0, 86400.0, -86400.0])
def test_timer_lasts_as_long_as_was_said_when_the_clock_is_set(
    tmp_path: Path, moved_s: float
) -> None:
    """An egg does not boil faster because a server told the machine the time."""
    rang_s: list[float] = []

    async def scene() -> None:
        clocks = Clocks()
        path = tmp_path / "timers.json"
        timers = Timers(path, clocks.wall_s, clocks.steady_s)
        timers.on_ring = lambda: rang_s.append(clocks.steady_s())
        timers.load()
        began_s = clocks.steady_s()
        timers.take(Event(type="timer-started", data={"id": "a", "total_seconds": 300}))
        await asyncio.sleep(100)
        clocks.ahead_s += moved_s
        assert timers.living()[0]["seconds_left"] == pytest.approx(200, abs=0.1)
        # what a restart would find is right by the clock as it is now
        (kept,) = json.loads(path.read_text())
        assert kept["deadline_s"] == pytest.approx(clocks.wall_s() + 200, abs=0.1)
        await asyncio.sleep(300)
        timers.close()
        assert rang_s == [pytest.approx(began_s + 301, abs=0.1)]

    loop = VirtualLoop()
    loop.run_until_complete(scene())
    loop.close()


def test_kept_timer_believes_the_clock_that_is_set_after_the_start(tmp_path: Path) -> None:
    """A machine without a battery wakes up in the past, and learns the time a moment later."""
    rung: list[bool] = []

    async def scene() -> None:
        clocks = Clocks()
        path = tmp_path / "timers.json"
        before = Timers(path, clocks.wall_s, clocks.steady_s)
        before.take(Event(type="timer-started", data={"id": "a", "total_seconds": 600}))
        before.close()
        # it is off for nine minutes, of which its clock knows nothing
        after = Timers(path, clocks.wall_s, clocks.steady_s)
        after.on_ring = lambda: rung.append(True)
        after.load()
        await asyncio.sleep(10)
        clocks.ahead_s += 540
        await asyncio.sleep(45)
        assert rung == []
        await asyncio.sleep(15)
        after.close()
        assert rung == [True]

    loop = VirtualLoop()
    loop.run_until_complete(scene())
    loop.close()
