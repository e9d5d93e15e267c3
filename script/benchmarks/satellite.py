"""Measure the satellite: wake word to request, speech lost, wake rate, idle power, memory, start.

A microphone that plays the wake word and, without any pause, a ramp in which each 10 ms has a
number of its own: what is lost behind the wake word shows.
"""

import asyncio
from collections.abc import AsyncIterator
import contextlib
from dataclasses import dataclass
import json
import os
from pathlib import Path
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

import numpy as np
from wyoming.event import Event

from waifu_satellite.audio.wav import read_for_microphone, write_wav
from waifu_satellite.format import MIC_RATE_HZ
from waifu_satellite.wake.base import Wake
from waifu_satellite.wake.engines import make_engines
from waifu_satellite.wake.listener import WakeListener
from waifu_wire.frames import read_frame, write_frame

ENVIRONMENT = "satellite"
SATELLITE = Path(__file__).resolve().parents[2] / "satellite"
WORDS = {"openwakeword": "hey_jarvis", "microwakeword": "alexa"}
SPEAKERS = {
    "openwakeword": ("en-gb", "en-us", "en-gb+m3", "en-us+f2", "en-gb-scotland"),
    "microwakeword": ("en-gb", "en-us", "en-gb-scotland+f2", "en-us+f2", "en-gb-x-rp"),
}
ACCENTS = ("en-us", "en-gb", "en-gb-scotland", "en-029", "en-gb-x-rp", "en-gb-x-gbclan")
VARIANTS = ("", "+f1", "+f2", "+f3", "+f4", "+m1", "+m3", "+m5", "+m7")
RAMP_STEPS = 250
SPEED_WPM = 165
WARM_UP_S = 10.0
IDLE_S = float(os.environ.get("BENCH_IDLE_S", "60"))

