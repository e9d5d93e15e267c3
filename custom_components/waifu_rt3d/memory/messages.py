"""Add messages to a session's tree and read the way from its root to where one stands."""

from collections import defaultdict
from itertools import batched
from typing import Any

from sqlalchemy import Connection, Select, bindparam, insert, select, update

from .details import details, insert_details
from .errors import NotFound
from .folding import searchable
from .ids import BLOCK_IDS, reserve_ids
from .order import first_place
from .packing import as_json, listed, pack, unpack
from .people import person_id
from .schema import message, person, session, turn
from .scope import Scope, Sight
from .symbols import symbols
from .values import Message, NewMessage, Role
from .words import grams, title_of, word_count

_AT_ONCE = 500


def add(connection: Connection, scope: Scope, new: NewMessage) -> int:
    """Store a message after its parent and stand on it; return its id."""
    sight = scope.sight(connection)
    sight.may_write()
    row = sight.session_row(connection, new.session_id)
    parent = _parent(connection, row, new)
    message_id, next_id, block_end = _next_id(connection, row)
    values = columns(row.id, parent, message_id, new)
    values["turn_id"] = _turn_number(connection, row.id, new.turn_id)
    values["author_id"] = None if new.author is None else person_id(connection, new.author)
    connection.execute(_ADD, values)
    insert_details(connection, message_id, new)
    if parent is not None:
        connection.execute(_CHOOSE, {"parent": parent, "chosen_child": message_id})
    changes = {
        "number": row.id,
        "head_id": message_id,
        "messages": row.messages + 1,
        "updated_ms": max(row.updated_ms, new.created_ms),
        "said_ms": new.created_ms,
        "next_id": next_id,
        "block_end": block_end,
        "title": row.title or (title_of(new.text) if new.role is Role.USER else ""),
    }
    connection.execute(_STAND, changes)
    return message_id


# What is written all the time is made once, with its values beside it.
_ADD = insert(message)
_CHOOSE = (
    update(message)
    .where(message.c.id == bindparam("parent"))
    .values(chosen_child=bindparam("chosen_child"))
)
_STAND = (
    update(session)
    .where(session.c.id == bindparam("number"))
    .values(
        order_ms=first_place(bindparam("said_ms")),
        **{
            name: bindparam(name)
            for name in ("head_id", "messages", "updated_ms", "next_id", "block_end", "title")
        },
    )
)


def history(
    connection: Connection, scope: Scope, session_uid: str, *, limit: int, before: int | None
) -> list[Message]:
    """Return the newest messages on the way from the root to where the session stands, in order.

    `before` names a message of that way: what came before it is returned.
    """
    sight = scope.sight(connection)
    row = sight.session_row(connection, session_uid)
    start = row.head_id
    if before is not None:
        start = sight.message_row(connection, before).parent_id
    return _load(connection, row, way(connection, row.id, start, limit))


def one(connection: Connection, scope: Scope, message_id: int) -> Message:
    """Return one message with everything that belongs to it."""
    sight = scope.sight(connection)
    found = sight.message_row(connection, message_id)
    row = sight.session_of(connection, found)
    return _load(connection, row, [message_id])[0]


def many(connection: Connection, sight: Sight, session_row: Any, ids: list[int]) -> list[Message]:
    """Return messages of a session that was seen, in the order of their ids."""
    assert session_row.room_id in sight.rooms
    return _load(connection, session_row, sorted(ids))


def _line_up() -> Select[Any]:
    """Return the query for a message and all before it, the newest first."""
    line = (
        select(message.c.id, message.c.parent_id)
        .where(message.c.id == bindparam("start"), message.c.session_id == bindparam("session"))
        .cte("line", recursive=True)
    )
    line = line.union_all(
        select(message.c.id, message.c.parent_id).join(line, message.c.id == line.c.parent_id)
    )
    # The rows of a recursive query come in the order they are found.
    return select(line.c.id).limit(bindparam("most"))


# What is asked all the time is written once: SQLAlchemy then knows it without looking at it.
_WAY = _line_up()
_RELATIVE = (message.c.id, message.c.parent_id, message.c.role)
_CHILDREN = select(*_RELATIVE).where(message.c.parent_id.in_(listed("parents")))
_ROOTS = select(*_RELATIVE).where(
    message.c.session_id == bindparam("session"), message.c.parent_id.is_(None)
)


def way(connection: Connection, session_id: int, start: int | None, limit: int) -> list[int]:
    """Return the ids from at most `limit` messages up, down to `start`."""
    if start is None:
        return []
    values = {"start": start, "session": session_id, "most": limit}
    return connection.execute(_WAY, values).scalars().all()[::-1]  # type: ignore[return-value] # a list


def siblings(connection: Connection, session_id: int, parents: set[int | None]) -> list[Any]:
    """Return id, parent and role of every child of the given parents; `None` stands for roots."""
    known = as_json(one for one in parents if one is not None)
    found = list(connection.execute(_CHILDREN, {"parents": known}).all())
    if None in parents:
        found.extend(connection.execute(_ROOTS, {"session": session_id}))
    return sorted(found)


