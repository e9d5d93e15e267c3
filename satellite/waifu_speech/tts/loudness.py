"""Make a sound louder or softer without breaking its peaks."""

from typing import Any, Final

import numpy as np

_KNEE: Final = 0.8
_FULL: Final = 32767.0


def at_volume(pcm: bytes, volume: float) -> bytes:
    """Return 16-bit sound `volume` times as loud."""
    if volume == 1.0:
        return pcm
    sound = np.frombuffer(pcm, np.int16).astype(np.float32) / _FULL
    return to_pcm(sound * volume).tobytes()


def to_pcm(sound: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.int16]]:
    """Return samples of -1 to 1 as 16 bit; what is louder bends below full scale."""
    size = np.abs(sound)
    bent = _KNEE + (1 - _KNEE) * np.tanh((size - _KNEE) / (1 - _KNEE))
    kept = np.where(size > _KNEE, np.sign(sound) * bent, sound)
    return (kept * _FULL).astype(np.int16)
