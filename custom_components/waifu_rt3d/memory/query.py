"""Understand what a person types into the search field.

`garden lights` finds messages with both words, `"garden lights"` that phrase, `gard*` words that
begin so. `OR`, `NOT` (or a leading `-`) and brackets work, in capitals; `AND` may be left out.

The index knows beginnings of three letters. A shorter one gathers every word that it begins, which
are those of most messages: who has very many of them takes it for the whole word.
"""

from collections.abc import Iterator
from dataclasses import dataclass
import re
import unicodedata

from .errors import BadQuery
from .folding import searchable
from .symbols import symbol_query, symbol_runs
from .words import gram_query, spans, unspaced_runs

MAX_CHARACTERS = 500
MAX_TERMS = 32
MAX_DEPTH = 20
BEGINNING_LETTERS = 3

_TOKEN = re.compile(
    r'\s*(?:(?P<bracket>[()])|(?P<minus>-)(?=\S)|"(?P<phrase>[^"]*)"?|(?P<word>[^\s()"]+))'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Look for one word, the beginning of one, or a phrase."""

    text: str
    prefix: bool = False

    def expression(self) -> str | None:
        """Return the full-text expression; nothing for one of mere punctuation."""
        runs = unspaced_runs(self.text)
        parts = [gram_query(run) for run in runs]
        parts += [symbol_query(run) for run in symbol_runs(self.text)]
        spaced = self.text
        for run in runs:
            spaced = spaced.replace(run, " ")
        words = spans(spaced)
        if words:
            folded = self._quoted([word for word, _, _ in words])
            written = [spaced[start:end] for _, start, end in words]
            if any(map(searchable, written)):
                # messages of an older version, until they are indexed anew
                folded = f"({folded} OR {self._quoted(written)})"
            parts.insert(0, folded)
        return " AND ".join(parts) if len(parts) < 2 else f"({' AND '.join(parts)})"

    def _quoted(self, words: list[str]) -> str:
        """Return words as one phrase."""
        return '"' + " ".join(words) + '"' + ("*" if self.prefix else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Hold a search as a full-text expression, with the terms that are to be marked.

    `brief` says that the beginning of a word was asked for by fewer letters than the index knows.
    """

    expression: str
    terms: list[Term]
    brief: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Hold a part of an expression and whether it says what must not be there."""

    expression: str
    negative: bool = False


def parse(text: str, *, as_typed: bool = False, brief: bool = True) -> Query:
    """Understand a search; with `as_typed` the last word may be the beginning of one.

    Without `brief`, one or two letters are a whole word, never the beginning of one.
    """
    if len(text) > MAX_CHARACTERS:
        raise BadQuery(f"A search may have {MAX_CHARACTERS} characters, this one has {len(text)}")
    parser = _Parser(text, as_typed=as_typed, brief=brief)
    part = parser.either(0)
    if parser.token is not None:
        raise BadQuery(f"A bracket too many at character {parser.at + 1}")
    if part is None:
        raise BadQuery("Type a word to look for")
    if part.negative:
        raise BadQuery("Type a word to look for, not only what to leave out")
    return Query(expression=part.expression, terms=parser.terms, brief=parser.brief)


def _is_brief(beginning: str) -> bool:
    """Say whether a beginning has too few letters; a Korean syllable counts as what it is made of."""
    last = next((word for word, _, _ in reversed(spans(beginning))), "")
    return bool(last) and len(unicodedata.normalize("NFD", last)) < BEGINNING_LETTERS


class _Parser:
    """Read a search token by token."""

    def __init__(self, text: str, *, as_typed: bool, brief: bool) -> None:
        """Stand on the first token."""
        self.terms: list[Term] = []
        self.brief = False
        self._may_be_brief = brief
        self.at = 0
        self.token: tuple[str, str] | None = None
        self._denied = False
        self._count = 0
        self._as_typed = as_typed
        self._text = text
        self._tokens = self._read()
        self._next()

    def either(self, depth: int) -> _Part | None:
        """Read parts joined by OR."""
        if depth > MAX_DEPTH:
            raise BadQuery(f"More than {MAX_DEPTH} brackets inside each other")
        found = [self._all(depth)]
        while self.token == ("word", "OR"):
            self._next()
            found.append(self._all(depth))
        parts = [part for part in found if part is not None]
        if len(parts) < 2:
            return parts[0] if parts else None
        if any(part.negative for part in parts):
            raise BadQuery("OR needs a word on both sides, not something to leave out")
        return _Part(expression=f"({' OR '.join(part.expression for part in parts)})")

    def _all(self, depth: int) -> _Part | None:
        """Read parts that must all hold."""
        wanted: list[str] = []
        unwanted: list[str] = []
        while self.token is not None and self.token not in (("word", "OR"), ("bracket", ")")):
            if self.token == ("word", "AND"):
                self._next()
                continue
            part = self._one(depth)
            if part is not None:
                (unwanted if part.negative else wanted).append(part.expression)
        if not wanted:
            joined = f"({' OR '.join(unwanted)})"
            return _Part(expression=joined, negative=True) if unwanted else None
        expression = wanted[0] if len(wanted) == 1 else f"({' AND '.join(wanted)})"
        if unwanted:
            expression = f"({expression} NOT ({' OR '.join(unwanted)}))"
        return _Part(expression=expression)

    def _one(self, depth: int) -> _Part | None:
        """Read a term, a bracket or something to leave out."""
        assert self.token is not None
        kind, text = self.token
        if kind == "minus" or (kind, text) == ("word", "NOT"):
            return self._without(depth)
        if kind == "bracket":
            return self._bracket(depth)
        return self._term(kind, text)

    def _without(self, depth: int) -> _Part | None:
        """Read what must not be there."""
        self._next()
        if self.token is None or self.token == ("bracket", ")"):
            return None
        before, self._denied = self._denied, not self._denied
        part = self._one(depth + 1)
        self._denied = before
        if part is None:
            return None
        if part.negative:
            raise BadQuery("NOT twice is too much")
        return _Part(expression=part.expression, negative=True)

    def _bracket(self, depth: int) -> _Part | None:
        """Read what stands in brackets."""
        opened = self.at
        self._next()
        part = self.either(depth + 1)
        if self.token != ("bracket", ")"):
            raise BadQuery(f"The bracket at character {opened + 1} is not closed")
        self._next()
        return part

    def _term(self, kind: str, text: str) -> _Part | None:
        """Read a word, the beginning of one, or a phrase."""
        self._next()
        last = self.token is None and kind == "word" and self._as_typed
        bare = text.rstrip("*") if kind == "word" else text
        prefix = last or (kind == "word" and bare != text)
        if prefix and _is_brief(bare):
            self.brief = True
            prefix = self._may_be_brief
        term = Term(text=bare, prefix=prefix)
        expression = term.expression()
        if not expression:
            return None
        self._count += 1
        if self._count > MAX_TERMS:
            raise BadQuery(f"A search may have {MAX_TERMS} words")
        if not self._denied:
            self.terms.append(term)
        return _Part(expression=expression)

    def _read(self) -> Iterator[tuple[str, str]]:
        """Cut the text into tokens, each as its kind and what it says."""
        place = 0
        while found := _TOKEN.match(self._text, place):
            if found.end() == place or found.lastgroup is None:
                return
            kind = found.lastgroup
            self.at = found.start(kind)
            yield kind, found[kind]
            place = found.end()

    def _next(self) -> None:
        """Step to the next token."""
        self.token = next(self._tokens, None)
