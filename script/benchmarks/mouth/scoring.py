"""Score what a mouth did against when the phones sounded.

Frames are judged by the fifteen shapes themselves. Onsets are judged by what is seen to begin: the
card draws rest and both closures as the same shut mouth, and the five places of the tongue nearly
alike (`lovelace/src/director/mouth.ts`), so between two of one kind there is no onset to be late.
A vowel behind a consonant begins when the mouth opens for a vowel; voices and dictionaries disagree
about which ("the" with ə or i, "cot" with ɑ or ɒ), and a mouth in time with the other one is wrong
in its frames, where it counts, but not late. A sound or pause of less than two frames is over before a
mouth could be seen to begin it, and has no onset; its frames and its closure count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
import statistics

import numpy as np
from numpy.typing import NDArray

from .phones import CLOSED, Phone

STEP_MS = 1000 / 240
STEPS_A_FRAME = 4
NEAR_MS = 40.0
"""Within this of a boundary the neighbour's shape is right, too, and a closure is in time."""
SHUT = 0.1
_EDGE_MS = 80.0
_LOST_MS = 150.0
_SEEN_MS = 2 * STEPS_A_FRAME * STEP_MS
_GROUPS = ("sil", "PP FF", "aa", "E I", "O U", "TH DD kk SS nn", "CH RR")
GROUP_OF = {shape: at for at, names in enumerate(_GROUPS) for shape in names.split()}
_SEEN_OF = GROUP_OF | dict.fromkeys(CLOSED, GROUP_OF["sil"])
_VOWELS = frozenset(_SEEN_OF[shape] for shape in ("aa", "E", "O"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A mouth on a grid of 240 steps a second."""

    shapes: Sequence[str]
    """The dominant shape of each step; a rival's is the best it can mean."""
    openness: NDArray[np.float64]
    coarse: bool = False
    """Any shape of the same visible group is right: rivals know no more."""


@dataclass(slots=True, kw_only=True)
class Score:
    """Counts over many sentences."""

    frames: int = 0
    frames_right: int = 0
    closures: int = 0
    closures_shut: int = 0
    onsets_ms: list[float] = field(default_factory=list)
    misses: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, other: Score) -> None:
        """Count another score in."""
        self.frames += other.frames
        self.frames_right += other.frames_right
        self.closures += other.closures
        self.closures_shut += other.closures_shut
        self.onsets_ms += other.onsets_ms
        for pair, count in other.misses.items():
            self.misses[pair] = self.misses.get(pair, 0) + count

    @property
    def right_share(self) -> float:
        """Return the share of frames with the right shape."""
        return self.frames_right / max(1, self.frames)

    @property
    def shut_share(self) -> float:
        """Return the share of closures that shut in time."""
        return self.closures_shut / max(1, self.closures)

    def onset_ms(self, percent: int) -> float:
        """Return a percentile of how far a shape begins from its sound."""
        if len(self.onsets_ms) < 2:
            return float("nan")
        return statistics.quantiles(self.onsets_ms, n=100, method="inclusive")[percent - 1]


def score(track: Track, phones: Sequence[Phone]) -> Score:
    """Return the score of one sentence."""
    result = Score()
    _score_frames(result, track, phones)
    for before, phone in pairwise(phones):
        if phone.shapes & CLOSED:
            result.closures += 1
            result.closures_shut += _shuts(track, phone.start_ms)
        if phone.end_ms - phone.start_ms >= _SEEN_MS and (begun := _begun(before, phone)):
            result.onsets_ms.append(_onset_error(track, phone, begun))
    return result


def _score_frames(result: Score, track: Track, phones: Sequence[Phone]) -> None:
    """Count the right frames from shortly before the first sound to shortly after the last."""
    sounding = [at for at, phone in enumerate(phones) if phone.ipa]
    first_ms = phones[sounding[0]].start_ms - _EDGE_MS
    last_ms = phones[sounding[-1]].end_ms + _EDGE_MS
    for step in range(0, len(track.shapes), STEPS_A_FRAME):
        at_ms = step * STEP_MS
        if not first_ms <= at_ms <= last_ms:
            continue
        wanted = _wanted(phones, at_ms)
        right = not wanted or _among(track, track.shapes[step], wanted)
        result.frames += 1
        result.frames_right += right
        if not right:
            pair = (_phone_at(phones, at_ms), track.shapes[step])
            result.misses[pair] = result.misses.get(pair, 0) + 1


def _phone_at(phones: Sequence[Phone], at_ms: float) -> str:
    """Return the sound at a time."""
    return next((one.ipa for one in phones if one.start_ms <= at_ms < one.end_ms), "")


def _wanted(phones: Sequence[Phone], at_ms: float) -> frozenset[str]:
    """Return the shapes that are right at a time; none where any will do."""
    near = [one for one in phones if one.start_ms - NEAR_MS <= at_ms <= one.end_ms + NEAR_MS]
    here = [one for one in near if one.start_ms <= at_ms < one.end_ms]
    if any(not one.shapes for one in here):
        return frozenset()
    wanted = frozenset[str]().union(*(one.shapes for one in near))
    return wanted or frozenset({"sil"})


def _among(track: Track, shape: str, wanted: frozenset[str]) -> bool:
    """Tell whether a shape is right."""
    if not track.coarse:
        return shape in wanted
    return GROUP_OF[shape] in {GROUP_OF[one] for one in wanted}


def _shuts(track: Track, start_ms: float) -> bool:
    """Tell whether the mouth is shut in a frame within 40 ms of where it should be."""
    first = max(0, int(np.ceil((start_ms - NEAR_MS) / STEP_MS)))
    last = int((start_ms + NEAR_MS) / STEP_MS) + 1
    return bool(np.any(track.openness[first:last] < SHUT))


def _begun(before: Phone, phone: Phone) -> frozenset[int]:
    """Return the kinds of mouth that begin with a sound; none where nothing is seen to begin."""
    old, new = _seen(before.shapes), _seen(phone.shapes)
    if not old or not new or old & new:
        return frozenset()
    return _VOWELS if new & _VOWELS and not old & _VOWELS else new


def _seen(shapes: Iterable[str]) -> frozenset[int]:
    """Return what shapes look like."""
    return frozenset(_SEEN_OF[shape] for shape in shapes)


def _onset_error(track: Track, phone: Phone, begun: frozenset[int]) -> float:
    """Return how far from a sound's begin the mouth begins to look like it (ms)."""
    first = max(1, int((phone.start_ms - _LOST_MS) / STEP_MS))
    last = min(len(track.shapes), int((phone.start_ms + _LOST_MS) / STEP_MS) + 1)
    looks = [_SEEN_OF[shape] for shape in track.shapes[first - 1 : last]]
    begins = [
        abs(step * STEP_MS - phone.start_ms)
        for kinds in (begun, _seen(phone.shapes))
        for step, (before, after) in enumerate(pairwise(looks), start=first)
        if after in kinds and before not in kinds
    ]
    return min(begins, default=_LOST_MS)
