"""Find in a message what was searched for, and cut a piece that shows it.

Marks are numbers beside the text, never tags in it: what a message says can't become markup.
"""

from dataclasses import dataclass
from functools import lru_cache
import re

from .query import Term
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


def snippet(text: str, terms: list[Term], length: int = SNIPPET_CHARACTERS) -> Snippet:
    """Return the piece of a text with the first found places."""
    found = _joined(sorted(place for term in terms for place in _places(text, term)))
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


def _places(text: str, term: Term) -> list[tuple[int, int]]:
    """Return where a text has a term."""
    found = [
        (start, start + len(run)) for run in unspaced_runs(term.text) for start in _every(text, run)
    ]
    wanted = _words(term)
    if not wanted:
        return found
    if text.isascii():
        return found + [one.span() for one in _pattern(term).finditer(text.lower())]
    words = spans(text)
    for place in range(len(words) - len(wanted) + 1):
        part = words[place : place + len(wanted)]
        if _same([word for word, _, _ in part], wanted, prefix=term.prefix):
            found.append((part[0][1], part[-1][2]))
    return found


@lru_cache
def _words(term: Term) -> list[str]:
    """Return the words of a term as the index knows them."""
    return [word for word, _, _ in spans(term.text) if not unspaced_runs(word)]


@lru_cache
def _pattern(term: Term) -> re.Pattern[str]:
    """Return what finds a term in plain lower-case letters: faster than to look at every word."""
    words = r"[\W_]+".join(re.escape(word) for word in _words(term))
    rest = r"[^\W_]*" if term.prefix else ""
    return re.compile(rf"(?<![^\W_]){words}{rest}(?![^\W_])", re.ASCII)


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
