"""Make, find, list and change sessions; map the conversation ids of Assist to them."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Select, bindparam, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from .errors import NotFound
from .folding import fold
from .messages import first_question
from .order import first_place
from .packing import pack, unpack
from .people import room_id
from .schema import character, conversation, person, room, session
from .scope import Scope, sessions_in_sight
from .values import Session
from .words import TITLE_CHARACTERS, title_of

UNDO_MS = 60_000
PRIVATE_PREFIX = "private-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Say where a conversation happens, as Home Assistant tells it."""

    audience: str
    character: str
    conversation_id: str | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFilter:
    """Say which sessions to list; a field left out doesn't matter.

    `words` are looked for in the titles; `archived` and `deleted` show those instead of the rest.
    """

    character: str | None = None
    audience: str | None = None
    words: str | None = None
    pinned: bool | None = None
    archived: bool = False
    deleted: bool = False
    empty: bool = False
    since_ms: int | None = None
    until_ms: int | None = None


def create(
    connection: Connection,
    place: Place,
    *,
    now_ms: int,
    title: str = "",
    private: bool = False,
    extra: dict[str, Any] | None = None,
) -> str:
    """Make an empty session; return its id."""
    uid = (PRIVATE_PREFIX if private else "") + uuid4().hex
    connection.execute(
        insert(session).values(
            uid=uid,
            room_id=room_id(connection, place.audience, place.character),
            title=title,
            titled_by_person=int(bool(title)),
            created_ms=now_ms,
            updated_ms=now_ms,
            order_ms=now_ms,
            extra=pack(extra),
        )
    )
    return uid


def begin(
    connection: Connection, place: Place, *, now_ms: int, title: str = "", private: bool = False
) -> str:
    """Make a session that stands before all others, also where the clock was set back."""
    uid = create(connection, place, now_ms=now_ms, title=title, private=private)
    put_first(connection, uid, now_ms=now_ms)
    return uid


def put_first(connection: Connection, uid: str, *, now_ms: int) -> None:
    """Let a session stand before all others."""
    connection.execute(
        update(session).where(session.c.uid == uid).values(order_ms=first_place(now_ms))
    )


def find_or_create(
    connection: Connection, place: Place, *, now_ms: int, resume_ms: int, private: bool = False
) -> str:
    """Return the session of a conversation id, else the newest one of this place, else a new one.

    The newest goes on where it stopped if its last word is at most `resume_ms` old.
    """
    where = room_id(connection, place.audience, place.character)
    uid = (
        _mapped(connection, place, where)
        or _newest(connection, where, now_ms - resume_ms)
        or begin(connection, place, now_ms=now_ms, private=private)
    )
    if place.conversation_id is not None:
        remember(connection, place, uid, now_ms=now_ms)
    return uid


def remember(connection: Connection, place: Place, uid: str, *, now_ms: int) -> None:
    """Map a conversation id at this place to a session."""
    found = connection.execute(select(session.c.id, session.c.room_id).where(session.c.uid == uid))
    row = found.one()
    values = {"session_id": row.id, "seen_ms": now_ms}
    connection.execute(
        upsert(conversation)
        .values(
            conversation_id=place.conversation_id,
            room_id=room_id(connection, place.audience, place.character),
            device=place.device or "",
            **values,
        )
        .on_conflict_do_update(index_elements=["conversation_id", "room_id", "device"], set_=values)
    )


def one(connection: Connection, scope: Scope, uid: str) -> Session:
    """Return one session, also in the minute after it was deleted."""
    sight = scope.sight(connection)
    row = (
        sight.ask(connection, _ONE, {"uid": uid}).one_or_none()
        or sight.ask(connection, _ONE_DELETED, {"uid": uid}).one_or_none()
    )
    if row is None:
        sight.session_row(connection, uid)
    return _session(row)


def listed(
    connection: Connection, scope: Scope, wanted: SessionFilter, *, limit: int, offset: int
) -> list[Session]:
    """Return sessions, pinned ones first, then the one in which something was said last."""
    sight = scope.sight(connection, wanted.audience, wanted.character)
    order = (session.c.pinned.desc(), session.c.order_ms.desc(), session.c.id.desc())
    # Which ones is told by an index alone; only those of this page are read.
    page = _filtered(sessions_in_sight(session.c.id, deleted=wanted.deleted), wanted)
    page = page.order_by(*order).limit(limit).offset(offset)
    query = _shown(select(*_COLUMNS).where(session.c.id.in_(page))).order_by(*order)
    return [_session(row) for row in sight.ask(connection, query).all()]


def rename(connection: Connection, scope: Scope, uid: str, title: str) -> None:
    """Give a session a title; an empty one brings the automatic title back."""
    row = _writable(connection, scope, uid)
    wanted = " ".join(title.split())[: 4 * TITLE_CHARACTERS]
    values: dict[str, Any] = {"title": wanted, "titled_by_person": int(bool(wanted))}
    if not wanted:
        values["title"] = title_of(first_question(connection, row.id))
    connection.execute(update(session).where(session.c.id == row.id).values(values))


