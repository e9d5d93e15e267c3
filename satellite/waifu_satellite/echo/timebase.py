"""Which microphone sample was heard when: the one clock of pre-roll, echo reference and playback."""

from typing import Final

from waifu_satellite.format import MIC_RATE_HZ

SAMPLES_PER_MS: Final = MIC_RATE_HZ / 1000.0
# A frame is never early, it is only delivered late: the earliest is believed at once, and a clock
# that drifts (20 ppm is common) is followed at this pace.
DRIFT_MS_PER_S: Final = 0.2
# A jump further than this is a device that was closed or hung meanwhile.
JUMP_MS: Final = 250.0


class SampleClock:
    """The microphone's sample clock against the satellite's clock."""

    def __init__(self) -> None:
        """Start without a microphone."""
        self._zero_ms: float | None = None
        self._index = 0

    def note(self, index: int, at_ms: float) -> None:
        """Take that the sample `index` was heard at a time, as far as its device could tell."""
        zero_ms = at_ms - index / SAMPLES_PER_MS
        known_ms, passed = self._zero_ms, index - self._index
        self._index = index
        if known_ms is None or abs(zero_ms - known_ms) > JUMP_MS:
            self._zero_ms = zero_ms
            return
        drift_ms = DRIFT_MS_PER_S * passed / MIC_RATE_HZ
        self._zero_ms = min(zero_ms, known_ms + drift_ms)

    def index_at(self, at_ms: float) -> int | None:
        """Return the sample that is heard at a time; None before a microphone delivered."""
        zero_ms = self._zero_ms
        return None if zero_ms is None else round((at_ms - zero_ms) * SAMPLES_PER_MS)
