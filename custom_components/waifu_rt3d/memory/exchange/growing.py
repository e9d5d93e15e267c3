"""Grow a session's tree from a file, message by message."""

from dataclasses import dataclass, field
from typing import Any

from ..bulk import WholeMessage, WholeSession
from ..errors import BadImport
from ..values import Attachment, NewMessage, Role
from .dates import LATEST_MS

# What follows a message without a time of its own comes so much later.
STEP_MS = 1000
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignCharacter:
    """Hold what a file tells of a character."""

    name: str
    system_prompt: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """Hold what was read from a file; `kind` names its format, `guessed` an encoding it doesn't tell."""

    kind: str
    sessions: list[WholeSession]
    characters: list[ForeignCharacter] = field(default_factory=list)
    guessed: str | None = None


@dataclass(slots=True)
class Grower:
    """Add messages to the end of a session's way; alternatives become siblings."""

    title: str = ""
    character: str | None = None
    created_ms: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    _messages: list[NewMessage] = field(default_factory=list)
    _parents: list[int | None] = field(default_factory=list)
    _chosen: dict[int, int] = field(default_factory=dict)
    _head: int | None = None
    _last_ms: int | None = None

    def add(
        self,
        role: Role,
        texts: list[str],
        *,
        created_ms: int | None = None,
        chosen: int = 0,
        times_ms: list[int | None] | None = None,
        extra: dict[str, Any] | None = None,
        attachments: list[Attachment] | None = None,
        model: str | None = None,
        author: str | None = None,
    ) -> None:
        """Add a message with its alternatives, of which one was `chosen`."""
        at_ms = self._time(created_ms)
        first = len(self._messages)
        for number, words in enumerate(texts):
            own_ms = times_ms[number] if times_ms and number < len(times_ms) else None
            self._messages.append(
                NewMessage(
                    session_id="",
                    role=role,
                    text=words,
                    created_ms=own_ms or at_ms,
                    author=author,
                    model=model,
                    extra=(extra or {}) if number == chosen else {},
                    attachments=(attachments or []) if number == chosen else [],
                )
            )
            self._parents.append(self._head)
        if self._head is not None:
            self._chosen[self._head] = first + chosen
        self._head = first + chosen

    def whole(self) -> WholeSession:
        """Return the session."""
        times = [one.created_ms for one in self._messages]
        return WholeSession(
            audience=None,
            character=self.character,
            title=self.title,
            created_ms=self.created_ms or min(times, default=0),
            updated_ms=max(times, default=self.created_ms or 0),
            messages=[
                WholeMessage(
                    message=one, parent=self._parents[place], chosen_child=self._chosen.get(place)
                )
                for place, one in enumerate(self._messages)
            ],
            head=self._head,
            titled_by_person=bool(self.title),
            extra=self.extra,
        )

    def _time(self, created_ms: int | None) -> int:
        """Return the message's time; without one it follows the message before."""
        if created_ms is None:
            created_ms = (
                self._last_ms + STEP_MS if self._last_ms is not None else self.created_ms or 0
            )
        self._last_ms = created_ms
        return created_ms


def show(texts: list[str], shown: str, number: Any) -> int:
    """Put what is shown among its alternatives; return its place.

    `number` is the file's own place of it. What is shown may have been edited after it was kept
    there; where the number names none, it is what is alike, or one more alternative.
    """
    if type(number) is int and 0 <= number < len(texts):
        texts[number] = shown
        return number
    if shown not in texts:
        texts.append(shown)
    return texts.index(shown)


def name_of(value: Any) -> str | None:
    """Return a name, if there is one."""
    return value if isinstance(value, str) and value else None


def text_of(value: Any, where: str) -> str:
    """Return a text; refuse anything else with the place."""
    if not isinstance(value, str):
        raise BadImport(f"{where}: there should be a text, not {_kind(value)}")
    return value


def list_of(value: Any, where: str) -> list[Any]:
    """Return a list; refuse anything else with the place."""
    if not isinstance(value, list):
        raise BadImport(f"{where}: there should be a list, not {_kind(value)}")
    return value


def object_of(value: Any, where: str) -> dict[str, Any]:
    """Return an object; refuse anything else with the place."""
    if not isinstance(value, dict):
        raise BadImport(f"{where}: there should be an object, not {_kind(value)}")
    return value


def number_of(value: Any, where: str) -> int:
    """Return a whole number; refuse anything else with the place."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadImport(f"{where}: there should be a whole number, not {_kind(value)}")
    if abs(value) > _LARGEST:
        raise BadImport(f"{where}: the number is too large")
    return value


def moment_of(value: Any, where: str) -> int:
    """Return a time in milliseconds since 1970; refuse what no calendar has."""
    found = number_of(value, where)
    if not 0 <= found <= LATEST_MS:
        raise BadImport(f"{where}: there should be milliseconds since 1970")
    return found


def _kind(value: Any) -> str:
    """Return what a value is, in JSON's words."""
    names = {
        dict: "an object",
        bytes: "bytes",
        list: "a list",
        str: "a text",
        bool: "true or false",
    }
    return "nothing" if value is None else names.get(type(value), "a number")
