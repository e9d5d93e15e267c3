"""Walk, grow and copy the tree of a session; nothing in it is ever overwritten."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, text, update

from . import bulk
from .errors import NotFound
from .messages import add, many, way
from .people import place_of_room
from .schema import message, session
from .scope import Scope
from .sessions import PRIVATE_PREFIX, Place, put_first
from .values import Message, NewMessage, Role

LONGEST_WAY = 1_000_000
_CHOOSE = text(
    """
    WITH RECURSIVE line(id, parent_id) AS (
        SELECT id, parent_id FROM message WHERE id = :id
        UNION ALL
        SELECT m.id, m.parent_id FROM message m JOIN line ON m.id = line.parent_id
    )
    UPDATE message SET chosen_child = line.id FROM line
    WHERE message.id = line.parent_id AND message.chosen_child IS NOT line.id
    """
)
_PREVIEW = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Knot:
    """Show one message of a tree as a picture of the tree needs it."""

    id: int
    parent_id: int | None
    role: Role
    created_ms: int
    preview: str
    on_the_way: bool


def walk(connection: Connection, scope: Scope, message_id: int) -> None:
    """Stand on the branch of a message, where it was left last."""
    sight = scope.sight(connection)
    sight.may_write()
    row = sight.message_row(connection, message_id)
    _choose(connection, row)
    _stand(connection, row.session_id, _end_of(connection, row))


def step_back(connection: Connection, scope: Scope, message_id: int) -> Message:
    """Stand on the question of a reply, so that the next reply is an alternative; return it.

    For a question, stand on it and return it.
    """
    sight = scope.sight(connection)
    sight.may_write()
    row = sight.message_row(connection, message_id)
    while row.role != Role.USER:
        if row.parent_id is None:
            raise NotFound("This message answers no question")
        row = sight.message_row(connection, row.parent_id)
    _choose(connection, row)
    _stand(connection, row.session_id, row.id)
    return many(connection, sight, sight.session_of(connection, row), [row.id])[0]


def edit(connection: Connection, scope: Scope, message_id: int, words: str, *, now_ms: int) -> int:
    """Put a changed copy of a message beside it and stand on that; return its id."""
    sight = scope.sight(connection)
    sight.may_write()
    row = sight.message_row(connection, message_id)
    owner = sight.session_of(connection, row)
    old = many(connection, sight, owner, [message_id])[0]
    new = NewMessage(
        session_id=owner.uid,
        role=old.role,
        text=words,
        created_ms=now_ms,
        author=old.author,
        parent_id=old.parent_id,
        as_root=old.parent_id is None,
        edit_of=message_id,
        attachments=old.attachments,
    )
    return add(connection, scope, new)


def branch(connection: Connection, scope: Scope, message_id: int, *, now_ms: int) -> str:
    """Copy the way down to a message into a session of its own; return that session's id."""
    sight = scope.sight(connection)
    sight.may_write()
    row = sight.message_row(connection, message_id)
    owner = sight.session_of(connection, row)
    ids = way(connection, row.session_id, message_id, LONGEST_WAY)
    chain = [
        bulk.WholeMessage(
            message=as_new(found),
            parent=position - 1 if position else None,
            chosen_child=position + 1 if position + 1 < len(ids) else None,
        )
        for position, found in enumerate(many(connection, sight, owner, ids))
    ]
    whole = bulk.WholeSession(
        audience=None,
        character=None,
        title=owner.title,
        created_ms=now_ms,
        updated_ms=now_ms,
        messages=chain,
        head=len(chain) - 1,
        titled_by_person=bool(owner.titled_by_person),
        extra={"branch_of": owner.uid},
    )
    place = _place_of(connection, owner)
    private = owner.uid.startswith(PRIVATE_PREFIX)
    arrival = bulk.Arrival(place, private=private)
    for piece in bulk.pieces([whole]):
        arrival.put(connection, piece)
    uid = bulk.reveal(connection, [arrival])[0]
    put_first(connection, uid, now_ms=now_ms)
    return uid


def knots(connection: Connection, scope: Scope, uid: str) -> list[Knot]:
    """Return all messages of a session's tree, parents first."""
    sight = scope.sight(connection)
    row = sight.session_row(connection, uid)
    standing = set(way(connection, row.id, row.head_id, LONGEST_WAY))
    query = (
        select(
            message.c.id, message.c.parent_id, message.c.role, message.c.created_ms, message.c.text
        )
        .where(message.c.session_id == row.id)
        .order_by(message.c.id)
    )
    return [
        Knot(
            id=one.id,
            parent_id=one.parent_id,
            role=Role(one.role),
            created_ms=one.created_ms,
            preview=one.text[:_PREVIEW],
            on_the_way=one.id in standing,
        )
        for one in connection.execute(query)
    ]


def as_new(found: Message) -> NewMessage:
    """Return a stored message as one to be stored, without its place in the tree."""
    return NewMessage(
        session_id="",
        role=found.role,
        text=found.text,
        created_ms=found.created_ms,
        display=found.display,
        author=found.author,
        heard=found.heard,
        cut_ms=found.cut_ms,
        sent=found.sent,
        cues=found.cues,
        timeline=found.timeline,
        tool_calls=found.tool_calls,
        attachments=found.attachments,
        model=found.model,
        tokens_in=found.tokens_in,
        tokens_out=found.tokens_out,
        first_token_ms=found.first_token_ms,
        duration_ms=found.duration_ms,
        extra=found.extra,
    )


def _place_of(connection: Connection, owner: Any) -> Place:
    """Return the audience and character of a session's room."""
    audience, character = place_of_room(connection, owner.room_id)
    return Place(audience=audience, character=character)


def _choose(connection: Connection, row: Any) -> None:
    """Make every message on the way up remember that this way was taken."""
    connection.execute(_CHOOSE, {"id": row.id})


def _end_of(connection: Connection, row: Any) -> int:
    """Return the last message of a branch, as it was walked last."""
    chosen = select(message.c.id, message.c.chosen_child).where(message.c.id == row.id)
    line = chosen.cte("line", recursive=True)
    line = line.union_all(
        select(message.c.id, message.c.chosen_child).join(line, message.c.id == line.c.chosen_child)
    )
    return int(connection.execute(select(line.c.id)).scalars().all()[-1])


def _stand(connection: Connection, session_number: int, message_id: int) -> None:
    """Let the session go on from a message."""
    connection.execute(
        update(session).where(session.c.id == session_number).values(head_id=message_id)
    )
