"""Faults of a room: its satellite, its cable, its air, and a second room that hears the same."""

import asyncio
import time

from .again import announces_again, begin_in, hears_again, room_turns
from .home import Home
from .outcome import Outcome
from .parts import until
from .room import Room
from .talk import Talk

PULLED_S = 8.0
FLAPS = 5
FLAP_S = 1.0


async def satellite_dies(home: Home) -> Outcome:
    """Kill the satellite while somebody speaks into it."""
    talk, saying = await begin_in(home, home.kitchen)
    at_s = await home.kitchen.kill()
    sign_s = await talk.sign_after(at_s)
    await asyncio.gather(saying, return_exceptions=True)
    told = (
        f"The card ends the turn ({talk.error or talk.state}); the room is silent until it is back."
    )
    back_s = await hears_again(home, home.kitchen, await home.kitchen.start())
    return Outcome(sign_s=sign_s, back_s=back_s, experience=told)


async def cable_is_pulled(home: Home) -> Outcome:
    """Pull the satellite's cable while somebody speaks, and plug it in after eight seconds."""
    talk, saying = await begin_in(home, home.kitchen)
    at_s = time.monotonic()
    home.kitchen.cable.pull()
    sign_s = await talk.sign_after(at_s)
    await saying
    # the fault itself lasts so long
    await asyncio.sleep(max(0.0, PULLED_S - (time.monotonic() - at_s)))
    told = (
        f"The card ends the turn ({talk.error or talk.state}), the room says that nobody answers."
    )
    home.kitchen.cable.plug()
    back_s = await hears_again(home, home.kitchen, time.monotonic())
    return Outcome(sign_s=sign_s, back_s=back_s, experience=told)


async def wifi_flaps(home: Home) -> Outcome:
    """Let the satellite be reachable every other second, for ten seconds."""
    for _ in range(FLAPS):
        home.kitchen.cable.pull()
        await asyncio.sleep(FLAP_S)
        home.kitchen.cable.plug()
        await asyncio.sleep(FLAP_S)
    back_s = await announces_again(home, home.kitchen, time.monotonic())
    return Outcome(
        sign_is_elsewhere="the entity of the room",
        back_s=back_s,
        experience="Nobody spoke: the room is unavailable now and then, and speaks again afterwards.",
    )


async def two_hear_it(home: Home) -> Outcome:
    """Let kitchen and bedroom hear the same words at once."""
    rooms = (home.kitchen, home.bedroom)
    await asyncio.gather(*(room.is_idle(30) for room in rooms))
    known, seen = len(room_turns(home)), [len(room.notes) for room in rooms]
    said = await asyncio.gather(*(room.say() for room in rooms))
    await until(lambda: len(room_turns(home)) > known, 10)
    turns = [Talk(home=home, turn_id=one, asked_s=said[0][0]) for one in room_turns(home)[known:]]
    await asyncio.gather(*(talk.over() for talk in turns))
    both_idle = all(await asyncio.gather(*(room.is_idle(30) for room in rooms)))
    listened = [_went(room, since, "listening") for room, since in zip(rooms, seen, strict=True)]
    spoke = sum(_spoke(room, since) for room, since in zip(rooms, seen, strict=True))
    woken = [at for room, since in zip(rooms, seen, strict=True) if (at := _wake(room, since))]
    began = [at for at in listened if at is not None]
    return Outcome(
        sign_s=min(began) - min(woken) if began and woken else None,
        back_s=0.0 if both_idle else None,
        experience=f"{len(turns)} of {len(woken)} rooms that woke listens, {spoke} answers.",
        figures={"apart_ms": round((max(woken) - min(woken)) * 1000, 1)} if woken else {},
        missed="" if len(turns) == 1 and spoke == 1 and len(woken) == 2 else "one answer alone",
    )


def _wake(room: Room, since: int) -> float | None:
    """Return when (s) a room heard its wake word."""
    return next((n["at_ms"] / 1000 for n in room.notes[since:] if n["kind"] == "wake"), None)


def _went(room: Room, since: int, state: str) -> float | None:
    """Return when (s) a room went into a state."""
    times = (n["at_ms"] / 1000 for n in room.notes[since:] if n.get("state") == state)
    return next(times, None)


def _spoke(room: Room, since: int) -> bool:
    """Return whether a room has said something."""
    return any(n["kind"] == "playback_started" for n in room.notes[since:])
