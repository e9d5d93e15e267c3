"""Measure the speech server beside wyoming-piper and wyoming-faster-whisper: `script/bench speech [--quick]`.

Both sides speak with the same toy voice and hear with the same toy model, made here, in one run. The
voice has the cost of a real one, the model the dimensions of Whisper tiny; what they say is known.
"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
import json
from pathlib import Path
import shutil
import statistics
import subprocess
import sys
import tempfile
import wave

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "satellite" / "speech"))

from toy_piper import make_voice
from toy_whisper import WORDS, make_whisper, sung
from wire.client import RATE_HZ, second_client, speak, speak_stream, transcript
from wire.servers import RivalError, Running, ours, rival, version
from wire.whisper_cost import SIZES, cost_s

ENVIRONMENT = "satellite"
VOICE = "en_US-toy-medium"
# About a tenth of the sound's length on one core, as a medium voice of Piper has.
VOICE_BURDEN = 60
BEAM = 3
REPLY = (
    "Good morning, I have opened the blinds for you. It will be a sunny day, but the evening may be"
    " cold. Shall I put the heating on before you come home?"
)
LONG = (
    "Once upon a time there was a small robot who lived in a big house near the sea. Every morning"
    " she opened the windows and listened to the waves. She knew the names of all the birds. One day"
    " a storm came, and the lights went out in the whole town. The robot lit a candle and told"
    " stories until the sun came back. Nobody was afraid that night. "
) * 2
SHORT = "Yes, I am here."
SECONDS = (2, 5, 10)
TARGETS = {
    "first_audio_ratio": 0.8,
    "second_client_wait_ratio": 0.3,
    "transcript_after_speech_ratio": 0.5,
}

type Figures = dict[str, float]


def utterance(seconds: float, silence_s: float) -> np.ndarray:
    """Return the toy's words over a real voice, and a quiet end."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "voice.wav"
        flite = shutil.which("flite")
        if flite is None:
            raise RivalError("flite is not installed: sudo apt install flite")
        text = "we were away a year ago and now we really know where all the yellow lamps are"
        subprocess.run([flite, "-voice", "slt", "-t", text, "-o", str(path)], check=True)
        with wave.open(str(path)) as file:
            voice = np.frombuffer(file.readframes(file.getnframes()), np.int16)[3000:-6000]
    words = WORDS[: max(3, int(seconds))]
    quiet = np.random.default_rng(2).normal(0, 20, int(silence_s * RATE_HZ)).astype(np.int16)
    return np.concatenate([sung(words, seconds, voice), quiet])


async def median_of(times: int, ask: Callable[[], Awaitable[float]]) -> float:
    """Return the median of some runs."""
    return statistics.median([await ask() for _ in range(times)])


async def measure_voice(mine: Running, theirs: Running, times: int) -> Figures:
    """Print and return how soon both speak."""
    rows: dict[str, list[float]] = {}
    cpu: list[float] = []
    for server in (theirs, mine):
        await speak(server.port, REPLY)
        before_s = server.cpu_s()
        first, total = [], []
        for _ in range(times):
            spoken = await speak_stream(server.port, REPLY)
            first.append(spoken.first_s)
            total.append(spoken.total_s)
        cpu.append(server.cpu_s() - before_s)
        # A first pair of clients starts whatever the server keeps for two.
        await second_client(server.port, LONG, SHORT)
        port = server.port
        wait_s = await median_of(times, lambda: second_client(port, LONG, SHORT))  # noqa: B023 - awaited before the next
        rows[server.name] = [statistics.median(first), statistics.median(total), wait_s]
    show("speaking", ("first sound", "whole reply", "second client"), rows)
    theirs_s, mine_s = rows[theirs.name], rows[mine.name]
    return {
        "first_audio_ratio": mine_s[0] / theirs_s[0],
        "total_ratio": mine_s[1] / theirs_s[1],
        "second_client_wait_ratio": mine_s[2] / theirs_s[2],
        "first_audio_ms": mine_s[0] * 1000,
        "second_client_wait_ms": mine_s[2] * 1000,
        "tts_cpu_ratio": cpu[1] / max(0.01, cpu[0]),
        "_cpu_theirs": cpu[0],
        "_cpu_mine": cpu[1],
    }


