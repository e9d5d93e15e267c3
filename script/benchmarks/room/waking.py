"""Wake words in quick succession: enough of them for a percentile."""

import asyncio
from collections.abc import Sequence
import contextlib
from dataclasses import dataclass
import os

import numpy as np
from wyoming.event import Event

from waifu_satellite.format import MIC_RATE_HZ
from waifu_wire.frames import read_frame, write_frame

from .say import Say
from .voices import Samples

TIMES = int(os.environ.get("BENCH_WAKES", "100"))
BEFORE_S = 0.5
"""A room is never digitally silent, and the engines hear nothing within a second of a wake."""
LIMIT_S = 4.0
NOTHING_SAID = Event(type="error", data={"text": "", "code": "stt-no-text-recognized"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Woken:
    """What one wake word led to."""

    request_after_phrase_ms: float
    detection_to_request_ms: float


async def wake_often(port: int, speak: Say, phrases: Sequence[Samples]) -> list[Woken]:
    """Say the phrases in turn; each request is answered with "nothing was said"."""
    noise = np.random.default_rng(0).normal(0, 6, int(BEFORE_S * MIC_RATE_HZ)).astype("<i2")
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await write_frame(writer, Event(type="run-satellite"))
    await asyncio.sleep(1.0)
    found = []
    for number in range(TIMES):
        said = np.concatenate((noise, phrases[number % len(phrases)]))
        saying = asyncio.ensure_future(speak(said.tobytes()))
        asked = await _asked(reader)
        end_ms = await saying + len(said) * 1000 / MIC_RATE_HZ
        if asked is not None:
            asked_ms, woke_ms = asked
            found.append(
                Woken(
                    request_after_phrase_ms=asked_ms - end_ms,
                    detection_to_request_ms=asked_ms - woke_ms,
                )
            )
        await write_frame(writer, NOTHING_SAID)
    writer.close()
    return found


async def _asked(reader: asyncio.StreamReader) -> tuple[float, float] | None:
    """Return when a run was asked for and when its wake word was recognised (ms)."""
    woke_ms = 0.0
    loop = asyncio.get_running_loop()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LIMIT_S):
            while (event := await read_frame(reader)) is not None:
                if event.data.get("name") == "wake":
                    woke_ms = float(event.data["data"]["at_ms"])
                elif event.type == "run-pipeline":
                    return loop.time() * 1000, woke_ms
    return None
