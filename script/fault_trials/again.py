"""How long it takes until a turn is good again after a part has come back."""

import asyncio
from functools import partial
import time

from .home import Home
from .parts import until
from .room import Room
from .talk import Talk, ask


async def answers_again(home: Home, since_s: float) -> float | None:
    """Return how long (s) after a time a whole answer stands on the card."""
    while time.monotonic() - since_s < 30:
        talk = await ask(home)
        await until(partial(_is_answered, talk), 20)
        if "last one" in talk.shown:
            took_s = time.monotonic() - since_s
            await talk.cancel()
            await talk.over()
            return took_s
    return None


async def sounds_again(home: Home, since_s: float) -> float | None:
    """Return how long (s) after a time an answer sounds."""
    while time.monotonic() - since_s < 40:
        talk = await ask(home, speak=True)
        await until(partial(_sounds, talk), 20)
        if talk.first_sound_s is not None:
            await talk.cancel()
            await talk.over()
            return talk.first_sound_s - since_s
        await asyncio.sleep(0.2)
    return None


async def hears_again(home: Home, room: Room, since_s: float) -> float | None:
    """Return how long (s) after a time a command in a room is understood, the saying itself apart.

    It is said as soon as the satellite is connected, and again where it was not understood.
    """
    while time.monotonic() - since_s < 40:
        if not await room.is_idle(20):
            return None
        known = len(room_turns(home))
        began_s, ended_s = await room.say()
        await until(lambda known=known: len(room_turns(home)) > known, 5)  # type: ignore[misc]
        for turn_id in room_turns(home)[known:]:
            talk = Talk(home=home, turn_id=turn_id, asked_s=began_s)
            if await until(lambda talk=talk: bool(_understood(talk)), 10):  # type: ignore[misc]
                heard_s = _understood(talk)[0] / 1000 - time.time() + time.monotonic()
                await talk.over()
                return max(0.0, began_s - since_s) + max(0.0, heard_s - ended_s)
    return None


async def announces_again(home: Home, room: Room, since_s: float) -> float | None:
    """Return how long (s) after a time a room begins to say something that it says to its end."""
    entity = await _entity_of(home, room)
    while time.monotonic() - since_s < 30:
        if await home.house.state_of(entity) != "unavailable":
            known = len(room.notes)
            await home.house.post(
                "/api/services/assist_satellite/announce",
                {"entity_id": entity, "message": "Hi", "preannounce": False},
            )
            began_ms = [n["at_ms"] for n in room.notes[known:] if n["kind"] == "playback_started"]
            return began_ms[0] / 1000 - since_s if began_ms else None
        await asyncio.sleep(0.1)
    return None


async def begin_in(home: Home, room: Room) -> tuple[Talk, asyncio.Task[object]]:
    """Let somebody speak in a room; return the turn once it listens, and what goes on speaking."""
    await room.is_idle(30)
    known = len(room_turns(home))
    saying: asyncio.Task[object] = asyncio.create_task(room.say())
    await until(lambda: len(room_turns(home)) > known, 60)
    turn_id = room_turns(home)[-1]
    return Talk(home=home, turn_id=turn_id, asked_s=time.monotonic()), saying


def room_turns(home: Home) -> list[str]:
    """Return the turns of all satellites, in their order."""
    found: dict[str, None] = {}
    for heard in home.recorder.since(0):
        data = heard.envelope["data"]
        if heard.envelope["kind"] == "turn" and data.get("origin") == "satellite":
            found.setdefault(str(heard.envelope["turn_id"]))
    return list(found)


def _is_answered(talk: Talk) -> bool:
    """Return whether the whole answer stands there, or nothing more comes."""
    return "last one" in talk.shown or talk.state == "heard"


def _sounds(talk: Talk) -> bool:
    """Return whether the answer is heard, or nothing more comes."""
    return talk.first_sound_s is not None or talk.state == "heard"


def _understood(talk: Talk) -> list[float]:
    """Return when (ms since 1970) the words of a turn came for good."""
    return [
        one.at_ms
        for one in talk.heard
        if one.envelope["kind"] == "heard" and one.envelope["data"]["final"]
    ]


async def _entity_of(home: Home, room: Room) -> str:
    """Return a room's satellite in Home Assistant."""
    return next(
        str(one["entity_id"])
        for one in await home.house.get("/api/states")
        if one["entity_id"].startswith("assist_satellite.")
        and room.area.lower() in one["entity_id"]
    )