async def measure_ears(mine: Running, theirs: Running, times: int) -> Figures:
    """Print and return how soon both have understood."""
    figures: Figures = {}
    cpu = {theirs.name: 0.0, mine.name: 0.0}
    wrong: dict[str, int] = {theirs.name: 0, mine.name: 0}
    for server in (theirs, mine):
        await transcript(server.port, utterance(2, 0.5))
    for silence_s in (0.5, 0.0):
        for seconds in SECONDS:
            sound = utterance(seconds, silence_s)
            wanted = " ".join(WORDS[: max(3, int(seconds))])
            rows = {}
            for server in (theirs, mine):
                before_s = server.cpu_s()
                found = [await transcript(server.port, sound) for _ in range(times)]
                cpu[server.name] += server.cpu_s() - before_s
                wrong[server.name] += sum(text.strip() != wanted for text, _ in found)
                rows[server.name] = [statistics.median(after_s for _, after_s in found)]
            name = f"{seconds}s" + ("" if silence_s else "_no_silence")
            show(f"{seconds} s, then {silence_s} s of silence", ("text after the end",), rows)
            figures[f"transcript_ratio_{name}"] = rows[mine.name][0] / rows[theirs.name][0]
            figures[f"transcript_ms_{name}"] = rows[mine.name][0] * 1000
    for name, count in wrong.items():
        print(f"{name:<28} {count} of {times * 2 * len(SECONDS)} texts wrong")
    figures["transcripts_wrong"] = wrong[mine.name]
    figures["transcript_after_speech_ratio"] = max(
        figures[f"transcript_ratio_{seconds}s"] for seconds in SECONDS if seconds >= 5
    )
    figures["stt_cpu_ratio"] = cpu[mine.name] / max(0.01, cpu[theirs.name])
    figures["_cpu_theirs"], figures["_cpu_mine"] = cpu[theirs.name], cpu[mine.name]
    return figures


def show(what: str, columns: tuple[str, ...], rows: dict[str, list[float]]) -> None:
    """Print times (ms) of both beside each other."""
    print(f"{what:<28} " + " ".join(f"{column:>18}" for column in columns))
    for name, values in rows.items():
        print(f"  {name:<26} " + " ".join(f"{value * 1000:>15.0f} ms" for value in values))


async def side_by_side(folder: Path, times: int) -> Figures:
    """Run all servers and return the figures of both halves."""
    make_voice(folder / f"{VOICE}.onnx", burden=VOICE_BURDEN)
    layers, width, _ = SIZES["tiny"]
    model = make_whisper(
        folder / "faster-whisper-toy", layers=layers, width=width, quantization="int8"
    )
    with ExitStack() as stack:
        mine = stack.enter_context(ours(folder, "--tts", f"piper:{VOICE}"))
        arguments = ("--voice", VOICE, "--data-dir", str(folder))
        piper = stack.enter_context(rival("wyoming-piper", *arguments))
        print(f"wyoming-piper {version('wyoming-piper')}")
        figures = await measure_voice(mine, piper, times)
        rss = {piper.name: piper.rss_mb()}
        arguments = ("--model", str(model), "--data-dir", str(folder), "--language", "en")
        whisper = stack.enter_context(
            rival("wyoming-faster-whisper", *arguments, "--beam-size", str(BEAM), extra=["av<19"])
        )
        print(f"wyoming-faster-whisper {version('wyoming-faster-whisper')}, av<19")
        heard = await measure_ears(mine, whisper, times)
        rss |= {whisper.name: whisper.rss_mb(), mine.name: mine.rss_mb()}
    for name, value in rss.items():
        print(f"{name:<28} {value:>6.0f} MB")
    theirs_s = figures.pop("_cpu_theirs") + heard.pop("_cpu_theirs")
    mine_s = figures.pop("_cpu_mine") + heard.pop("_cpu_mine")
    print(f"processor time: {mine_s:.1f} s, theirs {theirs_s:.1f} s")
    return {
        **figures,
        **heard,
        "cpu_ratio": mine_s / max(0.01, theirs_s),
        "rss_mb": rss[mine.name],
        "rivals_rss_mb": rss[piper.name] + rss[whisper.name],
    }


def whisper_costs(folder: Path) -> Figures:
    """Print and return what Whisper's real dimensions cost here."""
    figures = {}
    for name in SIZES:
        encode_s, write_s = cost_s(folder / "chance", name)
        print(
            f"whisper {name}, int8, two threads: {encode_s:.2f} s to hear, {write_s:.2f} s to write"
        )
        figures[f"whisper_{name}_s"] = encode_s + write_s
    return figures


def main(words: list[str]) -> int:
    """Print the figures; the last line is JSON."""
    parser = argparse.ArgumentParser(prog="script/bench speech", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one run of each instead of three")
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        try:
            times = 1 if options.quick else 3
            figures = asyncio.run(side_by_side(Path(folder), times))
        except RivalError as err:
            print(f"error: {err}", file=sys.stderr)
            return 2
        figures |= whisper_costs(Path(folder))
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))
    missed = [name for name, most in TARGETS.items() if figures.get(name, 0.0) > most]
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