def first_question(connection: Connection, session_number: int) -> str:
    """Return the first words a person said in a session."""
    query = (
        select(message.c.text)
        .where(message.c.session_id == session_number, message.c.role == Role.USER.value)
        .order_by(message.c.id)
        .limit(1)
    )
    return connection.execute(query).scalar() or ""


def _parent(connection: Connection, row: Any, new: NewMessage) -> int | None:
    """Return the parent of a new message, checked to be of the same session."""
    if new.as_root:
        return None
    if new.parent_id is None:
        return row.head_id  # type: ignore[no-any-return] # a row's columns are not typed
    query = select(message.c.id).where(
        message.c.id == new.parent_id, message.c.session_id == row.id
    )
    if connection.execute(query).scalar() is None:
        raise NotFound("The message to follow is not in this conversation")
    return new.parent_id


def _next_id(connection: Connection, row: Any) -> tuple[int, int, int]:
    """Return the id for a new message of a session, the id after it, and the end of its block."""
    if row.next_id < row.block_end:
        return row.next_id, row.next_id + 1, row.block_end
    first = reserve_ids(connection, BLOCK_IDS)
    return first, first + 1, first + BLOCK_IDS


def _turn_number(connection: Connection, session_number: int, uid: str | None) -> int | None:
    """Return the number of a turn of the same session."""
    if uid is None:
        return None
    query = select(turn.c.id).where(turn.c.uid == uid, turn.c.session_id == session_number)
    return connection.execute(query).scalar()


def _found_by(new: NewMessage) -> str | None:
    """Return the words a message is found by, beside those of its text."""
    captions = [file.caption for file in new.attachments if file.caption]
    said = " ".join([new.text, *captions])
    folded = [searchable(caption) or caption for caption in captions]
    return " ".join(filter(None, [grams(said), symbols(said), *folded])) or None


def columns(
    session_number: int, parent: int | None, message_id: int, new: NewMessage
) -> dict[str, Any]:
    """Return the row of a new message, but for its turn and its author."""
    return {
        "id": message_id,
        "session_id": session_number,
        "parent_id": parent,
        "edit_of": new.edit_of,
        "role": new.role.value,
        "text": new.text,
        "display": new.display,
        "heard": new.heard,
        "cut_ms": new.cut_ms,
        "created_ms": new.created_ms,
        "words": word_count(new.text),
        "found_by": _found_by(new),
        "folded": searchable(new.text),
        "model": new.model,
        "tokens_in": new.tokens_in,
        "tokens_out": new.tokens_out,
        "first_token_ms": new.first_token_ms,
        "duration_ms": new.duration_ms,
        "extra": pack(new.extra),
    }


def _load(connection: Connection, session_row: Any, ids: list[int]) -> list[Message]:
    """Return messages in the given order with their details and alternatives."""
    return [
        found
        for part in batched(ids, _AT_ONCE, strict=False)
        for found in _load_part(connection, session_row, list(part))
    ]


# What a message is found by is no part of it.
_SHOWN = [column for column in message.c if column.name not in ("found_by", "folded")]
_LOAD = (
    select(*_SHOWN, person.c.key.label("author"), turn.c.uid.label("turn_uid"))
    .outerjoin(person, person.c.id == message.c.author_id)
    .outerjoin(turn, turn.c.id == message.c.turn_id)
    .where(message.c.id.in_(listed("ids")), message.c.session_id == bindparam("session"))
)


def _load_part(connection: Connection, session_row: Any, ids: list[int]) -> list[Message]:
    """Return as many messages as one query may name."""
    wanted = {"ids": as_json(ids), "session": session_row.id}
    rows = {row.id: row for row in connection.execute(_LOAD, wanted).all()}
    parts = details(connection, ids)
    family: dict[Any, list[int]] = defaultdict(list)
    for one_id, parent_id, role in siblings(
        connection, session_row.id, {row.parent_id for row in rows.values()}
    ):
        family[parent_id, role].append(one_id)
    return [
        _message(session_row.uid, rows[one_id], parts.of(one_id), family)
        for one_id in ids
        if one_id in rows
    ]


def _message(uid: str, row: Any, parts: dict[str, Any], family: dict[Any, list[int]]) -> Message:
    """Return a row as a message."""
    return Message(
        id=row.id,
        session_id=uid,
        parent_id=row.parent_id,
        role=Role(row.role),
        text=row.text,
        created_ms=row.created_ms,
        display=row.display,
        author=row.author,
        turn_id=row.turn_uid,
        edit_of=row.edit_of,
        heard=row.heard,
        cut_ms=row.cut_ms,
        model=row.model,
        tokens_in=row.tokens_in,
        tokens_out=row.tokens_out,
        first_token_ms=row.first_token_ms,
        duration_ms=row.duration_ms,
        alternatives=family[row.parent_id, row.role],
        extra=unpack(row.extra, {}),
        **parts,
    )
