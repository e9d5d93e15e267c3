"""Write conversations for people to read: Markdown and plain text."""

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
import re

from ..bulk import WholeSession
from ..values import NewMessage, Role
from .sillytavern import way

_SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-.!<>|~])")


def markdown(
    whole: WholeSession, *, person: str, character: str, zone: tzinfo = UTC
) -> Iterator[str]:
    """Return a session's way as Markdown; what was said can't become markup."""
    person, character = _in_one_line(person), _in_one_line(character)
    yield f"# {_plain(_title(whole))}\n\n"
    yield f"{_plain(person)}, {_plain(character)}, {_time(whole.created_ms, zone)}\n"
    for message in _spoken(whole):
        name = person if message.role is Role.USER else character
        yield f"\n**{_plain(name)}** ({_time(message.created_ms, zone)})\n\n"
        lines = (message.display or message.text).splitlines() or [""]
        yield "\n".join(f"> {_plain(line)}" for line in lines) + "\n"


def plain_text(
    whole: WholeSession, *, person: str, character: str, zone: tzinfo = UTC
) -> Iterator[str]:
    """Return a session's way as plain text."""
    person, character = _in_one_line(person), _in_one_line(character)
    yield f"{_title(whole)}\n{_time(whole.created_ms, zone)}\n"
    for message in _spoken(whole):
        name = person if message.role is Role.USER else character
        yield f"\n[{_time(message.created_ms, zone)}] {name}:\n{message.display or message.text}\n"


def _spoken(whole: WholeSession) -> Iterator[NewMessage]:
    """Return what people and characters said, in order."""
    for place in way(whole):
        message = whole.messages[place].message
        if message.role in (Role.USER, Role.ASSISTANT):
            yield message


def _title(whole: WholeSession) -> str:
    """Return a session's title as a heading takes it."""
    return _in_one_line(whole.title) or "Conversation"


def _in_one_line(text: str) -> str:
    """Return a text without line ends: what follows one would stand outside the heading."""
    return " ".join(text.split())


def _plain(text: str) -> str:
    """Return a text with Markdown's signs taken as letters."""
    return _SIGNS.sub(r"\\\1", text)


def _time(moment_ms: int, zone: tzinfo) -> str:
    """Return a time as people read it."""
    return f"{datetime.fromtimestamp(moment_ms / 1000, zone):%Y-%m-%d %H:%M}"
