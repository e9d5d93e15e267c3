"""Keep when a turn began, how it ended and how long each stage took."""

from typing import Any

from sqlalchemy import Connection, insert, select, update

from .errors import NotFound
from .packing import pack
from .people import person_id
from .schema import character, person, room, session, turn
from .scope import Scope
from .values import NewTurn


def start(connection: Connection, scope: Scope, new: NewTurn) -> None:
    """Store a turn that begins; its session must be of its audience and character."""
    sight = scope.sight(connection)
    sight.may_write()
    query = (
        sight.sessions(session.c.id)
        .join(room, room.c.id == session.c.room_id)
        .join(person, person.c.id == room.c.audience_id)
        .join(character, character.c.id == room.c.character_id)
        .where(
            session.c.uid == new.session_id,
            person.c.key == new.audience,
            character.c.key == new.character,
        )
    )
    found = connection.execute(query).scalar()
    if found is None:
        raise NotFound("There is no such conversation")
    connection.execute(
        insert(turn).values(
            uid=new.turn_id,
            session_id=found,
            person_id=person_id(connection, new.person),
            origin=new.origin.value,
            device=new.device,
            started_ms=new.started_ms,
        )
    )


def end(
    connection: Connection,
    scope: Scope,
    turn_id: str,
    *,
    ended_ms: int,
    error: str | None,
    stages: dict[str, Any],
) -> None:
    """Store how a turn ended: its error key, if any, and the times of its stages."""
    sight = scope.sight(connection)
    sight.may_write()
    query = select(turn.c.id).where(
        turn.c.uid == turn_id, turn.c.session_id.in_(sight.sessions(session.c.id))
    )
    found = connection.execute(query).scalar()
    if found is None:
        raise NotFound("There is no such turn")
    connection.execute(
        update(turn)
        .where(turn.c.id == found)
        .values(ended_ms=ended_ms, error=error, stages=pack(stages))
    )
