"""Remove what is to be forgotten from every table and every index, a part at a time.

Sessions that are to go are hidden first (`deleted_ms`), then emptied part by part, so that the
writer stays free for those who talk meanwhile.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, text, update

from .bulk import ARRIVING
from .errors import NotFound
from .messages import first_question
from .packing import in_json
from .schema import attachment, message, note, person, room, session, setting, turn
from .scope import Scope
from .sessions import UNDO_MS
from .words import title_of

PART = 400
# Hidden, and to be emptied without waiting for somebody to change their mind.
AT_ONCE_MS = 0


@dataclass(slots=True, kw_only=True)
class Forgotten:
    """Count what was removed; name the files and spoken texts that others keep copies of."""

    sessions: int = 0
    messages: int = 0
    attachments: list[str] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)


def drop_arrivals(connection: Connection) -> None:
    """Give up sessions whose import was cut off."""
    connection.execute(
        update(session).where(session.c.deleted_ms == ARRIVING).values(deleted_ms=AT_ONCE_MS)
    )


def purge_part(connection: Connection, now_ms: int, forgotten: Forgotten) -> bool:
    """Empty one part of one session whose minute is over; say whether there is more to do."""
    query = select(session.c.id).where(
        session.c.deleted_ms >= AT_ONCE_MS, session.c.deleted_ms <= max(0, now_ms - UNDO_MS)
    )
    number = connection.execute(query.limit(1)).scalar()
    if number is None:
        return False
    ids = list(
        connection.execute(
            select(message.c.id)
            .where(message.c.session_id == number)
            .order_by(message.c.id.desc())
            .limit(PART)
        ).scalars()
    )
    _note_copies(connection, ids, forgotten)
    # The newest go first: no message loses its parent before it goes itself.
    connection.execute(delete(message).where(message.c.id.in_(in_json(ids))))
    forgotten.messages += len(ids)
    if len(ids) < PART:
        connection.execute(delete(session).where(session.c.id == number))
        forgotten.sessions += 1
    return True


def forget_message(
    connection: Connection, scope: Scope, message_id: int, forgotten: Forgotten | None = None
) -> None:
    """Remove a message, and the replies to it when it is a person's."""
    sight = scope.sight(connection)
    sight.may_write()
    row = sight.message_row(connection, message_id)
    _remove(connection, [row], forgotten or Forgotten())


def hide_all_of(connection: Connection, scope: Scope) -> None:
    """Hide every session of the scope's person for good, and remove their notes and rules."""
    sight = scope.sight(connection, scope.person)
    sight.may_write()
    owner = connection.execute(select(person.c.id).where(person.c.key == scope.person)).scalar()
    if owner is None:
        raise NotFound("Nothing is known about this person")
    connection.execute(
        update(session).where(session.c.room_id.in_(_rooms_of(owner))).values(deleted_ms=AT_ONCE_MS)
    )
    said = select(message.c.id).where(message.c.author_id == owner)
    connection.execute(
        delete(note).where(or_(note.c.audience_id == owner, note.c.source_id.in_(said)))
    )
    connection.execute(delete(setting).where(setting.c.key == _rule_key(scope.person)))


def forget_said_part(connection: Connection, scope: Scope, forgotten: Forgotten) -> bool:
    """Remove a part of what the scope's person said elsewhere, with the replies to it."""
    scope.sight(connection).may_write()
    owner = connection.execute(select(person.c.id).where(person.c.key == scope.person)).scalar()
    query = (
        select(message)
        .outerjoin(turn, turn.c.id == message.c.turn_id)
        .where(or_(message.c.author_id == owner, turn.c.person_id == owner))
        .order_by(message.c.id)
        .limit(PART)
    )
    rows = connection.execute(query).all()
    _remove(connection, list(rows), forgotten)
    return bool(rows)


def forget_name(connection: Connection, scope: Scope) -> None:
    """Remove the person, when nothing of theirs is left."""
    scope.sight(connection).may_write()
    owner = connection.execute(select(person.c.id).where(person.c.key == scope.person)).scalar()
    connection.execute(delete(turn).where(turn.c.person_id == owner))
    connection.execute(delete(person).where(person.c.id == owner))


def _remove(connection: Connection, rows: list[Any], forgotten: Forgotten) -> None:
    """Take messages out of their trees; what followed them follows what was before."""
    ids = {row.id for row in rows}
    asked = [row.id for row in rows if row.role == "user"]
    replies = select(message.c.id).where(
        message.c.parent_id.in_(in_json(asked)), message.c.role == "assistant"
    )
    ids.update(connection.execute(replies).scalars())
    _note_copies(connection, sorted(ids), forgotten)
    for one in sorted(ids):
        _take_out(connection, one)
    forgotten.messages += len(ids)
    for number in {row.session_id for row in rows}:
        _retitle(connection, number)


