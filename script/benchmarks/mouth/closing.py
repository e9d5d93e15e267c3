"""Let a truth's voiceless stops begin where the mouth closes for them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .phones import Phone

_STOPS = ("p", "t", "k", "c", "q", "ʈ")
_MOST_MS = 70
"""Few closures within speech are longer."""
_STEP_MS = 5
_SILENT = 0.015
"""Softer than this part of the loudest, nothing but a closed mouth is heard."""


def closed_in_time(
    phones: Sequence[Phone], samples: NDArray[np.float64], rate_hz: int
) -> list[Phone]:
    """Return the phones, each voiceless stop with the silence before its burst.

    espeak-ng's events stand at the burst, flite's phones at the closure. A "p" is silent while the
    lips are shut: if its phone is said to begin behind a silence within what is said, the silence is
    the stop's. The sound alone tells; a phone that begins at its closure has sound before it.
    """
    levels = _levels(samples, rate_hz)
    result: list[Phone] = []
    for phone in phones:
        before = result[-1] if result else None
        if before and before.ipa and _stops(phone) and not _stops(before):
            least_ms = max((before.start_ms + before.end_ms) / 2, phone.start_ms - _MOST_MS)
            start_ms = _silent_since(levels, phone.start_ms, least_ms)
            result[-1] = replace(before, end_ms=min(before.end_ms, start_ms))
            result.append(replace(phone, start_ms=start_ms))
        else:
            result.append(phone)
    return result


def _stops(phone: Phone) -> bool:
    """Tell whether a phone begins with a silence."""
    return phone.ipa.startswith(_STOPS)


def _levels(samples: NDArray[np.float64], rate_hz: int) -> NDArray[np.bool_]:
    """Return for each step of the sound whether nothing is heard in it."""
    step = max(1, rate_hz * _STEP_MS // 1000)
    peaks = np.abs(samples[: len(samples) // step * step]).reshape(-1, step).max(axis=1)
    return np.asarray(peaks < _SILENT * np.abs(samples).max(initial=0))


def _silent_since(silent: NDArray[np.bool_], at_ms: float, least_ms: float) -> float:
    """Return when the silence that ends at a time began; the time itself where there is none."""
    step = int(at_ms / _STEP_MS)
    # The burst may lie within the step, or the event a little behind it.
    ends = [one for one in (step, step - 1, step - 2) if 0 < one <= len(silent) and silent[one - 1]]
    if not ends:
        return at_ms
    first = ends[0]
    while first > 0 and silent[first - 1] and (first - 1) * _STEP_MS >= least_ms:
        first -= 1
    return min(at_ms, float(first * _STEP_MS))
