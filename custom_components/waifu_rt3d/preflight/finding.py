"""What a check found about one part."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

type Run = Callable[[], Coroutine[Any, Any, list[Finding]]]


class State(StrEnum):
    """How well a part works."""

    GREEN = "green"
    AMBER = "amber"
    """Works, and costs what the sentence says."""
    RED = "red"
    """Does not work; the sentence says what to do."""


class Part(StrEnum):
    """What is tried."""

    MIND = "mind"
    VOICE = "voice"
    EARS = "ears"
    SERVER = "server"
    ROOM = "room"
    MEMORY = "memory"
    VERSION = "version"
    CARD = "card"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One light of the preflight.

    `key` names the sentence: `common.preflight_KEY` where all is well, else
    `issues.preflight_KEY` with a title and what to do.
    """

    part: Part
    subject: str
    """Stable id of what was tried: a character, an entry, or the part itself."""
    name: str
    """What people call it."""
    state: State
    key: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Return the id of this light, the same in every run."""
        return f"{self.part.value}_{self.subject}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Something to try, and what it lights."""

    parts: frozenset[Part]
    subject: str
    name: str
    limit_s: float
    """After so long it is given up."""
    run: Run

    def gave_up(self) -> list[Finding]:
        """Return that there was no answer in time."""
        return self._red("no_answer", seconds=f"{self.limit_s:.0f}")

    def broke(self) -> list[Finding]:
        """Return that the check itself failed."""
        return self._red("check_broke")

    def _red(self, key: str, **values: str) -> list[Finding]:
        """Light all parts red."""
        return [
            Finding(
                part=part,
                subject=self.subject,
                name=self.name,
                state=State.RED,
                key=key,
                values={"name": self.name or part.value} | values,
            )
            for part in sorted(self.parts)
        ]
