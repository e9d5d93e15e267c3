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
from .wake.base import Score, WakeEngine, WakeError
from .wake.engines import make_engine
from .wake.listener import Wake, WakeListener

LIVE_S: Final = 30.0
LEAD_S: Final = 2.0


def try_file(config: Config, path: Path) -> Iterator[str]:
    """Yield lines about each wake word in a WAV file."""
    engine = _engine(config)
    pcm = read_for_microphone(path)
    best: dict[str, float] = {word.name: 0.0 for word in engine.words}
    wakes: list[Wake] = []
    listener = WakeListener(engine, wakes.append)
    listener.on_scores = lambda scores: _keep_best(best, scores)
    # Silence before and after: the engine needs some to begin with, and looks a little later.
    lead = bytes(round(LEAD_S * MIC_RATE_HZ) * SAMPLE_BYTES)
    listener.feed(lead + pcm + lead, (2 * len(lead) + len(pcm)) // SAMPLE_BYTES)
    for wake in wakes:
        at_s = wake.at_sample / MIC_RATE_HZ - LEAD_S
        yield f"{wake.word.phrase}: heard at {at_s:.2f} s, score {wake.score:.2f}"
    for word in engine.words:
        yield (
            f"{word.name}: best score {best[word.name]:.2f}, threshold {word.threshold:.2f} "
            f"({word.engine}, licence {word.licence})"
        )
    if not wakes:
        yield "No wake word was heard"


async def try_live(config: Config) -> None:
    """Print the level and the best score of each second of the microphone."""
    engine = _engine(config)
    microphone = open_microphone(config.mic, LoopClock())
    if isinstance(microphone, PacedMicrophone):
        raise WakeError("A file microphone says nothing by itself; give the file instead")
    best: dict[str, float] = {}
    listener = WakeListener(engine, lambda wake: print(f"  heard {wake.word.phrase}"))  # noqa: T201 - a terminal program
    listener.on_scores = lambda scores: _keep_best(best, scores)
    second = bytearray()
    heard = 0

    def take(pcm: bytes, _at_ms: float) -> None:
        nonlocal heard
        heard += len(pcm) // SAMPLE_BYTES
        listener.feed(pcm, heard)
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


def _engine(config: Config) -> WakeEngine:
    """Return the configured engine."""
    engine = make_engine(config.wake, config.threshold)
    if engine is None:
        raise WakeError("The configuration has no wake word")
    return engine


def _keep_best(best: dict[str, float], scores: list[Score]) -> None:
    """Remember the highest score of each word."""
    for score in scores:
        best[score.word.name] = max(best.get(score.word.name, 0.0), score.value)
