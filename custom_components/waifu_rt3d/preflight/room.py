"""Try a satellite's microphone and loudspeaker: it plays a short sound and must hear itself."""

import asyncio
from typing import Final

from ..room.room import Room
from ..room.sound_test import SoundTest
from .finding import State

type Judged = tuple[State, str, dict[str, str]]

ANSWER_LIMIT_S: Final = 8.0
"""It hears the room for half a second, plays, and listens on; an older one never answers."""
SILENT_DB: Final = -85.0
"""Every real microphone hears more than that, even in a quiet night."""
NOISY_DB: Final = -30.0
TOO_LOUD_DB: Final = -9.0
FAINT_DB: Final = -52.0
HEARD_MATCH: Final = 0.2
"""Noise alone comes to a tenth of that; a loudspeaker in a room with echo to twice and more."""
_UNFIT: Final = {
    "muted": (State.RED, "room_muted"),
    "deaf": (State.RED, "room_deaf"),
    "busy": (State.AMBER, "room_busy"),
}


async def try_room(room: Room) -> Judged:
    """Let a connected satellite hear itself, and judge what it heard. Raises HomeAssistantError."""
    heard = await _async_heard(room)
    if heard is None:
        return State.AMBER, "room_connected", {"state": room.state}
    return judge(heard)


async def _async_heard(room: Room) -> SoundTest | None:
    """Let a satellite play and hear a short sound; None where it does not know how to.

    Raises HomeAssistantError when it is not there.
    """
    answered = asyncio.Event()
    before = room.sound_test
    stop_listening = room.on_change(
        lambda: answered.set() if room.sound_test is not before else None
    )
    try:
        await room.async_send("sound-test")
        async with asyncio.timeout(ANSWER_LIMIT_S):
            await answered.wait()
    except TimeoutError:
        return None
    finally:
        stop_listening()
    return room.sound_test


def judge(heard: SoundTest) -> Judged:
    """Return the light for what a satellite heard of itself."""
    if heard.state in _UNFIT:
        return *_UNFIT[heard.state], {}
    values = {
        "noise": f"{heard.noise_db:.0f}",
        "level": f"{heard.level_db:.0f}",
        "ms": f"{heard.delay_ms:.0f}",
    }
    if heard.match >= HEARD_MATCH:
        return *_loudness(heard), values
    if not heard.device:
        return State.AMBER, "room_file", {}
    if heard.noise_db < SILENT_DB:
        return State.RED, "room_silent", values
    return State.AMBER, "room_not_heard", values


def _loudness(heard: SoundTest) -> tuple[State, str]:
    """Return whether what it hears is loud enough and not too loud."""
    if heard.level_db > TOO_LOUD_DB:
        return State.AMBER, "room_too_loud"
    if heard.noise_db > NOISY_DB:
        return State.AMBER, "room_noisy"
    if heard.level_db < FAINT_DB:
        return State.AMBER, "room_faint"
    return State.GREEN, "room_hears_itself"
