"""Change the pitch of a sound by playing it at another speed."""

from dataclasses import replace
from typing import Any

import numpy as np

from ..marks import Spoken
from .loudness import to_pcm

type Sound = np.ndarray[Any, np.dtype[np.floating[Any]]]


def at_pitch(sound: Sound, pitch: float) -> Sound:
    """Return the sound `pitch` times higher and as much shorter.

    An engine that was asked to speak as much slower gives the wanted length. The spectrum is cut or
    filled up as a whole, so nothing folds back into the audible range.
    """
    wanted = round(len(sound) / pitch)
    if pitch == 1.0 or not wanted:
        return sound
    # The transform takes a period for granted: silence behind the end keeps it from the start.
    padded = _good_length(len(sound) + 256)
    spectrum = np.fft.rfft(sound, padded)
    made = np.fft.irfft(spectrum, round(padded / pitch)) / pitch
    return made[:wanted]


def bent(spoken: Spoken, pitch: float) -> Spoken:
    """Return a segment `pitch` times higher and as much shorter, with its marks."""
    if pitch == 1.0:
        return spoken
    sound = np.frombuffer(spoken.pcm, np.int16).astype(np.float64) / 32767
    marks = [
        replace(mark, start_ms=round(mark.start_ms / pitch), end_ms=round(mark.end_ms / pitch))
        for mark in spoken.marks
    ]
    return replace(spoken, pcm=to_pcm(at_pitch(sound, pitch)).tobytes(), marks=tuple(marks))


def _good_length(length: int) -> int:
    """Return the next length that the transform is quick with."""
    step = 1 << max(0, length.bit_length() - 4)
    return -(-length // step) * step