def suggest_title(connection: Connection, scope: Scope, uid: str, title: str) -> bool:
    """Set a title that a model found, unless a person chose one; say whether it was set."""
    row = _writable(connection, scope, uid)
    wanted = " ".join(title.split())[:TITLE_CHARACTERS]
    if row.titled_by_person or not wanted:
        return False
    connection.execute(update(session).where(session.c.id == row.id).values(title=wanted))
    return True


def mark(
    connection: Connection,
    scope: Scope,
    uid: str,
    *,
    pinned: bool | None = None,
    archived: bool | None = None,
) -> None:
    """Pin or archive a session, or take that back."""
    row = _writable(connection, scope, uid)
    values = {"pinned": pinned, "archived": archived}
    given = {name: int(value) for name, value in values.items() if value is not None}
    if given:
        connection.execute(update(session).where(session.c.id == row.id).values(given))


def delete(connection: Connection, scope: Scope, uid: str, *, now_ms: int) -> None:
    """Hide a session from everything at once; a minute later it can't be brought back."""
    row = _writable(connection, scope, uid)
    connection.execute(
        update(session).where(session.c.id == row.id).values(deleted_ms=now_ms, pinned=0)
    )


def restore(connection: Connection, scope: Scope, uid: str) -> None:
    """Bring back a session that was deleted less than a minute ago."""
    sight = scope.sight(connection)
    sight.may_write()
    row = sight.session_row(connection, uid, deleted=True)
    if row.deleted_ms <= 0:
        # Still arriving, or forgotten for good.
        raise NotFound("There is no such conversation")
    connection.execute(update(session).where(session.c.id == row.id).values(deleted_ms=None))


def _writable(connection: Connection, scope: Scope, uid: str) -> Any:
    """Return the row of a session that may be changed."""
    sight = scope.sight(connection)
    sight.may_write()
    return sight.session_row(connection, uid)


def _mapped(connection: Connection, place: Place, where: int) -> str | None:
    """Return the session that a conversation id stands for at this place."""
    if place.conversation_id is None:
        return None
    query = (
        select(session.c.uid)
        .join(conversation, conversation.c.session_id == session.c.id)
        .where(
            conversation.c.conversation_id == place.conversation_id,
            conversation.c.room_id == where,
            conversation.c.device == (place.device or ""),
            session.c.deleted_ms.is_(None),
        )
    )
    return connection.execute(query).scalar()


def _newest(connection: Connection, where: int, since_ms: int) -> str | None:
    """Return the room's newest session with a word since the given time."""
    query = (
        select(session.c.uid)
        .where(
            session.c.room_id == where,
            session.c.deleted_ms.is_(None),
            session.c.archived == 0,
            session.c.updated_ms >= since_ms,
        )
        .order_by(session.c.order_ms.desc(), session.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar()


_COLUMNS = (session, person.c.key.label("audience"), character.c.key.label("character"))


def _shown(query: Select[Any]) -> Select[Any]:
    """Join what a list shows of a session."""
    return (
        query.join(room, room.c.id == session.c.room_id)
        .join(person, person.c.id == room.c.audience_id)
        .join(character, character.c.id == room.c.character_id)
    )


_ONE = _shown(sessions_in_sight(*_COLUMNS).where(session.c.uid == bindparam("uid")))
_ONE_DELETED = _shown(
    sessions_in_sight(*_COLUMNS, deleted=True).where(session.c.uid == bindparam("uid"))
)


def _filtered(query: Select[Any], wanted: SessionFilter) -> Select[Any]:
    """Narrow a list of sessions."""
    query = query.where(session.c.archived == int(wanted.archived))
    if wanted.deleted:
        # Not those that still arrive, or are forgotten for good.
        query = query.where(session.c.deleted_ms > 0)
    if not wanted.empty:
        query = query.where(session.c.messages > 0)
    if wanted.pinned is not None:
        query = query.where(session.c.pinned == int(wanted.pinned))
    if wanted.since_ms is not None:
        query = query.where(session.c.updated_ms >= wanted.since_ms)
    if wanted.until_ms is not None:
        query = query.where(session.c.created_ms < wanted.until_ms)
    for word in (wanted.words or "").split():
        query = query.where(func.folded(session.c.title).contains(fold(word), autoescape=True))
    return query


def _session(row: Any) -> Session:
    """Return a row as a session."""
    return Session(
        id=row.uid,
        audience=row.audience,
        character=row.character,
        title=row.title,
        created_ms=row.created_ms,
        updated_ms=row.updated_ms,
        messages=row.messages,
        pinned=bool(row.pinned),
        archived=bool(row.archived),
        deleted_ms=row.deleted_ms,
        head_id=row.head_id,
        titled_by_person=bool(row.titled_by_person),
        private=row.uid.startswith(PRIVATE_PREFIX),
        extra=unpack(row.extra, {}),
    )
