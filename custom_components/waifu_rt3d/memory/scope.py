"""Say who reads, and turn that into the only rooms a query can reach.

Nothing in this package reads a conversation without a `Sight`, and a `Sight` comes only from a
`Scope`. Who writes a new query starts from `Sight.sessions()` or `Sight.messages()`; there is no
other way in.
"""

from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, or_, select

from .errors import NotAllowed, NotFound
from .packing import as_json, in_json, listed
from .schema import ROOM_SHIFT, character, message, note, person, room, session
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
        found = connection.execute(
            _ROOMS,
            {"audiences": as_json(audiences), "character": self.character or character},
        )
        return Sight(scope=self, rooms=tuple(found.scalars()))


# Written once: making this query anew would cost more than answering it.
_ROOMS = (
    select(room.c.id)
    .join(person, person.c.id == room.c.audience_id)
    .join(character, character.c.id == room.c.character_id)
    .where(
        person.c.key.in_(listed("audiences")),
        or_(bindparam("character").is_(None), character.c.key == bindparam("character")),
    )
    .order_by(room.c.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Hold the rooms a reader may see, and build queries that reach no other."""

    scope: Scope
    rooms: tuple[int, ...]

    def sessions(self, *columns: Any, deleted: bool = False) -> Select[Any]:
        """Select from the sessions that may be seen."""
        query = select(*(columns or (session,))).select_from(session)
        return query.where(self._session_rule(deleted=deleted))

    def messages(self, *columns: Any) -> Select[Any]:
        """Select from the messages that may be seen, joined to their sessions."""
        query = select(*(columns or (message,))).select_from(
            message.join(session, session.c.id == message.c.session_id)
        )
        return query.where(self._session_rule(deleted=False))

    def notes(self, *columns: Any) -> Select[Any]:
        """Select from the notes that may be seen; a note without a character is for all."""
        query = select(*(columns or (note,))).select_from(
            note.join(person, person.c.id == note.c.audience_id).outerjoin(
                character, character.c.id == note.c.character_id
            )
        )
        query = query.where(person.c.key.in_(in_json(self.scope.audiences)))
        if self.scope.character is None:
            return query
        return query.where(
            or_(note.c.character_id.is_(None), character.c.key == self.scope.character)
        )

    def row_ranges(self) -> list[tuple[int, int]]:
        """Return the full-text row ids of each room, first and last."""
        return [(number << ROOM_SHIFT, ((number + 1) << ROOM_SHIFT) - 1) for number in self.rooms]

    def session_row(self, connection: Connection, uid: str, *, deleted: bool = False) -> Any:
        """Return one session's row; refuse what may not be seen as if it were not there."""
        query = self.sessions(deleted=deleted).where(session.c.uid == uid)
        found = connection.execute(query).one_or_none()
        if found is None:
            raise NotFound("There is no such conversation")
        return found

    def message_row(self, connection: Connection, message_id: int) -> Any:
        """Return one message's row; refuse what may not be seen as if it were not there."""
        found = connection.execute(self.messages().where(message.c.id == message_id)).one_or_none()
        if found is None:
            raise NotFound("There is no such message")
        return found

    def may_write(self) -> None:
        """Refuse a reader who may only look."""
        if not self.scope.write:
            raise NotAllowed("You may read this conversation, but not change it")

    def _session_rule(self, *, deleted: bool) -> ColumnElement[bool]:
        """Return the rule that every session in an answer obeys."""
        gone = session.c.deleted_ms.is_not(None) if deleted else session.c.deleted_ms.is_(None)
        return and_(session.c.room_id.in_(in_json(self.rooms)), gone)
