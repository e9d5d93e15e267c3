"""What others do with the same sound, on the same grid."""

import numpy as np
from numpy.typing import NDArray

from .scoring import STEP_MS, Track

type Samples = NDArray[np.float64]
_WINDOW_S = 0.032
_MEL_BANDS = 24
_CEPSTRA = 12
_LOUD = 0.02
_FAINT = 0.006
_OPENNESS = {"sil": 0.0, "aa": 1.0, "E": 0.6, "I": 0.4, "O": 0.7, "U": 0.4}
VOWELS = ("aa", "E", "I", "O", "U")


def volume_track(samples: Samples, rate_hz: int) -> Track:
    """Open the mouth by the peak of the last 2048 samples (ChatVRM's sigmoid, as many copied it)."""
    peaks = np.array([np.max(np.abs(part), initial=0.0) for part in _windows(samples, rate_hz)])
    openness = 1 / (1 + np.exp(-45 * peaks + 5))
    openness[openness < 0.1] = 0
    shapes = ["sil" if one < 0.1 else ("DD" if one < 0.35 else "aa") for one in openness]
    return Track(shapes=shapes, openness=openness, coarse=True)


def spectral_track(samples: Samples, rate_hz: int, vowels: dict[str, Samples]) -> Track:
    """Pick the vowel whose mean spectrum is nearest, and open it by loudness."""
    shapes, openness = [], []
    for part in _windows(samples, rate_hz):
        level = float(np.sqrt(np.mean(part**2))) if len(part) else 0.0
        if level < _FAINT:
            shape = "sil"
        elif level < _LOUD:
            shape = "DD"
        else:
            heard = cepstrum(part, rate_hz)
            shape = min(vowels, key=lambda name: float(np.sum((vowels[name] - heard) ** 2)))
        shapes.append(shape)
        openness.append(_OPENNESS.get(shape, 0.2))
    return Track(shapes=shapes, openness=np.array(openness), coarse=True)


def cepstrum(part: Samples, rate_hz: int) -> Samples:
    """Return the mel cepstrum of a window, without its loudness."""
    power = np.abs(np.fft.rfft(part * np.hanning(len(part)))) ** 2
    mel = np.log(_bands(len(power), rate_hz) @ power + 1e-9)
    places = np.arange(_MEL_BANDS) + 0.5
    basis = np.cos(np.pi / _MEL_BANDS * np.outer(np.arange(1, _CEPSTRA + 1), places))
    return np.asarray(basis @ mel, dtype=np.float64)


def _bands(bins: int, rate_hz: int) -> Samples:
    """Return triangular bands, even on the mel scale from 80 Hz to 6 kHz."""
    mel = np.linspace(
        2595 * np.log10(1 + 80 / 700), 2595 * np.log10(1 + 6000 / 700), _MEL_BANDS + 2
    )
    edges = 700 * (10 ** (mel / 2595) - 1)
    hz = np.linspace(0, rate_hz / 2, bins)
    rise = (hz - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - hz) / (edges[2:] - edges[1:-1])[:, None]
    return np.clip(np.minimum(rise, fall), 0, None)


def _windows(samples: Samples, rate_hz: int) -> list[Samples]:
    """Return for each step the sound around it."""
    half = int(_WINDOW_S * rate_hz / 2)
    padded = np.concatenate([np.zeros(half), samples, np.zeros(half)])
    steps = int(len(samples) / rate_hz * 1000 / STEP_MS)
    places = (np.arange(steps) * STEP_MS / 1000 * rate_hz).astype(int)
    return [padded[at : at + 2 * half] for at in places]
