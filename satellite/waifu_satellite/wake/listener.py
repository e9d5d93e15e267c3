"""Cuts the microphone into hops for a wake engine and says when a word was spoken."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
import logging
from typing import Final

from waifu_satellite.format import MIC_RATE_HZ, SAMPLE_BYTES

from .base import Score, Wake, WakeEngine, WakeWord

LOGGER = logging.getLogger(__name__)

REFRACTORY_S: Final = 1.0
MOST_WAITING_BYTES: Final = 4 * MIC_RATE_HZ * SAMPLE_BYTES


class WakeListener:
    """Feeds the engine in order, one hop at a time, in a worker thread where one is given."""

    def __init__(
        self,
        engine: WakeEngine,
        on_wake: Callable[[Wake], None],
        executor: Executor | None = None,
    ) -> None:
        """Call `on_wake` in the event loop; without an executor the engine runs there too."""
        self.engine = engine
        self.on_scores: Callable[[list[Score]], None] | None = None
        self._on_wake = on_wake
        self._executor = executor
        self._hop_bytes = engine.hop_samples * SAMPLE_BYTES
        self._pcm = bytearray()
        self._end = 0
        self._quiet_until = 0
        self._busy = False
        self._gap = False
        self._failed = False
        self._closed = False
        self._thresholds: dict[str, float] = {}

    def set_threshold(self, name: str, threshold: float) -> None:
        """Tune one word while running."""
        self._thresholds[name] = threshold

    def close(self) -> None:
        """Hear nothing more; what a worker still finds is dropped."""
        self._closed = True
        self._pcm.clear()

    def feed(self, pcm: bytes, end: int) -> None:
        """Take audio whose last sample has the index `end` - 1."""
        if end - len(pcm) // SAMPLE_BYTES != self._end:
            self._pcm.clear()
            self._gap = True
        if len(self._pcm) > MOST_WAITING_BYTES:
            # An engine that can't keep up would otherwise answer ever later.
            self._pcm.clear()
            self._gap = True
        self._pcm += pcm
        self._end = end
        self._pump()

    def _pump(self) -> None:
        """Work on all whole hops."""
        while len(self._pcm) >= self._hop_bytes and not self._busy:
            if self._gap:
                self._gap = False
                self.engine.reset()
            hop = bytes(self._pcm[: self._hop_bytes])
            del self._pcm[: self._hop_bytes]
            at_sample = self._end - len(self._pcm) // SAMPLE_BYTES
            # A worker is woken only for work: most hops of a day are silent.
            if self.engine.skip(hop):
                continue
            if self._executor is None:
                self._take(self._processed(hop), at_sample)
            else:
                self._busy = True
                loop = asyncio.get_running_loop()
                future = loop.run_in_executor(self._executor, self.engine.process, hop)
                future.add_done_callback(partial(self._done, at_sample))

    def _processed(self, hop: bytes) -> list[Score]:
        """Return the engine's scores of a hop, none where it fails."""
        try:
            return self.engine.process(hop)
        except Exception as failure:  # noqa: BLE001 - an engine of others may raise anything
            self._fail(failure)
            return []

    def _done(self, at_sample: int, future: asyncio.Future[list[Score]]) -> None:
        """Take the worker's result and go on."""
        self._busy = False
        if future.cancelled() or self._closed:
            return
        if failure := future.exception():
            self._fail(failure)
        else:
            self._take(future.result(), at_sample)
        self._pump()

    def _fail(self, failure: BaseException) -> None:
        """Start the engine anew after a failure, which is told once in a row."""
        if not self._failed:
            LOGGER.error("The wake engine failed: %r", failure)
        self._failed = self._gap = True

    def _take(self, scores: list[Score], at_sample: int) -> None:
        """Say so when a word's score is high enough."""
        self._failed = self._failed and not scores
        if self.on_scores is not None:
            self.on_scores(scores)
        if at_sample < self._quiet_until:
            return
        sure = [score for score in scores if score.value >= self._threshold(score.word)]
        if sure:
            best = max(sure, key=lambda score: score.value)
            self._quiet_until = at_sample + round(REFRACTORY_S * MIC_RATE_HZ)
            self.engine.accepted()
            self._on_wake(Wake(word=best.word, score=best.value, at_sample=at_sample))

    def _threshold(self, word: WakeWord) -> float:
        """Return a word's present threshold."""
        return self._thresholds.get(word.name, word.threshold)
