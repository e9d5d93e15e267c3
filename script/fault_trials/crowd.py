"""Fifty satellites in one home, on the two cores that all of it has."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
import json
import os
from pathlib import Path
import statistics
import time
from typing import Any

from demo_run.entries import add_entry
from demo_run.microphone import COMMAND
from demo_run.places import HOST, ROOT, SATELLITE_PYTHON, DemoError
from demo_run.rooms import DEVICES, furnish

from .again import answers_again
from .home import COMPANION, Home
from .outcome import Outcome

ROOMS = int(os.environ.get("WAIFU_FAULT_ROOMS", "50"))
"""Fewer may be tried on a machine that does other things, too."""
TURNS = 2
PAUSE_S = (2.0, 50.0)
"""Between two turns of a room: on average three of fifty begin in two seconds."""
LEAST_GOOD = 0.99
_LEAST_SOUND_MS = 300.0
_MOST_MINUTES = 8
_TRIES = 3
_CONNECTED_S = 60.0
_PROGRAM = Path(__file__).with_name("virtual_rooms.py")
_DUPLICATE = "duplicate_wake_up_detected"
_LIGHT = "light.kitchen_light"
_NAME = "kitchen light"
_UNDERSTOOD = frozenset(
    COMMAND.replace(_NAME, name)
    for device in DEVICES
    if device.entity_id == _LIGHT
    for name in (_NAME, *device.aliases)
)
"""The command as it may be heard: by each name of what is to be switched."""


async def fifty_talk(home: Home) -> Outcome:
    """Let fifty rooms give commands, each by its own wake word, and hear the answers."""
    async with _crowd(home) as rooms:
        await _darken(home)
        turns = await rooms.talk(turns=TURNS, pause_s=PAUSE_S, common=False)
    good = [turn for turn in turns if _is_good(turn)]
    listening = [_between(turn, "woken_s", "listening_s") for turn in good]
    sounding = [_between(turn, "ended_s", "sound_s") for turn in good]
    why = Counter(
        turn["error"] or f"heard {turn['heard']!r}" for turn in turns if not _is_good(turn)
    )
    share = len(good) / max(1, len(turns))
    figures = {
        "fifty_turns": len(turns),
        "fifty_good_share": round(share, 4),
        "fifty_wake_to_listening_ms_p95": _p95_ms(listening),
        "fifty_end_to_sound_ms_p50": round(statistics.median(sounding) * 1000, 1) if good else 0.0,
        "fifty_end_to_sound_ms_p95": _p95_ms(sounding),
    }
    return Outcome(
        sign_s=max(listening, default=None),
        back_s=await answers_again(home, time.monotonic()),
        experience=f"{len(good)} of {len(turns)} turns are heard, done and answered. {_told(why)}",
        missed="" if share >= LEAST_GOOD else f"{LEAST_GOOD:.0%} of the turns good",
        figures=figures,
    )


async def fifty_wake(home: Home) -> Outcome:
    """Let fifty rooms hear the same wake word at once."""
    async with _crowd(home) as rooms:
        await _darken(home)
        turns = await rooms.talk(turns=1, pause_s=(0.0, 0.0), common=True)
        light = await home.house.state_of(_LIGHT)
    good = [turn for turn in turns if _is_good(turn)]
    quiet = [turn for turn in turns if turn["error"] == _DUPLICATE]
    one = len(good) == 1 and len(quiet) == len(turns) - 1
    listening_s = _between(good[0], "woken_s", "listening_s") if good else None
    why = Counter(
        turn["error"] or f"heard {turn['heard']!r}"
        for turn in turns
        if turn not in good and turn not in quiet
    )
    return Outcome(
        sign_s=listening_s,
        back_s=await answers_again(home, time.monotonic()),
        experience=f"{len(good)} room answers, {len(quiet)} stay silent. {_told(why)}",
        missed=""
        if one and light == "on"
        else f"one answer alone, and the light on: it is {light}, heard was {_heard(good)}",
        figures={
            "fifty_hear_turns": len(turns),
            "fifty_hear_answers": len(good),
            "fifty_hear_silent": len(quiet),
            **({} if listening_s is None else {"fifty_hear_listening_s": round(listening_s, 2)}),
        },
    )


class Rooms:
    """The process of the rooms."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """Take it."""
        self._process = process

    async def talk(self, **order: object) -> list[dict[str, Any]]:
        """Let all of them talk; return their turns."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"seed": 1, **order}).encode() + b"\n")
        turns: list[dict[str, Any]] = []
        async with asyncio.timeout(_MOST_MINUTES * 60):
            while isinstance(told := await self.told(), dict):
                turns.append(told)
        return turns

    async def told(self) -> Any:
        """Return the next line that it says."""
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise DemoError("The program with the rooms has ended.")
        return json.loads(line)


