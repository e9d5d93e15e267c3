"""The microphone of one run, and where the sound of a turn is."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from homeassistant.core import callback

from ..stage.clock import RemoteClock
from ..turns.turn import Precision, Turn

FIRST_SOUND_LIMIT_S = 5.0
LISTEN_LIMIT_S = 30.0
"""Core's own limits do not hold where the satellite ends the listening."""

type Microphone = asyncio.Queue[bytes | None]
"""Pieces of audio; None is the end."""


async def microphone(audio: Microphone) -> AsyncGenerator[bytes]:
    """Yield the microphone until the satellite ends it, or it takes too long."""
    loop = asyncio.get_running_loop()
    end = loop.time() + LISTEN_LIMIT_S
    while (left_s := end - loop.time()) > 0:
        try:
            async with asyncio.timeout(min(left_s, FIRST_SOUND_LIMIT_S)):
                chunk = await audio.get()
        except TimeoutError:
            return
        if chunk is None:
            return
        if chunk:
            yield chunk


@callback
def take_playback(turn: Turn, clock: RemoteClock, name: str, data: dict[str, Any]) -> None:
    """Put the place of a turn's sound on our clock; what makes no sense is dropped."""
    if not clock.known:
        return
    try:
        audio_ms = int(data.get("audio_ms", 0))
        at_epoch_ms = clock.ours(float(data["at_ms"]))
    except KeyError, TypeError, ValueError:
        return
    stopped = name == "playback-stopped"
    turn.sound_at(audio_ms, at_epoch_ms, playing=not stopped, precision=Precision.REPORTED)
    if stopped:
        turn.sound_stopped(audio_ms, complete=data.get("reason") == "finished")
