"""Read Mira's answers from `answers.toml`."""

from dataclasses import dataclass
from pathlib import Path
import re
import tomllib

ANSWERS = Path(__file__).parent / "answers.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Something people bring up, and what she says to it, in turn."""

    name: str
    patterns: tuple[re.Pattern[str], ...]
    answers: tuple[str, ...]

    def matches(self, text: str) -> bool:
        """Tell whether a text (lower case) brings it up."""
        return any(pattern.search(text) for pattern in self.patterns)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedLine:
    """The demo's own line, whose answer takes its time."""

    line: str
    answer: str
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """All that she can say."""

    scripted: ScriptedLine
    topics: tuple[Topic, ...]
    fallbacks: dict[str, tuple[str, ...]]
    """By the kind of what was said: `echo`, `question`, `topic`, `bare`."""


def read_book(path: Path = ANSWERS) -> Book:
    """Return the answers; order in the file is the order of asking."""
    with path.open("rb") as file:
        data = tomllib.load(file)
    return Book(
        scripted=ScriptedLine(**data["scripted"]),
        topics=tuple(
            Topic(
                name=topic["name"],
                patterns=tuple(re.compile(pattern) for pattern in topic["patterns"]),
                answers=tuple(topic["answers"]),
            )
            for topic in data["topic"]
        ),
        fallbacks={kind: tuple(answers) for kind, answers in data["fallback"].items()},
    )
