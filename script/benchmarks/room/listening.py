"""Wake word to request, speech lost, idle power, memory, start: of our satellite and of the rival."""

import asyncio
from collections.abc import AsyncIterator
import contextlib
from dataclasses import dataclass
import json
import os
from pathlib import Path
import statistics
import sys
import time

import numpy as np
from wyoming.event import Event

from waifu_satellite.audio.wav import write_wav
from waifu_satellite.format import MIC_RATE_HZ
from waifu_wire.frames import read_frame, write_frame

from .process import cpu_s, rss_mb
from .rival import Rival, rival
from .say import Say
from .voices import Samples, ramp, ramp_lost_ms, spoken
from .wake import WAKE_WORDS as WORDS
from .waking import TIMES, wake_often

SATELLITE = Path(__file__).resolve().parents[3] / "satellite"
SPEAKERS = {
    "openwakeword": ("en-gb", "en-us", "en-gb+m3", "en-us+f2", "en-gb-scotland"),
    "microwakeword": ("en-gb", "en-us", "en-gb-scotland+f2", "en-us+f2", "en-gb-x-rp"),
}
WARM_UP_S = 10.0
IDLE_S = float(os.environ.get("BENCH_IDLE_S", "60"))
TURN_LIMIT_S = 12.0
STREAM_S = 4.5
"""Long enough for the whole ramp, where the satellite does not end the stream itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one wake word led to."""

    request_after_phrase_ms: float
    lost_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """Our satellite, running."""

    folder: Path
    engine: str
    port: int
    pids: tuple[int, ...]
    start_ms: float

    async def say(self, pcm: bytes) -> float:
        """Play samples into the microphone; return when they began (ms)."""
        path = self.folder / "turn.wav"
        write_wav(path, pcm, MIC_RATE_HZ)
        reader, writer = await asyncio.open_unix_connection(self.folder / "control.sock")
        writer.write(json.dumps({"do": "say", "file": str(path)}).encode() + b"\n")
        answer = json.loads(await reader.readline())
        writer.close()
        return float(answer["start_ms"])


@contextlib.asynccontextmanager
async def satellite(folder: Path, engine: str) -> AsyncIterator[Ours]:
    """Run our satellite, ready to be spoken to."""
    began_s = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "waifu_satellite", "run", "--uri", "tcp://127.0.0.1:0"),
        *("--plain", "--no-announce", "--mic", "null", "--speaker", "null"),
        *("--state-dir", str(folder), "--wake", f"{engine}:{WORDS[engine]}"),
        cwd=SATELLITE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        port = int((await process.stdout.readline()).decode().rpartition(":")[2])
        start_ms = (time.monotonic() - began_s) * 1000
        yield Ours(folder=folder, engine=engine, port=port, pids=(process.pid,), start_ms=start_ms)
    finally:
        process.terminate()
        await process.wait()


async def one_turn(port: int, speak: Say, phrase: Samples) -> Turn | None:
    """Say the phrase and the ramp; None where the word was not heard."""
    # A second of faint noise: a room is never digitally silent.
    noise = np.random.default_rng(0).normal(0, 6, MIC_RATE_HZ).astype("<i2")
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await write_frame(writer, Event(type="run-satellite"))
    await asyncio.sleep(1.0)
    saying = asyncio.ensure_future(speak(np.concatenate((noise, phrase, ramp())).tobytes()))
    asked_ms, audio = await _follow(reader)
    started_ms = await saying
    for event in (
        Event(type="voice-stopped", data={}),
        Event(type="transcript", data={"text": ""}),
        Event(type="error", data={"text": "", "code": "stt-no-text-recognized"}),
    ):
        with contextlib.suppress(ConnectionError):
            await write_frame(writer, event)
    writer.close()
    await asyncio.sleep(0.5)
    if asked_ms is None:
        return None
    phrase_end_ms = started_ms + (len(noise) + len(phrase)) * 1000 / MIC_RATE_HZ
    return Turn(
        request_after_phrase_ms=asked_ms - phrase_end_ms,
        lost_ms=ramp_lost_ms(audio),
    )


