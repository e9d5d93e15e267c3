"""Look at a reply's sound beside its timeline."""

from dataclasses import dataclass
from pathlib import Path
import wave

import numpy as np

from .house_client import Json

FRAME_MS = 10
FLOOR_DB = -40.0
SILENCE = "sil"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How well the mouth fits the sound."""

    first_audible_ms: int
    last_audible_ms: int
    first_viseme_ms: int
    last_viseme_ms: int
    covered_share: float
    """Share of the audible frames that lie under an open or closed mouth, not at rest."""

    @property
    def start_error_ms(self) -> int:
        """Return the mouth's start minus the sound's."""
        return self.first_viseme_ms - self.first_audible_ms

    @property
    def end_error_ms(self) -> int:
        """Return the mouth's end minus the sound's."""
        return self.last_viseme_ms - self.last_audible_ms


def fit(wav: Path, segments: list[Json]) -> Fit | None:
    """Compare a WAV file with the timeline of the same reply; nothing where one has no sound."""
    audible = _audible_ms(wav)
    spans = [
        (viseme["at_ms"], viseme["end_ms"])
        for segment in segments
        for viseme in segment["visemes"]
        if viseme["shape"] != SILENCE
    ]
    if not audible or not spans:
        return None
    covered = sum(any(start <= at < end for start, end in spans) for at in audible)
    return Fit(
        first_audible_ms=audible[0],
        last_audible_ms=audible[-1] + FRAME_MS,
        first_viseme_ms=spans[0][0],
        last_viseme_ms=spans[-1][1],
        covered_share=covered / len(audible),
    )


def _audible_ms(wav: Path) -> list[int]:
    """Return the starts of the frames of 10 ms that are louder than −40 dB of full scale."""
    with wave.open(str(wav)) as file:
        rate_hz = file.getframerate()
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2") / 32768
    size = rate_hz * FRAME_MS // 1000
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    level = np.sqrt(np.mean(frames**2, axis=1)) if len(frames) else np.array([])
    loud = level > 10 ** (FLOOR_DB / 20)
    return [int(index) * FRAME_MS for index in np.flatnonzero(loud)]
