"""Hold the ends and pauses of an aligned text to the silence in its sound."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from ..marks import VOICELESS_STOPS, Mark

_STEP_MS: Final = 10
# −36 dB beneath the loudest. Where a room is never that quiet, nothing is moved.
_SILENT: Final = 0.016
_SHORTEST_MS: Final = 50
# How far the model may be wrong about where a word ends.
_NEAR_MS: Final = 40
_CLOSURE_MS: Final = 50
_LEAST_MS: Final = 20
# Sounds that are hardly louder than a room: the model hears them better than the level does.
_FAINT: Final = frozenset("θðfvh")
_STOPS: Final = VOICELESS_STOPS | {"b", "d", "ɡ", "g"}

type Silence = tuple[int, int]
"""Start and end, ms."""


def paused(marks: tuple[Mark, ...], pcm: bytes, rate_hz: int) -> tuple[Mark, ...]:
    """Return the marks with each silence between two words, and around them, as a pause.

    The model lets a word's last sound ring on over a short silence, or the next word begin in it; a
    mouth that follows would stay open while nothing is heard.
    """
    sounds = [mark for mark in marks if mark.phoneme]
    if not sounds:
        return marks
    silences = silences_in(pcm, rate_hz)
    for at in range(len(sounds) + 1):
        before = sounds[at - 1] if at else None
        after = sounds[at] if at < len(sounds) else None
        if before and after and before.char == after.char:
            continue
        gap = next(filter(None, (_gap(before, after, silence) for silence in silences)), None)
        if gap and before:
            sounds[at - 1] = replace(before, end_ms=gap[0])
        if gap and after:
            sounds[at] = replace(after, start_ms=gap[1])
    return tuple(_with_rests(sounds, len(pcm) // 2 * 1000 // rate_hz))


def _with_rests(sounds: list[Mark], duration_ms: int) -> Iterator[Mark]:
    """Yield the sounds with a pause wherever there is none."""
    at_ms = 0
    for sound in sounds:
        if sound.start_ms > at_ms:
            yield Mark(phoneme="", start_ms=at_ms, end_ms=sound.start_ms, char=sound.char)
        yield sound
        at_ms = sound.end_ms
    if duration_ms > at_ms:
        yield Mark(phoneme="", start_ms=at_ms, end_ms=duration_ms, char=sounds[-1].char)


def silences_in(pcm: bytes, rate_hz: int) -> list[Silence]:
    """Return where nothing is heard for a while in 16-bit mono sound."""
    step = max(1, rate_hz * _STEP_MS // 1000)
    samples = np.abs(np.frombuffer(pcm[: len(pcm) // 2 * 2], np.int16).astype(np.int32))
    peaks = samples[: len(samples) // step * step].reshape(-1, step).max(axis=1)
    silent = np.concatenate([[False], peaks < _SILENT * peaks.max(initial=0), [False]])
    edges = np.flatnonzero(silent[1:] != silent[:-1]) * _STEP_MS
    pairs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return [(start, end) for start, end in pairs if end - start >= _SHORTEST_MS]


def _gap(before: Mark | None, after: Mark | None, silence: Silence) -> Silence | None:
    """Return the pause that a silence makes between two sounds; None where it is elsewhere."""
    start_ms, end_ms = silence
    left_ms = before.end_ms if before else start_ms
    right_ms = after.start_ms if after else end_ms
    if not (start_ms - _NEAR_MS <= right_ms and left_ms <= end_ms + _NEAR_MS):
        return None
    if before:
        # A stop at a word's end is silent itself before it is let go.
        held_ms = _CLOSURE_MS if before.phoneme in _STOPS else _LEAST_MS
        start_ms = max(start_ms, before.start_ms + held_ms)
        if before.phoneme in _FAINT:
            start_ms = max(start_ms, before.end_ms)
    if after:
        end_ms -= _CLOSURE_MS if after.phoneme in _STOPS else 0
        end_ms = min(end_ms, after.end_ms - _LEAST_MS)
        if after.phoneme in _FAINT:
            end_ms = min(end_ms, after.start_ms)
    return (start_ms, end_ms) if end_ms - start_ms >= _SHORTEST_MS else None
