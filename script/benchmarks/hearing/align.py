"""How near the times of aligned and estimated voices are to those that the voice itself tells."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
import re
import shutil
import statistics
import subprocess
import tempfile
from typing import Final
import wave

import pure_parts

pure_parts.load()

from waifu_rt3d.stage.estimating import estimate_marks, heard_runs  # type: ignore[import-not-found]  # noqa: E402 - made above

from waifu_speech.errors import NotAlignedError  # noqa: E402 - as above
from waifu_speech.stt.aligner import Aligner  # noqa: E402 - as above
from waifu_speech.stt.pronounce import Pronouncer  # noqa: E402 - as above
from waifu_speech.stt.sphinx import DICTIONARY  # noqa: E402 - as above
from waifu_speech.tts.arpabet import ARPABET_TO_IPA  # noqa: E402 - as above

VOICES: Final = ("slt", "rms", "awb")
SENTENCES: Final = Path(__file__).with_name("sentences.txt")
TARGETS_LEAST: Final = {"aligned_20ms_share": 0.80, "aligned_50ms_share": 0.97}
TARGETS_MOST: Final = {"estimated_onset_p50_ms": 80.0}
_PHONE: Final = re.compile(r"(\w+):([\d.]+)")
_VOWELS: Final = frozenset("aeiouyæɑɐɒɔəɚɛɜɪʊʌø")
_MISSED_MS: Final = 1000.0

type Start = tuple[str, float]
"""A sound, IPA, and when it begins (ms)."""


def measure(file: Path | None = None) -> dict[str, float]:
    """Print a table and return the shares over all voices; the sentences may be others."""
    texts = (file or SENTENCES).read_text(encoding="utf-8").split("\n")
    texts = [text for text in texts if text.strip()]
    errors: dict[str, list[float]] = {"exact": [], "aligned": [], "estimated": []}
    print(
        f"{len(texts)} sentences, truth: flite -psdur; a sound without a partner counts as missed"
    )
    print(f"{'':<28} {'within 20 ms':>14} {'within 50 ms':>14} {'median':>10} {'90 %':>10}")
    for voice in VOICES:
        found = _voice_errors(voice, texts)
        for source, values in found.items():
            errors[source] += values
            _print_row(f"{voice} {source}", values)
    figures: dict[str, float] = {}
    for source, values in errors.items():
        _print_row(f"all {source}", values)
        figures[f"{source}_20ms_share"] = _within(values, 20)
        figures[f"{source}_50ms_share"] = _within(values, 50)
        figures[f"{source}_onset_p50_ms"] = statistics.median(values)
    return figures


def _voice_errors(voice: str, texts: Sequence[str]) -> dict[str, list[float]]:
    """Return the errors (ms) of each sound in one voice by how its time was found."""
    aligner = Aligner(Pronouncer(DICTIONARY))
    errors: dict[str, list[float]] = {"exact": [], "aligned": [], "estimated": []}
    refused = 0
    # flite's and Sphinx's libraries share names of functions: one process holds only one of them.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as engine:
        told = engine.submit(_told_by_engine, voice, tuple(texts)).result()
    for text, own in zip(texts, told, strict=True):
        pcm, rate_hz, truth = _said(voice, text)
        # Our own engine cuts the silence before the first sound away.
        cut_ms = statistics.median(b - a for (_, a), (_, b) in zip(own, truth, strict=False))
        errors["exact"] += compared(truth, [(name, at + cut_ms) for name, at in own])
        try:
            marks = aligner.align(text, pcm, rate_hz)
        except NotAlignedError:
            refused += 1
            errors["aligned"] += [_MISSED_MS] * len(truth)
        else:
            errors["aligned"] += compared(truth, _starts(marks))
        length_ms = len(pcm) // 2 * 1000 // rate_hz
        guess = estimate_marks(text, 0, 0, length_ms, runs=heard_runs(pcm, rate_hz))
        errors["estimated"] += compared(truth, _starts(guess.marks))
    if refused:
        print(f"{voice}: {refused} of {len(texts)} sentences were not aligned")
    return errors


def _starts(marks: Iterable[object]) -> list[Start]:
    """Return when each sound begins."""
    rows = [(str(mark.phoneme), float(mark.start_ms)) for mark in marks]  # type: ignore[attr-defined]  # marks of either side
    return [row for row in rows if row[0]]


def _told_by_engine(voice: str, texts: tuple[str, ...]) -> list[list[Start]]:
    """Return what our flite engine tells of each sentence."""
    from waifu_speech.tts.flite import FliteEngine  # noqa: PLC0415 - in a process of its own

    engine = FliteEngine()
    return [_starts(engine.speak(text, voice).marks) for text in texts]


def _said(voice: str, text: str) -> tuple[bytes, int, list[Start]]:
    """Return what flite says, its rate, and when each of its phones begins."""
    flite = shutil.which("flite")
    if flite is None:
        raise OSError("flite is not installed: sudo apt install flite")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        command = [flite, "-voice", voice, "-psdur", "-t", text, "-o", str(path)]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        with wave.open(str(path)) as file:
            pcm, rate_hz = file.readframes(file.getnframes()), file.getframerate()
    starts, last_ms = [], 0.0
    for name, end in _PHONE.findall(told):
        if name != "pau":
            starts.append((ARPABET_TO_IPA.get(name, name), last_ms))
        last_ms = float(end) * 1000
    return pcm, rate_hz, starts


def compared(truth: Sequence[Start], found: Sequence[Start]) -> list[float]:
    """Return for each true sound how far (ms) the start of its partner is off.

    Partners are found by their order and likeness alone, never by their times.
    """
    costs = [[float(column) for column in range(len(found) + 1)]]
    for row, (name, _) in enumerate(truth, start=1):
        line = [float(row)]
        for column, (other, _) in enumerate(found, start=1):
            line.append(
                min(
                    costs[row - 1][column] + 1,
                    line[-1] + 1,
                    costs[row - 1][column - 1] + _unlike(name, other),
                )
            )
        costs.append(line)
    errors = []
    row, column = len(truth), len(found)
    while row:
        here = costs[row][column]
        if (
            column
            and abs(
                here - costs[row - 1][column - 1] - _unlike(truth[row - 1][0], found[column - 1][0])
            )
            < 1e-9
        ):
            row, column = row - 1, column - 1
            errors.append(abs(found[column][1] - truth[row][1]))
        elif column and abs(here - costs[row][column - 1] - 1) < 1e-9:
            column -= 1
        else:
            row -= 1
            errors.append(_MISSED_MS)
    return errors


def _unlike(name: str, other: str) -> float:
    """Return how unlike two sounds are: 0 to just below what two gaps cost."""
    if name == other:
        return 0.0
    return 0.4 if (name[0] in _VOWELS) == (other[0] in _VOWELS) else 0.9


def _within(values: Sequence[float], limit_ms: float) -> float:
    """Return the share of errors up to a limit."""
    return sum(value <= limit_ms for value in values) / max(1, len(values))


def _print_row(name: str, values: Sequence[float]) -> None:
    """Print one line of the table."""
    ordered = sorted(values)
    print(
        f"{name:<28} {_within(values, 20):>14.3f} {_within(values, 50):>14.3f}"
        f" {statistics.median(values):>7.0f} ms {ordered[int(len(ordered) * 0.9)]:>7.0f} ms"
    )
