"""Times of sounds within one spoken segment, held to the sound itself (contracts §2)."""

from array import array
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

# −40 dBFS is where people begin to hear a voice; the trim keeps what is a little softer.
HEARD_LEVEL: Final = 327
FAINT_PEAK: Final = 164
FRAME_MS: Final = 10
MARGIN_MS: Final = 20
EDGE_MS: Final = 40
VOICELESS_STOPS: Final = frozenset({"p", "t", "k", "c", "q", "pʰ", "tʰ", "kʰ"})
CLOSURE_MS: Final = 42


class Source(StrEnum):
    """How the times were found."""

    EXACT = "exact"
    ALIGNED = "aligned"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One sound of the mouth."""

    phoneme: str
    """IPA without stress marks, empty for a pause."""
    start_ms: int
    end_ms: int
    char: int
    """Offset of the word's first letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """The sound of one segment, 16-bit mono, and its marks from the segment's start."""

    rate_hz: int
    pcm: bytes
    marks: tuple[Mark, ...]
    source: Source

    @property
    def duration_ms(self) -> int:
        """Return how long the sound is."""
        return len(self.pcm) // 2 * 1000 // self.rate_hz


def tidy(marks: list[Mark], duration_ms: int) -> list[Mark]:
    """Return the marks sorted, without gaps, empty ones or overlaps, within the sound."""
    tidied: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: mark.start_ms):
        start = max(tidied[-1].end_ms if tidied else 0, mark.start_ms)
        end = min(mark.end_ms, duration_ms)
        if end <= start:
            continue
        last = tidied[-1] if tidied else None
        if last and not last.phoneme and not mark.phoneme:
            tidied[-1] = replace(last, end_ms=end)
            continue
        if last and last.end_ms < start:
            tidied[-1] = replace(last, end_ms=start)
        tidied.append(replace(mark, start_ms=start, end_ms=end))
    return tidied


def close_stops_early(marks: list[Mark]) -> list[Mark]:
    """Return the marks with voiceless stops begun at their closure instead of their burst.

    espeak-ng's event stands at the burst; the lips or tongue close 30–55 ms before it.
    """
    closed: list[Mark] = []
    for mark in marks:
        last = closed[-1] if closed else None
        if last and mark.phoneme in VOICELESS_STOPS:
            early = min(CLOSURE_MS, (last.end_ms - last.start_ms) // 2)
            closed[-1] = replace(last, end_ms=mark.start_ms - early)
            mark = replace(mark, start_ms=mark.start_ms - early)
        closed.append(mark)
    return closed


def trim(spoken: Spoken) -> Spoken:
    """Return the segment without the silence around it, its outer marks at the sound's edges."""
    faint = _sounding(spoken, _has_faint_peak)
    if faint is None:
        return replace(spoken, pcm=b"", marks=())
    start_ms = max(0, faint[0] - MARGIN_MS)
    end_ms = min(spoken.duration_ms, faint[1] + MARGIN_MS)
    per_ms = spoken.rate_hz / 1000
    pcm = spoken.pcm[int(start_ms * per_ms) * 2 : int(end_ms * per_ms) * 2]
    moved = [
        replace(mark, start_ms=mark.start_ms - start_ms, end_ms=mark.end_ms - start_ms)
        for mark in spoken.marks
    ]
    cut = replace(spoken, pcm=pcm)
    marks = tidy([mark for mark in moved if mark.end_ms > 0], cut.duration_ms)
    return replace(cut, marks=tuple(_hold_to_sound(marks, cut)))


def _hold_to_sound(marks: list[Mark], spoken: Spoken) -> list[Mark]:
    """Move the first and the last sounding mark to where the voice is heard first and last."""
    heard = _sounding(spoken, _is_heard)
    sounding = [at for at, mark in enumerate(marks) if mark.phoneme]
    if heard is None or not sounding:
        return marks
    first, last = marks[sounding[0]], marks[sounding[-1]]
    start = min(max(first.start_ms, heard[0] - EDGE_MS, 0), heard[0])
    end = min(max(last.end_ms, heard[1]), heard[1] + EDGE_MS, spoken.duration_ms)
    inner = [replace(mark) for mark in marks[sounding[0] : sounding[-1] + 1]]
    # A faint first sound may lie before the voice is heard at all: it then starts with it.
    inner = [mark for mark in inner if mark.end_ms > start and mark.start_ms < end]
    if not inner:
        return marks
    inner[0] = replace(inner[0], start_ms=start)
    inner[-1] = replace(inner[-1], end_ms=max(end, inner[-1].start_ms + 1))
    if start > 0:
        inner.insert(0, Mark(phoneme="", start_ms=0, end_ms=start, char=inner[0].char))
    if (end := inner[-1].end_ms) < spoken.duration_ms:
        pause = Mark(phoneme="", start_ms=end, end_ms=spoken.duration_ms, char=inner[-1].char)
        inner.append(pause)
    return inner


def _sounding(spoken: Spoken, loud: Callable[[array[int]], bool]) -> tuple[int, int] | None:
    """Return start and end (ms) of what is loud, None where nothing is."""
    samples = array("h", spoken.pcm)
    step = spoken.rate_hz * FRAME_MS // 1000
    starts = range(0, len(samples), step)
    first = next((at for at in starts if loud(samples[at : at + step])), None)
    if first is None:
        return None
    last = next(at for at in reversed(starts) if loud(samples[at : at + step]))
    return first * 1000 // spoken.rate_hz, min(last + step, len(samples)) * 1000 // spoken.rate_hz


def _has_faint_peak(samples: array[int]) -> bool:
    """Return whether a frame is more than the engine's own silence."""
    return max(samples) > FAINT_PEAK or min(samples) < -FAINT_PEAK


def _is_heard(samples: array[int]) -> bool:
    """Return whether the mean level of a frame is above −40 dBFS."""
    return sum(sample * sample for sample in samples) > HEARD_LEVEL**2 * len(samples)
