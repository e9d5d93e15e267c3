"""How soon after its end an utterance is understood, ours beside wyoming-faster-whisper's."""

from pathlib import Path
import shutil
import subprocess
import tempfile
import wave

import numpy as np
from toy_whisper import WORDS, make_whisper, sung

from .client import RATE_HZ, transcript
from .servers import RivalError, Running
from .table import Figures, Repeating, ratio, show
from .whisper_cost import SIZES

RIVAL = "wyoming-faster-whisper"
MODEL = "faster-whisper-toy"
BEAM = 3
SECONDS = (2, 5, 10)
SILENCES_S = (0.5, 0.0)
# What a sentence of this length and more is held to.
LONG_S = 5


def make_toy_model(folder: Path) -> Path:
    """Write the model that both hear with, of the dimensions of Whisper tiny; return its folder."""
    layers, width, _ = SIZES["tiny"]
    return make_whisper(folder / MODEL, layers=layers, width=width, quantization="int8")


async def warm_up(server: Running) -> None:
    """Let a server load what it needs; raise OSError or TimeoutError where it does not answer."""
    text, _ = await transcript(server.port, utterance(2, 0.5, _voice()))
    if not text:
        raise ConnectionError("no text came")


async def measure(mine: Running, theirs: Running | None, times: int) -> Figures:
    """Print and return how soon they have understood; ratios only where there is another one."""
    servers = [server for server in (theirs, mine) if server is not None]
    voice = _voice()
    before_s = {server.name: server.cpu_s() for server in servers}
    wrong = {server.name: 0 for server in servers}
    after_s: dict[str, dict[str, float]] = {}
    await warm_up(mine)
    repeating = {server.name: Repeating(times) for server in servers}
    for silence_s in SILENCES_S:
        for seconds in SECONDS:
            sound, wanted = utterance(seconds, silence_s, voice), " ".join(_words(seconds))
            rows = {}
            for server in servers:

                async def ask(server: Running = server) -> float:
                    text, took_s = await transcript(server.port, sound)  # noqa: B023 - awaited before the next
                    wrong[server.name] += text.strip() != wanted  # noqa: B023 - likewise
                    return took_s

                rows[server.name] = await repeating[server.name].median(ask)
            show(
                f"{seconds} s, then {silence_s} s of silence",
                ("text after the end",),
                {name: [took_s] for name, took_s in rows.items()},
            )
            after_s[f"{seconds}s" + ("" if silence_s else "_no_silence")] = rows
    for name, count in wrong.items():
        print(f"{name:<28} {count} texts wrong")
    figures = _figures(mine.name, theirs and theirs.name, after_s)
    figures["transcripts_wrong"] = wrong[mine.name]
    figures["stt_cpu_s"] = mine.cpu_s() - before_s[mine.name]
    if theirs is not None:
        figures["rival_stt_cpu_s"] = theirs.cpu_s() - before_s[theirs.name]
    return figures


def _figures(mine: str, theirs: str | None, after_s: dict[str, dict[str, float]]) -> Figures:
    """Return times and ratios of all utterances, and the worst of the long ones."""
    figures = {f"transcript_ms_{name}": rows[mine] * 1000 for name, rows in after_s.items()}
    if theirs is None:
        return figures
    ratios = {name: ratio(rows[mine], rows[theirs]) for name, rows in after_s.items()}
    figures |= {f"transcript_ratio_{name}": value for name, value in ratios.items()}
    long = [ratios[f"{seconds}s"] for seconds in SECONDS if seconds >= LONG_S]
    figures["transcript_after_speech_ratio"] = max(long)
    return figures


def utterance(seconds: float, silence_s: float, voice: np.ndarray) -> np.ndarray:
    """Return the toy's words over a real voice, and a quiet end."""
    quiet = np.random.default_rng(2).normal(0, 20, int(silence_s * RATE_HZ)).astype(np.int16)
    return np.concatenate([sung(_words(seconds), seconds, voice), quiet])


def _words(seconds: float) -> list[str]:
    """Return what is said in so much time."""
    return WORDS[: max(3, int(seconds))]


def _voice() -> np.ndarray:
    """Return a real voice without its margins, 16 kHz."""
    flite = shutil.which("flite")
    if flite is None:
        raise RivalError("flite is not installed: sudo apt install flite")
    text = "we were away a year ago and now we really know where all the yellow lamps are"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "voice.wav"
        subprocess.run([flite, "-voice", "slt", "-t", text, "-o", str(path)], check=True)
        with wave.open(str(path)) as file:
            return np.frombuffer(file.readframes(file.getnframes()), np.int16)[3000:-6000]
