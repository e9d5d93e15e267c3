"""What the markup parser recognises, as values: a span of the input and what becomes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from .cues import CueName


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the reply the held text stands."""

    before: str
    """The raw character before it, empty at the beginning."""
    line_start: bool
    boundary: bool
    """A sentence could begin here."""
    word_before: str
    row: bool
    """The line is a row of a table."""
    stressed: bool
    """An asterisk or underscore of this line is still open."""
    nothing_yet: bool
    """Nothing was shown or spoken before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A recognised beginning of the held text.

    What is shown and spoken of it; `None` means that it was taken out there.
    """

    length: int
    display: str | None = None
    speech: str | None = None
    inner: str | None = None
    """Markup whose speech is spoken in place of this span (the text of a link)."""
    action: str | None = None
    """Content of a stage direction."""
    mark: str = ""
    """Delimiter of a stage direction."""
    cues: tuple[CueName, ...] = ()
    unknown: str | None = None
    hide_until: str | None = None
    """Everything up to this text is neither shown nor spoken."""
    secret: bool = False
    """What is hidden stays hidden when its end never comes."""
    fence: str | None = None
    row: bool = False
    pause: bool = False
    stress: bool | None = None
    line_mark: bool = False
    """It marks the line and leaves the place at the start of the line."""


class Undecided(Enum):
    """More input is needed."""

    WAIT = "wait"


WAIT = Undecided.WAIT
type Match = Span | Undecided | None
type Matcher = Callable[[str, Place, bool], Match]


def run_of(held: str) -> int:
    """Return how often the first character is repeated."""
    return len(held) - len(held.lstrip(held[0]))


def drop_mark(length: int, held: str, **more: bool) -> Span:
    """Return a span that is shown but leaves no trace in the speech."""
    return Span(
        length=length,
        display=held[:length],
        speech="",
        stress=more.get("stress"),
        line_mark=more.get("line_mark", False),
    )


def literal(length: int, held: str) -> Span:
    """Return a span that is text."""
    return Span(length=length, display=held[:length], speech=held[:length])
