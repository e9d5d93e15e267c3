"""How loud the room is, and how far a voice stands out of it."""

from collections import deque
from collections.abc import Sequence
from typing import Final

from waifu_satellite.format import FRAME_MS

from .vad import loudness_db

# Every fifth frame is enough for a level, and costs a fifth.
EVERY: Final = 5
NOISE_S: Final = 10.0
VOICE_S: Final = 1.5
NOISE_SHARE: Final = 0.1


class NoiseFloor:
    """The room's noise over the last seconds and the loudest voice of the last moment."""

    def __init__(self) -> None:
        """Start without an opinion."""
        per_s = 1000.0 / (FRAME_MS * EVERY)
        self._levels: deque[float] = deque(maxlen=round(NOISE_S * per_s))
        self._voice = round(VOICE_S * per_s)
        self._count = 0

    def hear(self, pcm: bytes) -> None:
        """Take a frame."""
        self._count += 1
        if self._count % EVERY == 0:
            self._levels.append(loudness_db(pcm))

    @property
    def level_db(self) -> float | None:
        """Return how loud it was just now."""
        return self._levels[-1] if self._levels else None

    @property
    def snr_db(self) -> float | None:
        """Return how far the last moment's voice is above the room, None before enough is heard."""
        if len(self._levels) < 2 * self._voice:
            return None
        levels = list(self._levels)
        return max(levels[-self._voice :]) - quantile(levels, NOISE_SHARE)


def quantile(levels: Sequence[float], share: float) -> float:
    """Return the level that a share of the levels lies below.

    numpy's own loads a package of 2 MB and 20 ms at its first call, which is the first wake word.
    """
    return sorted(levels)[int(share * (len(levels) - 1))]
