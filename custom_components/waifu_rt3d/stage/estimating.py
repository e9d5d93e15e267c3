"""Guess when each sound of a text is heard, from its spelling and the pauses in its sound.

For voices that give no times where no speech server can align them: spelling → sounds → usual
durations → fitted to the stretches in which the voice is heard.
"""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import inf
import sys
from typing import Final

from .spelling import sounds_of
from .timeline import Source, SpeechMarks, words_of
from .visemes import Mark

type Run = tuple[int, int]
"""A stretch in which the voice is heard: start and end, ms."""

_FRAME_MS: Final = 10
# Beneath the loudest by so much (amplitude) nobody hears a voice; a closed "p" is a little shorter.
_AUDIBLE: Final = 0.03
_PAUSE_MS: Final = 90
_SHORTEST_RUN_MS: Final = 40
# Usual lengths, ms (after D. Klatt's inherent durations, in Allen, Hunnicutt and Klatt, "From Text
# to Speech", 1987, table 9.1).
_DURATIONS: Final = (
    ("aɪ aʊ eɪ oʊ ɔɪ", 165),
    ("iː uː ɑː ɔː ɜː aː eː oː yː øː", 140),
    ("æ a ɒ ɔ", 130),
    ("ɛ e ʌ o ɐ ø", 105),
    ("ɪ i ʊ u y ɚ", 90),
    ("ə", 60),
    ("s ʃ f θ ç x", 105),
    ("tʃ dʒ", 110),
    ("p t k", 85),
    ("b d ɡ g", 70),
    ("z ʒ v", 70),
    ("ð", 45),
    ("m n ŋ l", 65),
    ("ɹ r ʁ w j h", 65),
)
_MS: Final = {sound: ms for sounds, ms in _DURATIONS for sound in sounds.split()}
_ANY_MS: Final = 80
_VOWELS: Final = frozenset(
    "aɪ aʊ eɪ oʊ ɔɪ iː uː ɑː ɔː ɜː aː eː oː yː øː æ a ɒ ɔ ɛ e ʌ o ɐ ø ɪ i ʊ u y ɚ ə".split()
)
# The last vowel before a pause is drawn out, and so is what follows it.
_LAST_VOWEL: Final = 1.4
_AFTER_IT: Final = 1.25
_BREAKS: Final = frozenset(".!?…:;,–—。！？，、")
# A pause stands at a comma, if one is not further than this from where it is expected; and few
# commas are read without one.
_BREAK_WORTH_MS: Final = 350
_NO_BREAK_MS: Final = 60
_REACH: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    """A word, its sounds with their usual lengths, and whether a pause may follow."""

    char: int
    sounds: tuple[tuple[str, float], ...]
    pauses: bool

    @property
    def ms(self) -> float:
        """Return how long it usually takes."""
        return sum(ms for _, ms in self.sounds)


def estimate_marks(
    text: str,
    offset: int,
    start_ms: int,
    end_ms: int,
    *,
    language: str = "en",
    runs: Sequence[Run] = (),
) -> SpeechMarks:
    """Return a guess at the marks of a text that is heard within a span.

    `runs` are where the voice is heard (`heard_runs`), on the same clock; without them it is taken
    to be heard all the time.
    """
    words = _words(text, offset, language)
    heard = [run for run in runs if run[1] > run[0]] or [(start_ms, end_ms)]
    marks: list[Mark] = []
    if words and end_ms > start_ms:
        for run, group in zip(heard, _shared_out(words, heard), strict=True):
            marks += _fitted(group, run)
    return SpeechMarks(
        text=text,
        offset=offset,
        start_ms=start_ms,
        end_ms=end_ms,
        marks=tuple(marks),
        source=Source.ESTIMATED,
    )


