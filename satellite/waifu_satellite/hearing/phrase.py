"""Find where the wake word ended, so that the stream begins with what was said after it."""

from typing import Final

from waifu_satellite.format import FRAME_SAMPLES, mic_samples
from waifu_satellite.ring import Ring

from .level import quantile
from .vad import loudness_db

# A wake engine is sure from shortly before to this long after the end of its phrase (measured:
# openWakeWord -10…+360 ms with synthetic voices, 95 % below 346 ms).
EARLIEST_S: Final = 0.45
# So much more audio is awaited before the beginning is chosen; the request is sent before.
LATER_S: Final = 0.12
# Where no pause was made: what certainly holds everything behind the phrase.
NO_PAUSE_S: Final = 0.40
# The voice this much below its peak, or this near to the room's noise, pauses…
PAUSE_BELOW_PEAK_DB: Final = 28.0
PAUSE_OVER_NOISE_DB: Final = 4.0
NOISE_MIN_BELOW_PEAK_DB: Final = 12.0
# …when it does so for longer than a stop consonant's closure.
PAUSE_FRAMES: Final = 3
LOOK_BACK_S: Final = 2.0
NOISE_SHARE: Final = 0.05


def phrase_end(ring: Ring, at_sample: int) -> int | None:
    """Return the first sample of the pause after a wake word that was heard at a sample.

    None where no pause was made: then the command runs on from the wake word in one breath.
    """
    levels, first = _levels(ring, at_sample - mic_samples(LOOK_BACK_S))
    if not levels:
        return None
    peak_db, noise_db = max(levels), quantile(levels, NOISE_SHARE)
    limit_db = peak_db - PAUSE_BELOW_PEAK_DB
    if noise_db < peak_db - NOISE_MIN_BELOW_PEAK_DB:
        limit_db = max(limit_db, noise_db + PAUSE_OVER_NOISE_DB)
    quiet = [level <= limit_db for level in levels]
    begin = max(0, (at_sample - mic_samples(EARLIEST_S) - first) // FRAME_SAMPLES)
    for at in range(begin, len(quiet) - PAUSE_FRAMES + 1):
        if all(quiet[at : at + PAUSE_FRAMES]):
            return first + at * FRAME_SAMPLES
    return None


def _levels(ring: Ring, start: int) -> tuple[list[float], int]:
    """Return the loudness of each 20 ms from a sample to the ring's end, and where they begin."""
    start = max(start, ring.start)
    pcm = ring.read(start, ring.end)
    step = FRAME_SAMPLES * 2
    return [loudness_db(pcm[at : at + step]) for at in range(0, len(pcm) - step + 1, step)], start
