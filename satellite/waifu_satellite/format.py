"""The one format in which the satellite hears: 16 kHz, 16 bit, mono, in frames of 20 ms."""

from typing import Final

MIC_RATE_HZ: Final = 16_000
SAMPLE_BYTES: Final = 2
FRAME_MS: Final = 20
FRAME_SAMPLES: Final = MIC_RATE_HZ * FRAME_MS // 1000
FRAME_BYTES: Final = FRAME_SAMPLES * SAMPLE_BYTES


def mic_samples(duration_s: float) -> int:
    """Return how many microphone samples a duration has."""
    return round(duration_s * MIC_RATE_HZ)
