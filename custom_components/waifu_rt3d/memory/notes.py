"""Keep what a person asked to remember."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, bindparam, delete, insert, update

from .errors import BadQuery, NotFound
from .people import key_id, person_id
from .schema import character, note, person
from .scope import Scope, Sight, notes_in_sight

MAX_CHARACTERS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Show one note; without a `character` every character knows it."""

    id: str
    audience: str
    character: str | None
    text: str
    created_ms: int
    changed_ms: int
    source_id: int | None
    pinned: bool


def add(
    connection: Connection,
    scope: Scope,
    words: str,
    *,
    audience: str | None,
    for_all: bool,
    source_id: int | None,
    pinned: bool,
    now_ms: int,
) -> str:
    """Store a note of the scope's person, or of the household; return its id.

    It belongs to the scope's character unless it is `for_all`.
    """
    sight = scope.sight(connection)
    sight.may_write()
    whose = audience or scope.person
    if whose not in scope.audiences:
        raise NotFound("There is no such audience")
    if source_id is not None:
        sight.message_row(connection, source_id)
    of_one = None if for_all or scope.character is None else scope.character
    uid = uuid4().hex
    connection.execute(
        insert(note).values(
            uid=uid,
            audience_id=person_id(connection, whose),
            character_id=None if of_one is None else key_id(connection, character, of_one),
            text=_checked(words),
            created_ms=now_ms,
            changed_ms=now_ms,
            source_id=source_id,
            pinned=int(pinned),
        )
    )
    return uid


def listed(connection: Connection, scope: Scope) -> list[Note]:
    """Return all notes that may be seen, pinned ones first, then the newest."""
    return in_sight(connection, scope.sight(connection))


def in_sight(connection: Connection, sight: Sight) -> list[Note]:
    """Return all notes in sight, pinned ones first, then the newest."""
    return [_note(row) for row in sight.ask(connection, _LISTED)]


def change(
    connection: Connection,
    scope: Scope,
    uid: str,
    *,
    words: str | None,
    pinned: bool | None,
    now_ms: int,
) -> None:
    """Change a note's words or its pin."""
    number = _number(connection, scope, uid)
    values: dict[str, Any] = {"changed_ms": now_ms}
    if words is not None:
        values["text"] = _checked(words)
    if pinned is not None:
        values["pinned"] = int(pinned)
    connection.execute(update(note).where(note.c.id == number).values(values))


def forget(connection: Connection, scope: Scope, uid: str) -> int | None:
    """Remove a note and what was derived from it; return the message it came from."""
    number = _number(connection, scope, uid)
    removed = delete(note).where(note.c.id == number).returning(note.c.source_id)
    source_id: int | None = connection.execute(removed).scalar_one()
    return source_id


_LISTED = notes_in_sight(
    note, person.c.key.label("audience"), character.c.key.label("character")
).order_by(note.c.pinned.desc(), note.c.changed_ms.desc(), note.c.id.desc())
_NUMBER = notes_in_sight(note.c.id).where(note.c.uid == bindparam("uid"))


def _number(connection: Connection, scope: Scope, uid: str) -> int:
    """Return the number of a note that may be changed."""
    sight = scope.sight(connection)
    sight.may_write()
    found = sight.ask(connection, _NUMBER, {"uid": uid}).scalar()
    if found is None:
        raise NotFound("There is no such note")
    return int(found)


def _checked(words: str) -> str:
    """Return the words of a note, in order."""
    kept = words.strip()
    if not kept:
        raise BadQuery("A note needs words")
    if len(kept) > MAX_CHARACTERS:
        raise BadQuery(f"A note may have {MAX_CHARACTERS} characters, this one has {len(kept)}")
    return kept


def _note(row: Any) -> Note:
    """Return a row as a note."""
    return Note(
        id=row.uid,
        audience=row.audience,
        character=row.character,
        text=row.text,
        created_ms=row.created_ms,
        changed_ms=row.changed_ms,
        source_id=row.source_id,
        pinned=bool(row.pinned),
    )
