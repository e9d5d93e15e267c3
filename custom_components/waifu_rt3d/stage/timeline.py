"""One timeline for a reply: visemes, words and cues on the reply's own audio (contract `timeline`)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
import re

from .cues import Cue
from .visemes import Mark, Viseme, visemes

TIMELINE_VERSION = 1
_WORD = re.compile(r"\S+")
_TEXT_MS_PER_CHARACTER = 65
"""About 160 words a minute, for a mouth that moves without sound."""


class Source(StrEnum):
    """How well the times of a segment are known."""

    EXACT = "exact"
    ALIGNED = "aligned"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechMarks:
    """The phonemes of one spoken segment (contract `speech-marks`)."""

    text: str
    offset: int
    start_ms: int
    end_ms: int
    marks: tuple[Mark, ...]
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word of the segment and when it begins."""

    at_ms: int
    offset: int
    length: int

    def as_dict(self) -> dict[str, int]:
        """Return the word as the timeline contract writes it."""
        return {"at_ms": self.at_ms, "offset": self.offset, "length": self.length}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedCue:
    """A cue with its place on the audio."""

    at_ms: int
    cue: Cue

    def as_dict(self) -> dict[str, object]:
        """Return the cue as the timeline contract writes it."""
        return {
            "at_ms": self.at_ms,
            "kind": self.cue.kind.value,
            "name": self.cue.name,
            "intensity": self.cue.intensity,
            "hold_ms": self.cue.hold_ms,
            "offset": self.cue.offset,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One document of the timeline; the bus adds turn and sequence number."""

    index: int
    text: str
    offset: int
    start_ms: int
    end_ms: int
    visemes: tuple[Viseme, ...]
    words: tuple[Word, ...]
    cues: tuple[TimedCue, ...]
    source: Source
    final: bool

    def as_dict(self) -> dict[str, object]:
        """Return the document without `turn_id` and `seq`."""
        return {
            "v": TIMELINE_VERSION,
            "segment": self.index,
            "text": self.text,
            "offset": self.offset,
            "audio": {"start_ms": self.start_ms, "duration_ms": self.end_ms - self.start_ms},
            "visemes": [viseme.as_dict() for viseme in self.visemes],
            "words": [word.as_dict() for word in self.words],
            "cues": [cue.as_dict() for cue in self.cues],
            "source": self.source.value,
            "final": self.final,
        }


class TimelineBuilder:
    """Number the segments of one reply and put each cue into the segment that speaks it."""

    def __init__(self) -> None:
        """Start an empty timeline."""
        self._index = 0
        self._cues_done = 0
        self._end_ms = 0
        self._end_offset = 0
        self._source = Source.EXACT

    @property
    def duration_ms(self) -> int:
        """Return how much sound the segments so far cover."""
        return self._end_ms

    def segment(self, spoken: SpeechMarks, cues: Sequence[Cue]) -> Segment:
        """Return the next segment; `cues` is the whole list of the turn so far, in order."""
        words = spoken_words(spoken)
        end_offset = spoken.offset + len(spoken.text)
        timed = self._take(cues, end_offset, words, spoken.end_ms)
        self._end_ms, self._end_offset, self._source = spoken.end_ms, end_offset, spoken.source
        return self._number(spoken, words, timed, final=False)

    def finish(self, cues: Sequence[Cue]) -> Segment:
        """Return the last, empty segment with the cues that no word followed."""
        timed = tuple(TimedCue(at_ms=self._end_ms, cue=cue) for cue in cues[self._cues_done :])
        self._cues_done = len(cues)
        empty = SpeechMarks(
            text="",
            offset=self._end_offset,
            start_ms=self._end_ms,
            end_ms=self._end_ms,
            marks=(),
            source=self._source,
        )
        return self._number(empty, (), timed, final=True)

    def _number(
        self,
        spoken: SpeechMarks,
        words: Iterable[Word],
        cues: tuple[TimedCue, ...],
        *,
        final: bool,
    ) -> Segment:
        """Give the segment its number."""
        segment = Segment(
            index=self._index,
            text=spoken.text,
            offset=spoken.offset,
            start_ms=spoken.start_ms,
            end_ms=spoken.end_ms,
            visemes=tuple(visemes(spoken.marks, spoken.start_ms, spoken.end_ms)),
            words=tuple(words),
            cues=cues,
            source=spoken.source,
            final=final,
        )
        self._index += 1
        return segment

    def _take(
        self, cues: Sequence[Cue], end_offset: int, words: Sequence[Word], end_ms: int
    ) -> tuple[TimedCue, ...]:
        """Take the cues before `end_offset`; one behind the last word waits for the next segment."""
        last_word_end = words[-1].offset + words[-1].length if words else 0
        taken: list[TimedCue] = []
        for cue in cues[self._cues_done :]:
            if cue.offset >= min(end_offset, last_word_end):
                break
            taken.append(TimedCue(at_ms=_word_time(words, cue.offset, end_ms), cue=cue))
        self._cues_done += len(taken)
        return tuple(taken)


def spoken_words(spoken: SpeechMarks) -> tuple[Word, ...]:
    """Return the words of a segment with the time of their first phoneme.

    A word without phonemes of its own (an engine that reads "5 °C" as one word) takes the time of
    the next word that has some.
    """
    starts: dict[int, int] = {}
    for mark in spoken.marks:
        if mark.phoneme:
            starts.setdefault(mark.char, mark.start_ms)
    words: list[Word] = []
    at_ms = spoken.end_ms
    for match in reversed(words_of(spoken.text)):
        first, last = spoken.offset + match.start(), spoken.offset + match.end()
        inside = [ms for char, ms in starts.items() if first <= char < last]
        at_ms = min(inside, default=at_ms)
        words.append(Word(at_ms=at_ms, offset=first, length=len(match.group())))
    return tuple(reversed(words))


def words_of(text: str) -> list[re.Match[str]]:
    """Return what is said aloud between spaces; an emoji or a dash alone is no word."""
    return [match for match in _WORD.finditer(text) if any(map(str.isalnum, match.group()))]


def silent_duration_ms(text: str) -> int:
    """Return how long a mouth without sound takes for a text."""
    return len(text.strip()) * _TEXT_MS_PER_CHARACTER


def _word_time(words: Sequence[Word], offset: int, end_ms: int) -> int:
    """Return when the word at or behind an offset begins."""
    for word in words:
        if word.offset + word.length > offset:
            return word.at_ms
    return end_ms