def heard_runs(pcm: bytes, rate_hz: int, channels: int = 1) -> list[Run]:
    """Return where a voice is heard in 16-bit PCM; stretches apart by less than a pause are one."""
    levels = _levels(pcm, max(1, rate_hz * channels * _FRAME_MS // 1000))
    floor = max(levels, default=0) * _AUDIBLE
    runs: list[Run] = []
    for frame, level in enumerate(levels):
        if level <= floor or not level:
            continue
        start, end = frame * _FRAME_MS, (frame + 1) * _FRAME_MS
        if runs and start - runs[-1][1] < _PAUSE_MS:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return [run for run in runs if run[1] - run[0] >= _SHORTEST_RUN_MS]


def _levels(pcm: bytes, step: int) -> list[int]:
    """Return the peak of each frame."""
    samples = array("h", pcm[: len(pcm) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    frames = (samples[at : at + step] for at in range(0, len(samples), step))
    return [max(highest, -lowest) for highest, lowest in map(_extremes, frames)]


def _extremes(frame: array[int]) -> tuple[int, int]:
    """Return the highest and the lowest sample."""
    return max(frame), min(frame)


def _words(text: str, offset: int, language: str) -> list[_Word]:
    """Return the words of a text with their sounds."""
    found = words_of(text)
    ends = [*(match.start() for match in found[1:]), len(text)][: len(found)]
    return [
        _Word(
            char=offset + match.start(),
            sounds=_timed(sounds_of(match.group(), language), pauses=pauses),
            pauses=pauses,
        )
        for match, end in zip(found, ends, strict=True)
        for pauses in [bool(_BREAKS & set(text[match.start() : end][1:]))]
    ]


def _timed(sounds: Sequence[str], *, pauses: bool) -> tuple[tuple[str, float], ...]:
    """Return the sounds with their usual lengths."""
    last = max((at for at, sound in enumerate(sounds) if sound in _VOWELS), default=len(sounds))
    factors = [
        1.0 if not pauses or at < last else _LAST_VOWEL if at == last else _AFTER_IT
        for at in range(len(sounds))
    ]
    return tuple(
        (sound, _MS.get(sound, _ANY_MS) * factor)
        for sound, factor in zip(sounds, factors, strict=True)
    )


def _shared_out(words: Sequence[_Word], runs: Sequence[Run]) -> list[Sequence[_Word]]:
    """Return the words of each run: as many as fit it, and rather up to a comma than beyond it.

    The cheapest way to share them out, looking only at places not far from where the time says.
    """
    ends = list(accumulate((word.ms for word in words), initial=0.0))
    scale = ends[-1] / max(1, sum(end - start for start, end in runs))
    ways: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    heard_ms = 0
    for start, end in runs[:-1]:
        heard_ms += end - start
        near = bisect_left(ends, heard_ms * scale)
        wanted_ms = (end - start) * scale
        ways = {
            last: min(
                (cost + _misfit(words, ends, first, last, wanted_ms), (*cuts, last))
                for first, (cost, cuts) in ways.items()
            )
            for last in range(max(0, near - _REACH), min(len(words), near + _REACH) + 1)
        }
    last_ms = (runs[-1][1] - runs[-1][0]) * scale
    _, cuts = min(
        (cost + _misfit(words, ends, first, len(words), last_ms), cuts)
        for first, (cost, cuts) in ways.items()
    )
    bounds = (0, *cuts, len(words))
    return [words[first:last] for first, last in pairwise(bounds)]


def _misfit(
    words: Sequence[_Word], ends: Sequence[float], first: int, last: int, wanted_ms: float
) -> float:
    """Return how badly some words fit into a run: by their length, and where they end."""
    if last < first:
        return inf
    cut = 0 if last == len(words) or (last and words[last - 1].pauses) else _BREAK_WORTH_MS
    unpaused = sum(word.pauses for word in words[first : last - 1]) * _NO_BREAK_MS
    return abs(ends[last] - ends[first] - wanted_ms) + cut + unpaused


def _fitted(words: Sequence[_Word], run: Run) -> list[Mark]:
    """Return the marks of words that fill a run."""
    total_ms = sum(word.ms for word in words)
    if not total_ms:
        return []
    scale = (run[1] - run[0]) / total_ms
    marks: list[Mark] = []
    done_ms = 0.0
    for word in words:
        for sound, ms in word.sounds:
            start = round(run[0] + done_ms * scale)
            done_ms += ms
            end = round(run[0] + done_ms * scale)
            if end > start:
                marks.append(Mark(phoneme=sound, start_ms=start, end_ms=end, char=word.char))
    return marks
