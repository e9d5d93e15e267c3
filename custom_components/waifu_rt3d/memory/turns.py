"""Keep when a turn began, how it ended and how long each stage took."""

from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from . import messages
from .errors import NotFound
from .packing import pack
from .people import person_id
from .schema import character, person, room, session, turn
from .scope import Scope, Sight, sessions_in_sight
from .values import GUEST, HOUSEHOLD, NewMessage, NewTurn, Role

_PLACE = (
    sessions_in_sight(session.c.id)
    .join(room, room.c.id == session.c.room_id)
    .join(person, person.c.id == room.c.audience_id)
    .join(character, character.c.id == room.c.character_id)
    .where(
        session.c.uid == bindparam("uid"),
        person.c.key == bindparam("audience"),
        character.c.key == bindparam("character"),
    )
)
_NUMBER = select(turn.c.id).where(
    turn.c.uid == bindparam("uid"), turn.c.session_id.in_(sessions_in_sight(session.c.id))
)

_AUDIENCE, _AUTHOR = person.alias("audience"), person.alias("author")
_CUT_OFF = (
    select(
        turn.c.id,
        turn.c.uid,
        turn.c.asked,
        turn.c.started_ms,
        session.c.uid.label("session"),
        _AUDIENCE.c.key.label("audience"),
        _AUTHOR.c.key.label("author"),
    )
    .join(session, session.c.id == turn.c.session_id)
    .join(room, room.c.id == session.c.room_id)
    .join(_AUDIENCE, _AUDIENCE.c.id == room.c.audience_id)
    .join(_AUTHOR, _AUTHOR.c.id == turn.c.person_id)
    .where(turn.c.asked.is_not(None), turn.c.ended_ms.is_(None))
    .order_by(turn.c.id)
)


def number(connection: Connection, sight: Sight, turn_id: str) -> int:
    """Return the number of a turn that may be seen."""
    found = sight.ask(connection, _NUMBER, {"uid": turn_id}).scalar()
    if found is None:
        raise NotFound("There is no such turn")
    return int(found)


def start(connection: Connection, scope: Scope, new: NewTurn) -> None:
    """Store a turn that begins; its session must be of its audience and character."""
    sight = scope.sight(connection)
    sight.may_write()
    wanted = {"uid": new.session_id, "audience": new.audience, "character": new.character}
    found = sight.ask(connection, _PLACE, wanted).scalar()
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
    found = number(connection, sight, turn_id)
    connection.execute(
        update(turn)
        .where(turn.c.id == found)
        .values(ended_ms=ended_ms, error=error, stages=pack(stages), asked=None)
    )


def ask(connection: Connection, scope: Scope, turn_id: str, text: str) -> None:
    """Keep what a person said in a turn that has not ended: a restart may come before its answer."""
    sight = scope.sight(connection)
    sight.may_write()
    found = number(connection, sight, turn_id)
    connection.execute(
        update(turn).where(turn.c.id == found, turn.c.ended_ms.is_(None)).values(asked=text)
    )


def settle(connection: Connection) -> int:
    """End the turns that a restart has cut off; what was asked in them becomes a message."""
    kept = 0
    for row in connection.execute(_CUT_OFF).all():
        author = None if row.author in {HOUSEHOLD, GUEST} else row.author
        said = NewMessage(
            session_id=row.session,
            role=Role.USER,
            text=row.asked,
            author=author,
            turn_id=row.uid,
            created_ms=row.started_ms,
        )
        try:
            messages.add(connection, Scope(person=row.audience, household=True), said)
            kept += 1
        except NotFound:
            # its conversation was deleted meanwhile
            pass
        connection.execute(
            update(turn)
            .where(turn.c.id == row.id)
            .values(ended_ms=row.started_ms, error="restarted", asked=None)
        )
    return kept