_TAKE_OUT = [
    text(statement)
    for statement in (
        """
        UPDATE session SET messages = messages - 1
        WHERE id = (SELECT session_id FROM message WHERE id = :id)
        """,
        """
        UPDATE session SET head_id = (SELECT parent_id FROM message WHERE id = :id)
        WHERE head_id = :id
        """,
        """
        UPDATE message SET parent_id = (SELECT parent_id FROM message WHERE id = :id)
        WHERE parent_id = :id
        """,
        """
        UPDATE message SET chosen_child =
            (SELECT max(c.id) FROM message c WHERE c.parent_id = message.id AND c.id <> :id)
        WHERE id = (SELECT parent_id FROM message WHERE id = :id) AND chosen_child = :id
        """,
        "DELETE FROM message WHERE id = :id",
    )
]


def _take_out(connection: Connection, message_id: int) -> None:
    """Take one message out of its tree."""
    for statement in _TAKE_OUT:
        connection.execute(statement, {"id": message_id})


def _retitle(connection: Connection, session_number: int) -> None:
    """Give an automatic title anew: the old one may quote what was forgotten."""
    title = title_of(first_question(connection, session_number))
    connection.execute(
        update(session)
        .where(session.c.id == session_number, session.c.titled_by_person == 0)
        .values(title=title)
    )


def _note_copies(connection: Connection, ids: list[int], forgotten: Forgotten) -> None:
    """Note the files and the spoken texts of messages that go."""
    files = select(attachment.c.reference).where(attachment.c.message_id.in_(in_json(ids)))
    forgotten.attachments += connection.execute(files).scalars()
    said = select(message.c.text).where(
        message.c.id.in_(in_json(ids)), message.c.role == "assistant"
    )
    forgotten.spoken += connection.execute(said).scalars()


def _rooms_of(owner: int) -> Any:
    """Return the query for the rooms of a person."""
    return select(room.c.id).where(room.c.audience_id == owner)


# Retention


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Say how long a person's sessions are kept; without days and messages, for ever.

    Pinned sessions always stay. `messages` counts from the newest session on.
    """

    days: int | None = None
    messages: int | None = None


def _rule_key(key: str) -> str:
    """Return the name of a person's rule among the settings."""
    return f"retention:{key}"


def set_retention(connection: Connection, scope: Scope, rule: Retention) -> None:
    """Set the rule for the scope's person."""
    scope.sight(connection).may_write()
    key = _rule_key(scope.person)
    connection.execute(delete(setting).where(setting.c.key == key))
    if rule != Retention():
        value = f"{rule.days or ''},{rule.messages or ''}"
        connection.execute(insert(setting).values(key=key, value=value))


def retention(connection: Connection, key: str) -> Retention:
    """Return the rule for a person."""
    query = select(setting.c.value).where(setting.c.key == _rule_key(key))
    days, _, messages = (connection.execute(query).scalar() or ",").partition(",")
    return Retention(days=int(days) if days else None, messages=int(messages) if messages else None)


def apply_retention(connection: Connection, now_ms: int) -> int:
    """Hide for good what is past its time, for everybody; return how many sessions."""
    hidden = 0
    for owner, key in connection.execute(select(person.c.id, person.c.key)).all():
        rule = retention(connection, key)
        if rule == Retention():
            continue
        numbers = _past(connection, owner, rule, now_ms)
        connection.execute(
            update(session).where(session.c.id.in_(in_json(numbers))).values(deleted_ms=AT_ONCE_MS)
        )
        hidden += len(numbers)
    return hidden


def _past(connection: Connection, owner: int, rule: Retention, now_ms: int) -> list[int]:
    """Return a person's sessions that are past their time."""
    so_far = func.sum(session.c.messages).over(
        order_by=(session.c.order_ms.desc(), session.c.id.desc())
    )
    query = select(
        session.c.id, session.c.updated_ms, session.c.pinned, so_far.label("so_far")
    ).where(session.c.room_id.in_(_rooms_of(owner)), session.c.deleted_ms.is_(None))
    oldest_ms = 0 if rule.days is None else now_ms - rule.days * 86_400_000
    return [
        row.id
        for row in connection.execute(query)
        if not row.pinned
        and (row.updated_ms < oldest_ms or (rule.messages and row.so_far > rule.messages))
    ]