async def _follow(reader: asyncio.StreamReader) -> tuple[float | None, bytes]:
    """Return when the run was asked for, and what was streamed."""
    asked_ms = None
    audio = b""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(TURN_LIMIT_S) as limit:
            while (event := await read_frame(reader)) is not None and event.type != "audio-stop":
                if event.type == "run-pipeline" and asked_ms is None:
                    asked_ms = time.monotonic() * 1000
                    limit.reschedule(asyncio.get_running_loop().time() + STREAM_S)
                elif event.type == "audio-chunk" and asked_ms is not None:
                    audio += event.payload or b""
    return asked_ms, audio


async def measure(folder: Path) -> dict[str, float]:
    """Return the figures of each engine of ours: they start in turn and are measured at once."""
    async with contextlib.AsyncExitStack() as stack:
        running = []
        for engine in WORDS:
            own = folder / engine
            own.mkdir(parents=True)
            running.append(await stack.enter_async_context(satellite(own, engine)))
        measured = await asyncio.gather(*(_measure_one(each) for each in running))
    return {key: value for figures in measured for key, value in figures.items()}


async def _measure_one(ours: Ours) -> dict[str, float]:
    """Return the figures of one engine."""
    figures = await _figures(ours.folder, ours.pids, ours.port, speak=ours.say, engine=ours.engine)
    figures |= await _wake_figures(ours.folder, ours.port, ours.say, ours.engine)
    figures["rss_mb"] = rss_mb(ours.pids)
    figures["start_ms"] = ours.start_ms
    return {f"{key}_{ours.engine}": round(value, 4) for key, value in figures.items()}


async def measure_rival(folder: Path) -> dict[str, float]:
    """Return the figures of the rival, its two processes together."""
    async with rival(folder, WORDS["openwakeword"]) as running:
        figures = await _rival_figures(folder, running)
    return {f"rival_{key}": round(value, 4) for key, value in figures.items()}


async def _rival_figures(folder: Path, running: Rival) -> dict[str, float]:
    """Return what the rival does and costs; it tells no time of its detection."""
    # It listens only for who has connected.
    _, writer = await asyncio.open_connection("127.0.0.1", running.port)
    await write_frame(writer, Event(type="run-satellite"))
    return await _figures(
        folder, running.pids, running.port, speak=running.say, engine="openwakeword", idle=writer
    )


async def _wake_figures(folder: Path, port: int, speak: Say, engine: str) -> dict[str, float]:
    """Return how soon a wake word leads to a request, over many of them."""
    phrases = await asyncio.to_thread(_phrases, folder, engine)
    woken = await wake_often(port, speak, phrases)
    if not woken:
        return {"wakes_said": float(TIMES), "wakes_missed": float(TIMES)}
    after = [each.request_after_phrase_ms for each in woken]
    took = [each.detection_to_request_ms for each in woken]
    return {
        "request_after_phrase_ms": statistics.median(after),
        "detection_to_request_p50_ms": statistics.median(took),
        "detection_to_request_p99_ms": float(np.percentile(took, 99)),
        "wakes_said": float(TIMES),
        "wakes_missed": float(TIMES - len(woken)),
    }


async def _figures(
    folder: Path,
    pids: tuple[int, ...],
    port: int,
    *,
    speak: Say,
    engine: str,
    idle: asyncio.StreamWriter | None = None,
) -> dict[str, float]:
    """Return what a satellite costs while nobody speaks, and how it takes five wake words."""
    await asyncio.sleep(WARM_UP_S)
    before_s, began_s = cpu_s(pids), time.monotonic()
    await asyncio.sleep(IDLE_S)
    share = (cpu_s(pids) - before_s) / (time.monotonic() - began_s)
    if idle is not None:
        idle.close()
        await asyncio.sleep(0.5)
    turns = []
    for phrase in await asyncio.to_thread(_phrases, folder, engine):
        turn = await one_turn(port, speak, phrase)
        turns += [turn] if turn else []
    after = [turn.request_after_phrase_ms for turn in turns]
    return {
        "request_after_phrase_ms": statistics.median(after) if after else float("nan"),
        "speech_lost_ms": max((turn.lost_ms for turn in turns), default=float("nan")),
        "turns_heard": float(len(turns)),
        "cpu_share": share,
        "rss_mb": rss_mb(pids),
    }


def _phrases(folder: Path, engine: str) -> list[Samples]:
    """Return the wake word by each speaker."""
    text = WORDS[engine].replace("_", " ")
    return [spoken(folder, text, voice) for voice in SPEAKERS[engine]]
