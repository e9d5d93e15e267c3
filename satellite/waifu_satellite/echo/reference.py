"""What the loudspeaker says, on the sample clock of the microphone."""

from collections import deque
import threading
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from waifu_satellite.format import MIC_RATE_HZ, mic_samples

from .timebase import SampleClock

if TYPE_CHECKING:
    import soxr

type Samples = npt.NDArray[np.int16]

# The times of cheap devices are wrong by some ms in both directions. A canceller can bridge an echo
# that comes later than its reference, never one that comes before.
LEAD_SAMPLES: Final = mic_samples(0.02)
# Times closer than this to the end of the piece before are jitter, the sound itself has no gap.
JITTER_SAMPLES: Final = mic_samples(0.04)
LONGEST_SAMPLES: Final = mic_samples(2.0)


class EchoReference:
    """Pieces of sound by the microphone sample that is heard with them."""

    def __init__(self, clock: SampleClock) -> None:
        """Place sounds by the microphone's clock."""
        self._clock = clock
        self._lock = threading.Lock()
        self._pieces: deque[tuple[int, Samples]] = deque()
        self._waiting: list[Samples] = []
        self._next: int | None = None
        self._resampler: soxr.ResampleStream | None = None

    def begin(self, rate_hz: int) -> None:
        """Take that a new sound begins."""
        with self._lock:
            self._next = None
            self._waiting = []
            self._resampler = _resampler(rate_hz)

    def take(self, pcm: bytes, at_ms: float | None) -> None:
        """Take the samples that sound at a time, None where the device can't tell yet.

        May be called in the device's own thread.
        """
        with self._lock:
            samples = self._converted(pcm)
            index = None if at_ms is None else self._clock.index_at(at_ms)
            if index is None:
                self._waiting.append(samples)
                return
            self._place(samples, index - LEAD_SAMPLES)

    def cut(self, at_ms: float) -> None:
        """Forget what would have sounded later: the sound was stopped."""
        index = self._clock.index_at(at_ms)
        with self._lock:
            self._waiting = []
            while index is not None and self._pieces:
                first, samples = self._pieces[-1]
                if first + LEAD_SAMPLES < index:
                    keep = index - LEAD_SAMPLES - first
                    self._pieces[-1] = (first, samples[: max(0, keep)])
                    return
                self._pieces.pop()

    def read(self, start: int, count: int) -> Samples | None:
        """Return what was said while these samples were heard; None where that was nothing."""
        with self._lock:
            while self._pieces and _end(self._pieces[0]) <= start:
                self._pieces.popleft()
            if not self._pieces or self._pieces[0][0] >= start + count:
                return None
            out = np.zeros(count, dtype=np.int16)
            for first, samples in self._pieces:
                low, high = max(first, start), min(first + len(samples), start + count)
                if low < high:
                    out[low - start : high - start] = samples[low - first : high - first]
            return out

    def _place(self, samples: Samples, index: int) -> None:
        """Put samples where they sound, and before them those whose time was not known."""
        if self._waiting:
            before = np.concatenate(self._waiting)
            self._waiting = []
            self._append(index - len(before), before)
        if self._next is not None and abs(index - self._next) <= JITTER_SAMPLES:
            index = self._next
        self._append(index, samples)

    def _append(self, index: int, samples: Samples) -> None:
        """Add a piece; a microphone that reads nothing must not fill the memory."""
        self._pieces.append((index, samples))
        self._next = index + len(samples)
        while _end(self._pieces[0]) < self._next - LONGEST_SAMPLES:
            self._pieces.popleft()

    def _converted(self, pcm: bytes) -> Samples:
        """Return samples at the microphone's rate."""
        samples = np.frombuffer(pcm, dtype="<i2").astype(np.int16)
        if self._resampler is None:
            return samples
        converted: Samples = self._resampler.resample_chunk(samples)
        return converted


def _end(piece: tuple[int, Samples]) -> int:
    """Return the sample behind a piece."""
    return piece[0] + len(piece[1])


def _resampler(rate_hz: int) -> "soxr.ResampleStream | None":
    """Return a resampler to the microphone's rate where one is needed."""
    if rate_hz == MIC_RATE_HZ:
        return None
    # Imported where it is needed: a loudspeaker at 16 kHz never loads it.
    import soxr  # noqa: PLC0415 - see above

    # The better qualities hold 20 ms back, for as long as the sound is known ahead.
    return soxr.ResampleStream(rate_hz, MIC_RATE_HZ, 1, dtype="int16", quality="QQ")
