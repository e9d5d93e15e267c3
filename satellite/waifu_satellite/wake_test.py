"""Show how sure the wake engine is of a recording, or of what is said now."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from .audio.devices import open_microphone
from .audio.paced import PacedMicrophone
from .audio.wav import read_for_microphone
from .clock import LoopClock
from .config import Config
from .format import MIC_RATE_HZ, SAMPLE_BYTES
from .hearing.vad import loudness_db
from .wake.base import Score, Wake, WakeError
from .wake.catalogue import catalogue, known_as
from .wake.engines import REMOTE, make_engines
from .wake.words import Chosen, WakeWords

LIVE_S: Final = 30.0
LEAD_S: Final = 2.0


def try_file(config: Config, path: Path) -> Iterator[str]:
    """Yield lines about each wake word in a WAV file."""
    words = _words(config)
    pcm = read_for_microphone(path)
    best: dict[str, float] = {word.name: 0.0 for word in words.active}
    wakes: list[Wake] = []
    words.on_wake = wakes.append
    words.on_scores = lambda scores: _keep_best(best, scores)
    # Silence before and after: the engine needs some to begin with, and looks a little later.
    lead = bytes(round(LEAD_S * MIC_RATE_HZ) * SAMPLE_BYTES)
    words.feed(lead + pcm + lead, (2 * len(lead) + len(pcm)) // SAMPLE_BYTES)
    for wake in wakes:
        at_s = wake.at_sample / MIC_RATE_HZ - LEAD_S
        yield f"{wake.word.phrase}: heard at {at_s:.2f} s, score {wake.score:.2f}"
    for word in words.active:
        threshold = words.threshold(word.name)
        yield (
            f"{word.name}: best score {best[word.name]:.2f}, threshold {threshold:.2f} "
            f"({word.engine}, licence {word.licence})"
        )
    if not wakes:
        yield "No wake word was heard"


async def try_live(config: Config) -> None:
    """Print the level and the best score of each second of the microphone."""
    words = _words(config)
    microphone = open_microphone(config.mic, LoopClock())
    if isinstance(microphone, PacedMicrophone):
        raise WakeError("A file microphone says nothing by itself; give the file instead")
    best: dict[str, float] = {}
    words.on_wake = lambda wake: print(f"  heard {wake.word.phrase}")  # noqa: T201 - a terminal program
    words.on_scores = lambda scores: _keep_best(best, scores)
    second = bytearray()
    heard = 0

    def take(pcm: bytes, _at_ms: float) -> None:
        nonlocal heard
        heard += len(pcm) // SAMPLE_BYTES
        words.feed(pcm, heard)
        second.extend(pcm)
        if len(second) >= MIC_RATE_HZ * SAMPLE_BYTES:
            scores = ", ".join(f"{name} {value:.2f}" for name, value in best.items())
            print(f"{loudness_db(bytes(second)):6.1f} dB   {scores}", flush=True)  # noqa: T201 - a terminal program
            second.clear()
            best.clear()

    try:
        async with asyncio.timeout(LIVE_S):
            await microphone.run(take)
    except TimeoutError:
        pass


def _words(config: Config) -> WakeWords:
    """Return the configured words, listening."""
    known = catalogue(config.wake, Path(config.wake_models or "wake-words"))
    names = tuple(known_as(spec, known) for spec in config.wake if spec != "none")
    if not names:
        raise WakeError("The configuration has no wake word")
    if any(known[name].engine == REMOTE for name in names):
        raise WakeError("A remote wake word is tried where its service runs")
    thresholds = dict.fromkeys(names, config.threshold) if config.threshold else {}
    words = WakeWords(known, Chosen(names=names, thresholds=thresholds))
    words.start(make_engines(tuple(word.spec for word in words.active)))
    return words


def _keep_best(best: dict[str, float], scores: list[Score]) -> None:
    """Remember the highest score of each word."""
    for score in scores:
        best[score.word.name] = max(best.get(score.word.name, 0.0), score.value)
