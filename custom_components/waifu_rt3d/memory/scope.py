"""Say who reads, and turn that into the only rooms a query can reach.

Nothing in this package reads a conversation without a `Sight`, and a `Sight` comes only from a
`Scope`. Who writes a new query starts from `sessions_in_sight()`, `messages_in_sight()` or
`notes_in_sight()`; there is no other way in. Such a query leaves open which rooms there are: it fails
unless `Sight.ask` fills them in. So it can be written once, for everybody: to make a query anew
costs more than to answer it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Connection, CursorResult, Select, bindparam, or_, select

from .driver import driver
from .errors import NotAllowed, NotFound
from .packing import as_json, listed
from .schema import ROOM_SHIFT, character, message, note, person, session
from .values import GUEST, HOUSEHOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Say on whose behalf the store is asked.

    `person` sees what is theirs. `household` adds what belongs to all who live here, `guests` what
    guests said. A `character` narrows everything to talk with that one. Without `write` nothing can
    be changed.
    """

    person: str
    character: str | None = None
    household: bool = True
    guests: bool = False
    write: bool = True

    @classmethod
    def of(cls, audience: str, character: str | None = None) -> Self:
        """Return the scope of a turn: a person, the household's wall tablet, or a guest."""
        return cls(person=audience, character=character, household=audience != GUEST)

    @property
    def audiences(self) -> tuple[str, ...]:
        """Return the keys of everybody whose rooms may be seen."""
        found = {self.person}
        if self.household:
            found.add(HOUSEHOLD)
        if self.guests:
            found.add(GUEST)
        return tuple(sorted(found))

    def sight(
        self, connection: Connection, audience: str | None = None, character: str | None = None
    ) -> Sight:
        """Look up the rooms; a key that nobody has sees nothing.

        `audience` and `character` narrow the sight to those, if they may be seen at all.
        """
        audiences = self.audiences
        if audience is not None:
            audiences = tuple(key for key in audiences if key == audience)
        if character is not None and self.character not in (None, character):
            audiences = ()
        asked = {"audiences": as_json(audiences), "character": self.character or character}
        found = driver(connection).execute(_ROOMS, asked)
        return Sight(scope=self, rooms=tuple(number for (number,) in found))


_ROOMS = """
SELECT room.id FROM room
JOIN person ON person.id = room.audience_id
JOIN character ON character.id = room.character_id
WHERE person.key IN (SELECT value FROM json_each(:audiences))
AND (:character IS NULL OR character.key = :character)
ORDER BY room.id
"""


_ROOMS_SEEN, _AUDIENCES_SEEN, _CHARACTER_SEEN = "rooms_seen", "audiences_seen", "character_seen"
_IN_A_ROOM = session.c.room_id.in_(listed(_ROOMS_SEEN))
_MINE = person.c.key.in_(listed(_AUDIENCES_SEEN))
_KNOWN_TO_CHARACTER = or_(
    bindparam(_CHARACTER_SEEN).is_(None),
    note.c.character_id.is_(None),
    character.c.key == bindparam(_CHARACTER_SEEN),
)


def sessions_in_sight(*columns: Any, deleted: bool = False) -> Select[Any]:
    """Select from the sessions that may be seen."""
    gone = session.c.deleted_ms.is_not(None) if deleted else session.c.deleted_ms.is_(None)
    return select(*(columns or (session,))).select_from(session).where(_IN_A_ROOM, gone)


def messages_in_sight(*columns: Any) -> Select[Any]:
    """Select from the messages that may be seen, joined to their sessions."""
    joined = message.join(session, session.c.id == message.c.session_id)
    query = select(*(columns or (message,))).select_from(joined)
    return query.where(_IN_A_ROOM, session.c.deleted_ms.is_(None))


def notes_in_sight(*columns: Any) -> Select[Any]:
    """Select from the notes that may be seen; a note without a character is for all."""
    joined = note.join(person, person.c.id == note.c.audience_id).outerjoin(
        character, character.c.id == note.c.character_id
    )
    query = select(*(columns or (note,))).select_from(joined)
    return query.where(_MINE, _KNOWN_TO_CHARACTER)


_SESSION = sessions_in_sight().where(session.c.uid == bindparam("uid"))
_DELETED_SESSION = sessions_in_sight(deleted=True).where(session.c.uid == bindparam("uid"))
_SESSION_BY_NUMBER = sessions_in_sight().where(session.c.id == bindparam("id"))
_MESSAGE = messages_in_sight().where(message.c.id == bindparam("id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Hold the rooms a reader may see, and ask queries that reach no other."""

    scope: Scope
    rooms: tuple[int, ...]

    def ask(
        self, connection: Connection, query: Select[Any], values: Mapping[str, Any] | None = None
    ) -> CursorResult[Any]:
        """Run a query of what may be seen, with the values of its other parameters."""
        seen = {
            _ROOMS_SEEN: as_json(self.rooms),
            _AUDIENCES_SEEN: as_json(self.scope.audiences),
            _CHARACTER_SEEN: self.scope.character,
        }
        return connection.execute(query, {**seen, **(values or {})})

    def row_ranges(self) -> list[tuple[int, int]]:
        """Return the full-text row ids of each room, first and last."""
        return [(number << ROOM_SHIFT, ((number + 1) << ROOM_SHIFT) - 1) for number in self.rooms]

    def session_row(self, connection: Connection, uid: str, *, deleted: bool = False) -> Any:
        """Return one session's row; refuse what may not be seen as if it were not there."""
        query = _DELETED_SESSION if deleted else _SESSION
        found = self.ask(connection, query, {"uid": uid}).one_or_none()
        if found is None:
            raise NotFound("There is no such conversation")
        return found

    def session_of(self, connection: Connection, message_row: Any) -> Any:
        """Return the row of the session of a message that was seen."""
        return self.ask(connection, _SESSION_BY_NUMBER, {"id": message_row.session_id}).one()

    def message_row(self, connection: Connection, message_id: int) -> Any:
        """Return one message's row; refuse what may not be seen as if it were not there."""
        found = self.ask(connection, _MESSAGE, {"id": message_id}).one_or_none()
        if found is None:
            raise NotFound("There is no such message")
        return found

    def may_write(self) -> None:
        """Refuse a reader who may only look."""
        if not self.scope.write:
            raise NotAllowed("You may read this conversation, but not change it")
