"""Find the pause after a command by its level alone, cheaply and in the sound as it comes."""

from typing import Final

import numpy as np

from .sphinx import SAMPLES_PER_FRAME

# Above the room's own level, dB; what is between is neither voice nor silence for sure.
_QUIET_DB: Final = 4.0
_LOUD_DB: Final = 10.0
# The room is the quietest tenth: pauses, and the closed lips of stops where there is none.
_ROOM_SHARE: Final = 0.1
_LEAST_VOICE_FRAMES: Final = 20
# Lips are closed for 60 ms in the middle of a word, 150 ms where somebody speaks slowly.
_PAUSE_FRAMES: Final = 20


class SilenceFinder:
    """The levels of one utterance, in frames of 10 ms."""

    def __init__(self) -> None:
        """Start with nothing heard."""
        self._levels: list[float] = []
        self._rest = np.zeros(0)

    def add(self, samples: np.ndarray) -> None:
        """Take more sound."""
        waiting = np.concatenate([self._rest, samples])
        count = len(waiting) // SAMPLES_PER_FRAME
        frames = waiting[: count * SAMPLES_PER_FRAME].reshape(count, SAMPLES_PER_FRAME)
        self._rest = waiting[count * SAMPLES_PER_FRAME :]
        self._levels += (10 * np.log10(np.mean(frames**2, axis=1) + 1.0)).tolist()

    @property
    def has_paused(self) -> bool:
        """Return whether somebody has spoken and is silent now."""
        levels = self._above_room()
        spoken = int(np.count_nonzero(levels > _LOUD_DB))
        return spoken >= _LEAST_VOICE_FRAMES and self.is_silent_since(len(levels) - _PAUSE_FRAMES)

    @property
    def frames(self) -> int:
        """Return how many frames were heard."""
        return len(self._levels)

    def is_silent_since(self, frame: int) -> bool:
        """Return whether nothing but the room was heard from a frame on."""
        return bool(np.all(self._above_room()[max(0, frame) :] < _QUIET_DB))

    def _above_room(self) -> np.ndarray:
        """Return the levels above the room's own, dB."""
        levels = np.array(self._levels)
        return levels - (np.quantile(levels, _ROOM_SHARE) if self._levels else 0.0)
