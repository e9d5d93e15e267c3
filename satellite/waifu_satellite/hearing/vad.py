"""Voice activity: how likely a piece of audio holds speech."""

from typing import Final, Protocol

import numpy as np

from waifu_satellite.format import mic_samples

ENERGY_SAMPLES: Final = mic_samples(0.02)


class Vad(Protocol):
    """A detector of speech."""

    @property
    def samples(self) -> int:
        """Return how many samples one call takes."""

    def probability(self, pcm: bytes) -> float:
        """Return how likely these samples are speech, 0…1."""

    def reset(self) -> None:
        """Forget what was heard."""


class EnergyVad:
    """Loudness against the room's own noise: for machines without onnxruntime, and for tests."""

    FLOOR_RISE_DB: Final = 0.05
    SPEECH_OVER_FLOOR_DB: Final = 12.0
    QUIETEST_DB: Final = -60.0

    def __init__(self) -> None:
        """Start with a quiet room."""
        self._floor_db = self.QUIETEST_DB

    @property
    def samples(self) -> int:
        """Return 20 ms."""
        return ENERGY_SAMPLES

    def probability(self, pcm: bytes) -> float:
        """Return 1 for what is clearly louder than the room, else 0."""
        level_db = loudness_db(pcm)
        if level_db < self._floor_db + self.SPEECH_OVER_FLOOR_DB:
            self._floor_db = max(self.QUIETEST_DB, min(level_db, self._floor_db + 1.0))
            return 0.0
        # A steady noise slowly becomes part of the room.
        self._floor_db += self.FLOOR_RISE_DB
        return 1.0

    def reset(self) -> None:
        """Keep the room's noise, it has not changed."""


def loudness_db(pcm: bytes) -> float:
    """Return the RMS of 16-bit samples in dB of full scale."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32)
    power = float(np.mean(samples * samples)) if len(samples) else 0.0
    return 10.0 * float(np.log10(max(power, 1e-3) / 32768.0**2))
