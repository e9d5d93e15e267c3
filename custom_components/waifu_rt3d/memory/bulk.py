"""Put whole sessions into the store, a part at a time, unseen until all of them are there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from sqlalchemy import Connection, insert, select, update

from .details import attachment_rows, tool_rows
from .ids import reserve_ids
from .messages import columns
from .packing import pack, press
from .people import person_id
from .schema import attachment, message, sent, session, speech, tool_call
from .sessions import Place, create
from .values import NewMessage, Role
from .words import title_of

# A session with this time of deletion is still being put in; it is swept away at the next start.
ARRIVING = -1
PART = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeMessage:
    """Hold one message of a tree; other messages are named by their place in the list."""

    message: NewMessage
    parent: int | None = None
    edit_of: int | None = None
    chosen_child: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeSession:
    """Hold a session with all its branches, parents before their children."""

    audience: str | None
    character: str | None
    title: str
    created_ms: int
    updated_ms: int
    messages: list[WholeMessage]
    head: int | None = None
    titled_by_person: bool = False
    pinned: bool = False
    archived: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


def begin(
    connection: Connection, whole: WholeSession, place: Place, *, private: bool = False
) -> tuple[int, int]:
    """Make the session, unseen; return its number and the id of its first message."""
    uid = create(
        connection,
        place,
        now_ms=whole.created_ms,
        title=_title(whole),
        private=private,
        extra=whole.extra,
    )
    first = reserve_ids(connection, len(whole.messages), past=True)
    last = first + len(whole.messages)
    changed = (
        update(session)
        .where(session.c.uid == uid)
        .values(
            deleted_ms=ARRIVING,
            updated_ms=whole.updated_ms,
            titled_by_person=int(whole.titled_by_person),
            pinned=int(whole.pinned),
            archived=int(whole.archived),
            messages=len(whole.messages),
            head_id=None if whole.head is None else first + whole.head,
            next_id=last,
            block_end=last,
        )
    )
    connection.execute(changed)
    number = connection.execute(select(session.c.id).where(session.c.uid == uid)).scalar_one()
    return int(number), first


def parts(whole: WholeSession) -> Iterator[tuple[int, tuple[WholeMessage, ...]]]:
    """Return the messages in parts that the writer does in a moment, each with its first place."""
    for number, part in enumerate(batched(whole.messages, PART, strict=False)):
        yield number * PART, part


def fill(
    connection: Connection,
    session_number: int,
    first_id: int,
    offset: int,
    part: tuple[WholeMessage, ...],
) -> None:
    """Store one part of a session's messages."""
    authors = {
        key: person_id(connection, key) for key in {one.message.author for one in part} if key
    }
    rows: dict[Any, list[dict[str, Any]]] = {
        table: [] for table in (message, sent, speech, tool_call, attachment)
    }
    for place, one in enumerate(part, first_id + offset):
        rows[message].append(_row(session_number, first_id, place, one, authors))
        _add_details(rows, place, one.message)
    for table, values in rows.items():
        if values:
            connection.execute(insert(table), values)


def reveal(connection: Connection, numbers: list[int]) -> list[str]:
    """Show sessions that are complete; return their ids."""
    changed = (
        update(session)
        .where(session.c.id.in_(numbers), session.c.deleted_ms == ARRIVING)
        .values(deleted_ms=None)
        .returning(session.c.uid)
    )
    return list(connection.execute(changed).scalars())


def _title(whole: WholeSession) -> str:
    """Return the session's title, else one from its first question."""
    questions = (one.message.text for one in whole.messages if one.message.role is Role.USER)
    return whole.title or title_of(next(questions, ""))


def _row(
    session_number: int, first_id: int, place: int, one: WholeMessage, authors: dict[str, int]
) -> dict[str, Any]:
    """Return the row of one message, its relatives' places made ids."""

    def relative(position: int | None) -> int | None:
        return None if position is None else first_id + position

    row = columns(session_number, relative(one.parent), place, one.message)
    row["author_id"] = authors.get(one.message.author or "")
    row["edit_of"] = relative(one.edit_of)
    row["chosen_child"] = relative(one.chosen_child)
    return row


def _add_details(rows: dict[Any, list[dict[str, Any]]], message_id: int, new: NewMessage) -> None:
    """Add the rows of what belongs to one message."""
    if new.sent is not None:
        rows[sent].append({"message_id": message_id, "bytes": new.sent})
    if new.cues or new.timeline:
        rows[speech].append(
            {
                "message_id": message_id,
                "cues": pack(new.cues) or "[]",
                "timeline": press(new.timeline),
            }
        )
    rows[tool_call].extend(tool_rows(message_id, new.tool_calls))
    rows[attachment].extend(attachment_rows(message_id, new.attachments))


def give_up(connection: Connection, numbers: list[int]) -> None:
    """Drop sessions that could not be completed; the next purge removes them."""
    connection.execute(
        update(session)
        .where(session.c.id.in_(numbers), session.c.deleted_ms == ARRIVING)
        .values(deleted_ms=0)
    )