type Samples = np.ndarray[Any, np.dtype[np.int16]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one wake word led to."""

    request_after_phrase_ms: float
    detection_to_request_ms: float
    lost_ms: float


def spoken(folder: Path, text: str, voice: str) -> Samples:
    """Return a text spoken by espeak-ng, without silence around it."""
    path = folder / "spoken.wav"
    command = ["espeak-ng", "-v", voice, "-s", str(SPEED_WPM), "-w", str(path), text]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    samples = np.frombuffer(read_for_microphone(path), dtype="<i2")
    loud = np.nonzero(np.abs(samples) > 0.005 * 32768)[0]
    trimmed = samples[loud[0] : loud[-1] + 1].astype(np.float64)
    return (trimmed * (16_000 / float(np.abs(trimmed).max()))).astype(np.int16)


def ramp() -> Samples:
    """Return the ramp."""
    samples = np.repeat(3000 + 8 * np.arange(RAMP_STEPS), MIC_RATE_HZ // 100).astype("<i2")
    samples[1::2] *= -1
    return samples


@contextlib.asynccontextmanager
async def satellite(folder: Path, engine: str) -> AsyncIterator[tuple[Any, int, float]]:
    """Run a satellite; give its process, its port and how long it took to listen (ms)."""
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
        yield process, port, (time.monotonic() - began_s) * 1000
    finally:
        process.terminate()
        await process.wait()


async def say(folder: Path, path: Path) -> float:
    """Play a WAV into the microphone; return when it began (ms)."""
    reader, writer = await asyncio.open_unix_connection(folder / "control.sock")
    writer.write(json.dumps({"do": "say", "file": str(path)}).encode() + b"\n")
    answer = json.loads(await reader.readline())
    writer.close()
    return float(answer["start_ms"])


async def one_turn(folder: Path, port: int, phrase: Samples) -> Turn | None:
    """Say the phrase and the ramp; None where the word was not heard."""
    path = folder / "turn.wav"
    # A second of faint noise: a room is never digitally silent.
    noise = np.random.default_rng(0).normal(0, 6, MIC_RATE_HZ).astype("<i2")
    write_wav(path, np.concatenate((noise, phrase, ramp())).tobytes(), MIC_RATE_HZ)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await write_frame(writer, Event(type="run-satellite"))
    await asyncio.sleep(1.0)
    saying = asyncio.create_task(say(folder, path))
    asked_ms = woke_ms = 0.0
    audio = b""
    try:
        async with asyncio.timeout(12):
            while (event := await read_frame(reader)) is not None and event.type != "audio-stop":
                if event.type == "run-pipeline":
                    asked_ms = time.monotonic() * 1000
                elif event.data.get("name") == "wake":
                    woke_ms = event.data["data"]["at_ms"]
                elif event.type == "audio-chunk":
                    audio += event.payload or b""
    except TimeoutError:
        return None
    finally:
        started_ms = await saying
        await write_frame(
            writer, Event(type="error", data={"text": "", "code": "stt-no-text-recognized"})
        )
        writer.close()
        await asyncio.sleep(0.2)
    numbers = np.abs(np.frombuffer(audio, dtype="<i2").astype(int))
    heard = np.unique(numbers[(numbers >= 3000) & (numbers % 8 == 0)])
    missing = np.setdiff1d(3000 + 8 * np.arange(RAMP_STEPS), heard)
    phrase_end_ms = started_ms + (len(noise) + len(phrase)) * 1000 / MIC_RATE_HZ
    return Turn(
        request_after_phrase_ms=asked_ms - phrase_end_ms,
        detection_to_request_ms=asked_ms - woke_ms,
        lost_ms=10.0 * len(missing),
    )


async def measure(folder: Path, engine: str) -> dict[str, float]:
    """Return the figures of one engine."""
    text = WORDS[engine].replace("_", " ")
    turns: list[Turn] = []
    async with satellite(folder, engine) as (process, port, start_ms):
        await asyncio.sleep(WARM_UP_S)
        before_s, began_s = cpu_s(process.pid), time.monotonic()
        await asyncio.sleep(IDLE_S)
        share = (cpu_s(process.pid) - before_s) / (time.monotonic() - began_s)
        for voice in SPEAKERS[engine]:
            turn = await one_turn(folder, port, spoken(folder, text, voice))
            turns += [turn] if turn else []
        memory_mb = rss_mb(process.pid)
    after = [turn.request_after_phrase_ms for turn in turns]
    figures = {
        "request_after_phrase_ms": statistics.median(after) if after else float("nan"),
        "speech_lost_ms": max((turn.lost_ms for turn in turns), default=float("nan")),
        "detection_to_request_p99_ms": max(
            (turn.detection_to_request_ms for turn in turns), default=float("nan")
        ),
        "turns_heard": float(len(turns)),
        "cpu_share": round(share, 4),
        "rss_mb": memory_mb,
        "start_ms": start_ms,
    }
    return {f"{key}_{engine}": round(value, 4) for key, value in figures.items()}


def wake_rate(folder: Path, snr_db: float | None) -> int:
    """Return in how many of 54 voices "hey jarvis" is heard, clean or over pink noise."""
    (engine,) = make_engines(("openwakeword:hey_jarvis",))
    rng = np.random.default_rng(1)
    heard = 0
    for voice in (accent + variant for accent in ACCENTS for variant in VARIANTS):
        phrase = spoken(folder, "hey jarvis", voice).astype(np.float64)
        quiet = np.zeros(3 * MIC_RATE_HZ)
        room = np.concatenate((quiet, phrase, quiet[: MIC_RATE_HZ * 3 // 2]))
        if snr_db is not None:
            noise = pink(len(room), rng)
            loudness = np.sqrt(np.mean(phrase**2) / np.mean(noise**2))
            room += noise * loudness * 10 ** (-snr_db / 20)
        wakes: list[Wake] = []
        listener = WakeListener(engine, wakes.append)
        pcm = room.clip(-32768, 32767).astype("<i2").tobytes()
        listener.feed(pcm, 1_000_000_000 + len(pcm) // 2)
        heard += bool(wakes)
    return heard


def pink(count: int, rng: np.random.Generator) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return pink noise."""
    spectrum = np.fft.rfft(rng.normal(size=count))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    spectrum[0] = 0
    return np.fft.irfft(spectrum, count)


def cpu_s(pid: int) -> float:
    """Return the processor time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss_mb(pid: int) -> float:
    """Return the memory of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def main() -> int:
    """Print a table; the last line is JSON."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for engine in WORDS:
            figures |= asyncio.run(measure(folder, engine))
        figures["wake_rate_clean_of_54"] = wake_rate(folder, None)
        figures["wake_rate_10_db_of_54"] = wake_rate(folder, 10.0)
    for key, value in figures.items():
        print(f"{key:<45} {value:>10}")
    print("Not measured on a Raspberry Pi")
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
