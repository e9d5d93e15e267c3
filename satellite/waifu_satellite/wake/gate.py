"""Spares the wake engine a silent room, without changing what it hears.

A network that runs all night on silence costs the power of the whole rest. While nothing stands out
of the room's noise the audio is only kept; as soon as something does, the engine first gets as much
of it as its windows reach back, so that its scores are those of an engine that never slept.
"""

from collections import deque
from typing import Final

from waifu_satellite.format import MIC_RATE_HZ
from waifu_satellite.hearing.vad import loudness_db

from .base import Score, WakeEngine, WakeWord

# A voice as loud as the room's noise lifts the sum by 3 dB.
OVER_NOISE_DB: Final = 2.5
# Below this is no voice in any room.
INAUDIBLE_DB: Final = -75.0
# A louder room is believed after a while, a quieter one at once.
RISE_DB_PER_S: Final = 0.25
AWAKE_S: Final = 1.5


class SilenceGate:
    """A wake engine in front of which silence is kept back."""

    def __init__(self, engine: WakeEngine, reach_s: float) -> None:
        """Guard an engine whose scores depend on the last `reach_s` of audio."""
        self._engine = engine
        self._hop_s = engine.hop_samples / MIC_RATE_HZ
        self._kept: deque[bytes] = deque(maxlen=round(reach_s / self._hop_s))
        self._noise_db = 0.0
        self._awake_s = AWAKE_S

    @property
    def words(self) -> tuple[WakeWord, ...]:
        """Return the engine's words."""
        return self._engine.words

    @property
    def hop_samples(self) -> int:
        """Return the engine's hop."""
        return self._engine.hop_samples

    def skip(self, pcm: bytes) -> bool:
        """Keep back a hop of a silent room; False for one that the engine must hear."""
        if self._stands_out(pcm):
            self._awake_s = AWAKE_S
        elif self._awake_s > 0.0:
            self._awake_s -= self._hop_s
        else:
            self._kept.append(pcm)
            return True
        return False

    def process(self, pcm: bytes) -> list[Score]:
        """Return the engine's scores; what was kept back is heard first."""
        while self._kept:
            self._engine.process(self._kept.popleft())
        return self._engine.process(pcm)

    def accepted(self) -> None:
        """Pass it on."""
        self._engine.accepted()

    def reset(self) -> None:
        """Forget what was heard; the room's noise stays the same."""
        self._kept.clear()
        self._awake_s = AWAKE_S
        self._engine.reset()

    def _stands_out(self, pcm: bytes) -> bool:
        """Return whether this is louder than the room has been."""
        level_db = loudness_db(pcm)
        self._noise_db = min(level_db, self._noise_db + RISE_DB_PER_S * self._hop_s)
        return level_db > max(INAUDIBLE_DB, self._noise_db + OVER_NOISE_DB)
