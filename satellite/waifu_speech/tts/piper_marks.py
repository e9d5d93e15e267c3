"""From phoneme ids and their samples to marks on words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
import unicodedata

import numpy as np

from ..marks import HEARD_LEVEL, Mark, tidy
from ..words import WordFinder

_PAD: Final = "_"
_EDGES: Final = frozenset("^$")
_STRESS: Final = frozenset("ˈˌ'\"")
_LENGTH: Final = frozenset("ːˑ:")
_PAUSES: Final = frozenset(" .,;!?…—–-()|‖")
# About how long sounds are beside each other, where a voice does not tell.
_LETTER_WEIGHT: Final = 6
_PAUSE_WEIGHT: Final = 4
_PAD_WEIGHT: Final = 1

type IdMap = Mapping[str, Sequence[int]]
type Pcm = np.ndarray[Any, np.dtype[np.int16]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """The ids of one of the engine's sentences and how many samples each took."""

    ids: list[int]
    samples: list[int]


@dataclass(slots=True, kw_only=True)
class _Sound:
    """One sound: what it is, from which sample to which, in which word of the phonemes."""

    phoneme: str
    start: int
    end: int
    word: int


def marks_of(
    text: str, sentences: Sequence[Timed], pcm: Pcm, rate_hz: int, id_map: IdMap
) -> tuple[Mark, ...]:
    """Return the marks of a segment; the ids decide, whatever phonemes have no id."""
    names = {number: name for name, numbers in id_map.items() for number in numbers}
    sounds: list[_Sound] = []
    start = 0
    for sentence in sentences:
        sounds += _sounds(sentence, names, start, sounds[-1].word + 1 if sounds else 0)
        start += sum(sentence.samples)
    chars = _chars(text, sounds)
    marks = [
        Mark(
            phoneme=sound.phoneme,
            start_ms=sound.start * 1000 // rate_hz,
            end_ms=sound.end * 1000 // rate_hz,
            char=chars[sound.word],
        )
        for sound in _without_unheard_gaps(sounds, pcm)
    ]
    return tuple(tidy(marks, len(pcm) * 1000 // rate_hz))


def estimated_samples(ids: Sequence[int], id_map: IdMap, total: int) -> list[int]:
    """Return samples for each id by weight, for a voice that does not tell them."""
    quiet = {number for name in _PAUSES | _EDGES for number in id_map.get(name, ())}
    pads = set(id_map.get(_PAD, ()))
    weights = [
        _PAD_WEIGHT if number in pads else _PAUSE_WEIGHT if number in quiet else _LETTER_WEIGHT
        for number in ids
    ]
    ends = np.rint(np.cumsum(weights) * total / sum(weights)).astype(int)
    return [int(value) for value in np.diff(ends, prepend=0)]


def _sounds(sentence: Timed, names: Mapping[int, str], start: int, word: int) -> list[_Sound]:
    """Return the sounds of one sentence: pads, stress and length belong to their phoneme."""
    sounds: list[_Sound] = []
    stress_from: int | None = None
    at = start
    for number, samples in zip(sentence.ids, sentence.samples, strict=True):
        name = names.get(number, "")
        begin, at = at, at + samples
        if name in _STRESS:
            stress_from = begin if stress_from is None else stress_from
        elif (name == _PAD or not name) and stress_from is not None:
            continue
        elif name == _PAD or not name:
            _lengthen(sounds, begin, at, word)
        elif _belongs_to_last(name) and sounds and sounds[-1].phoneme:
            sounds[-1].phoneme += name
            sounds[-1].end = at
        else:
            begin = begin if stress_from is None else stress_from
            stress_from = None
            pause = name in _PAUSES or name in _EDGES
            if name in _PAUSES and sounds and sounds[-1].phoneme:
                word += 1
            phoneme = "" if pause else name
            sounds.append(_Sound(phoneme=phoneme, start=begin, end=at, word=word))
    return sounds


def _belongs_to_last(name: str) -> bool:
    """Return whether a sign only changes the sound before it: length, nasal, syllabic, tone."""
    return name in _LENGTH or unicodedata.category(name[0]) in {"Mn", "Lm", "Nd"}


def _lengthen(sounds: list[_Sound], begin: int, end: int, word: int) -> None:
    """Give a pad to the sound before it."""
    if sounds:
        sounds[-1].end = end
    else:
        sounds.append(_Sound(phoneme="", start=begin, end=end, word=word))


def _without_unheard_gaps(sounds: list[_Sound], pcm: Pcm) -> list[_Sound]:
    """Return the sounds with a gap between two words given to the first, where the voice goes on.

    Fluent speech does not stop at a space; only where it falls silent may the mouth shut.
    """
    kept: list[_Sound] = []
    for sound in sounds:
        if kept and kept[-1].phoneme and not sound.phoneme and _sounding(pcm, sound):
            kept[-1].end = sound.end
        else:
            kept.append(replace(sound))
    return kept


def _sounding(pcm: Pcm, sound: _Sound) -> bool:
    """Return whether the voice is heard through the whole of a span."""
    part = pcm[sound.start : sound.end].astype(np.float64)
    thirds = [third for third in np.array_split(part, 3) if len(third)]
    return bool(thirds) and all(np.mean(third**2) > HEARD_LEVEL**2 for third in thirds)


def _chars(text: str, sounds: list[_Sound]) -> list[int]:
    """Return for each word of the phonemes where its word of the text begins.

    espeak-ng joins small words ("of the") and takes numbers apart, so where the counts differ each
    word is found by how far into the text it is, in sounds and in letters.
    """
    count = sounds[-1].word + 1 if sounds else 0
    starts = WordFinder(text).starts or [0]
    spoken = [0] * count
    for sound in sounds:
        spoken[sound.word] += bool(sound.phoneme)
    said = [number for number in range(count) if spoken[number]]
    if len(said) == len(starts):
        nearest = dict(zip(said, starts, strict=True))
    else:
        nearest = _by_share(said, spoken, starts, len(text))
    chars = []
    last = starts[0]
    for number in range(count):
        last = nearest.get(number, last)
        chars.append(last)
    return chars


def _by_share(
    said: list[int], spoken: list[int], starts: Sequence[int], length: int
) -> dict[int, int]:
    """Return for each spoken word the word of the text that is as far from the start."""
    total = max(1, sum(spoken))
    before = 0
    found = {}
    for number in said:
        middle = (before + spoken[number] / 2) / total * length
        found[number] = max((start for start in starts if start <= middle), default=starts[0])
        before += spoken[number]
    return found