@asynccontextmanager
async def many_rooms(
    count: int, key: str, spoken: Path, log: Path
) -> AsyncGenerator[tuple[Rooms, list[int]]]:
    """Run a program with so many rooms, which all say the same; return it and their ports."""
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            *(SATELLITE_PYTHON, str(_PROGRAM), str(count), key, str(spoken)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            env={**os.environ, "PYTHONPATH": str(ROOT / "satellite")},
        )
    rooms = Rooms(process)
    try:
        yield rooms, await rooms.told()
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def _crowd(home: Home) -> AsyncGenerator[Rooms]:
    """Have fifty rooms in the home; they leave it again."""
    spoken, log = home.folder / "command.16k.wav", home.folder / "rooms.out"
    entries: list[str] = []
    known = await _count_of(home)
    async with many_rooms(ROOMS, home.key, spoken, log) as (rooms, ports):
        try:
            for number, port in enumerate(ports, 1):
                entries.append(await _move_in(home, port))
                await _connected(home, known + number)
            yield rooms
        finally:
            for entry in entries:
                await home.house.delete(f"/api/config/config_entries/entry/{entry}")


async def _move_in(home: Home, port: int) -> str:
    """Add a room as somebody does who tries again where it did not work; return its entry."""
    where = {"host": HOST, "pairing_key": home.key, "port": port}
    for _ in range(_TRIES - 1):
        with suppress(DemoError):
            return await add_entry(home.house, COMPANION, {"next_step_id": "satellite"}, where)
    return await add_entry(home.house, COMPANION, {"next_step_id": "satellite"}, where)


async def _connected(home: Home, count: int) -> None:
    """Wait until so many rooms are there: one is added after the other."""
    async with asyncio.timeout(_CONNECTED_S):
        while await _count_of(home) < count:
            await asyncio.sleep(0.2)


async def _count_of(home: Home) -> int:
    """Return how many rooms are connected."""
    return sum(
        one["entity_id"].startswith("assist_satellite.") and one["state"] != "unavailable"
        for one in await home.house.get("/api/states")
    )


async def _darken(home: Home) -> None:
    """Switch off what the rooms are to switch on.

    A Home Assistant that was killed may have forgotten its areas, which core writes later than what
    stands in them; without them it can't switch anything by name.
    """
    await furnish(home.house)
    await home.house.post("/api/services/light/turn_off", {"entity_id": _LIGHT})


def _is_good(turn: dict[str, Any]) -> bool:
    """Return whether a turn was understood and answered by a sound that was heard to its end."""
    words = turn["heard"].lower().strip(" .")
    return words in _UNDERSTOOD and turn["sound_ms"] > _LEAST_SOUND_MS and not turn["error"]


def _between(turn: dict[str, Any], earlier: str, later: str) -> float:
    """Return the time (s) between two moments of a turn."""
    return float(turn[later]) - float(turn[earlier])


def _p95_ms(times_s: list[float]) -> float:
    """Return what 95 of a hundred times do not exceed (ms)."""
    ordered = sorted(times_s)
    return round(ordered[max(0, -(-len(ordered) * 95 // 100) - 1)] * 1000, 1) if ordered else 0.0


def _heard(turns: list[dict[str, Any]]) -> str:
    """Return what was understood in some turns."""
    return " and ".join(repr(turn["heard"]) for turn in turns) or "nothing"


def _told(why: Counter[str]) -> str:
    """Return what the others came to."""
    return "; ".join(f"{times} × {reason}" for reason, times in why.most_common(5))
