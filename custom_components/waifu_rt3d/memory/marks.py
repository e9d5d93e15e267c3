"""Find in a message what was searched for, and cut a piece that shows it.

Marks are numbers beside the text, never tags in it: what a message says can't become markup.
"""

from dataclasses import dataclass
from functools import lru_cache
import re

from .query import Term
from .symbols import symbol_pattern, symbol_runs
from .words import spans, unspaced_runs

SNIPPET_CHARACTERS = 180
_BEFORE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Name a found place of a snippet, in code points."""

    start: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """Hold a piece of a message; `offset` is where it begins there."""

    text: str
    offset: int
    marks: list[Mark]
    cut_before: bool
    cut_after: bool


class Marker:
    """Find the terms of one search in many messages."""

    def __init__(self, terms: list[Term]) -> None:
        """Look at the terms once."""
        self._runs = [run for term in terms for run in unspaced_runs(term.text)]
        self._symbols = [symbol_pattern(run) for term in terms for run in symbol_runs(term.text)]
        spoken = [(_words(term), term.prefix) for term in terms]
        self._wanted = [(words, prefix) for words, prefix in spoken if words]
        self._patterns = [_pattern(words, prefix=prefix) for words, prefix in self._wanted]

    def snippet(self, text: str, length: int = SNIPPET_CHARACTERS) -> Snippet:
        """Return the piece of a text with the first found places."""
        found = _joined(sorted(self._places(text)))
        start, end = _cut(text, found[0][0] if found else 0, length)
        marks = [
            Mark(start=first - start, length=min(last, end) - first)
            for first, last in found
            if start <= first < end
        ]
        return Snippet(
            text=text[start:end],
            offset=start,
            marks=marks,
            cut_before=start > 0,
            cut_after=end < len(text),
        )

    def _places(self, text: str) -> list[tuple[int, int]]:
        """Return where a text has the terms."""
        if text.isascii():
            plain = text.lower()
            return [one.span() for pattern in self._patterns for one in pattern.finditer(plain)]
        found = [(start, start + len(run)) for run in self._runs for start in _every(text, run)]
        found += [one.span() for pattern in self._symbols for one in pattern.finditer(text)]
        words = spans(text) if self._wanted else []
        for wanted, prefix in self._wanted:
            for place in range(len(words) - len(wanted) + 1):
                part = words[place : place + len(wanted)]
                if _same([word for word, _, _ in part], wanted, prefix=prefix):
                    found.append((part[0][1], part[-1][2]))
        return found


def _words(term: Term) -> list[str]:
    """Return the words of a term as the index knows them."""
    return [word for word, _, _ in spans(term.text) if not unspaced_runs(word)]


@lru_cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern that was compiled before, where there is one."""
    return re.compile(pattern, re.ASCII)


def _pattern(words: list[str], *, prefix: bool) -> re.Pattern[str]:
    """Return what finds a term in plain lower-case letters: faster than to look at every word.

    It begins with the letters themselves, which are looked for faster than what is before them.
    """
    first, *others = [re.escape(word) for word in words]
    rest = "".join(rf"[\W_]+{word}" for word in others) + (r"[^\W_]*" if prefix else "")
    return _compiled(rf"{first}(?<![^\W_]{first}){rest}(?![^\W_])")


def _same(words: list[str], wanted: list[str], *, prefix: bool) -> bool:
    """Say whether words are the wanted ones; with `prefix` the last may go on."""
    if words[:-1] != wanted[:-1]:
        return False
    return words[-1].startswith(wanted[-1]) if prefix else words[-1] == wanted[-1]


def _every(text: str, part: str) -> list[int]:
    """Return every place where a text has a part."""
    places = []
    place = text.find(part)
    while place >= 0:
        places.append(place)
        place = text.find(part, place + len(part))
    return places


def _joined(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join places that touch or overlap."""
    joined: list[tuple[int, int]] = []
    for start, end in places:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _cut(text: str, first: int, length: int) -> tuple[int, int]:
    """Return the piece around a place, cut between words where there are any."""
    if len(text) <= length:
        return 0, len(text)
    start = max(0, min(first - _BEFORE, len(text) - length))
    if start:
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + length)
    if end < len(text):
        space = text.rfind(" ", max(first + 1, end - 30), end)
        end = space if space > 0 else end
    return start, end
