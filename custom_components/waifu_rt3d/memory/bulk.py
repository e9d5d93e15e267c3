"""Put whole sessions into the store, a part at a time, unseen until all of them are there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import batched
from typing import Any

from sqlalchemy import Connection, insert, update

from .details import attachment_rows, tool_rows
from .ids import reserve_ids
from .messages import columns
from .packing import in_json, pack, press
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Hold some messages of a session that has so many, from a place on; its own list is empty."""

    whole: WholeSession
    count: int
    offset: int
    messages: tuple[WholeMessage, ...]

    @property
    def is_last(self) -> bool:
        """Say whether the session is complete with it."""
        return self.offset + len(self.messages) == self.count


def pieces(wholes: Iterable[WholeSession]) -> Iterator[Piece]:
    """Return sessions, the oldest first, in pieces that take a moment each to store."""
    for whole in sorted(wholes, key=lambda one: one.created_ms):
        count = len(whole.messages)
        head = replace(whole, messages=[], title=_title(whole))
        if not count:
            yield Piece(whole=head, count=0, offset=0, messages=())
        for number, part in enumerate(batched(whole.messages, PART, strict=False)):
            yield Piece(whole=head, count=count, offset=number * PART, messages=part)


class Arrival:
    """Put one whole session in; `put` is one job of the writer for each of its pieces."""

    def __init__(self, place: Place, *, private: bool = False) -> None:
        """Begin with nothing stored; `number` is the session's once its first piece is."""
        self.number: int | None = None
        self._place = place
        self._private = private
        self._first_id = 0

    def put(self, connection: Connection, piece: Piece) -> None:
        """Store one piece; the session stands where it stood when the last one is there."""
        if self.number is None:
            self.number, self._first_id = _begin(
                connection, piece, self._place, private=self._private
            )
        _fill(connection, self.number, self._first_id, piece)
        if piece.is_last and piece.whole.head is not None:
            head_id = self._first_id + piece.whole.head
            connection.execute(
                update(session).where(session.c.id == self.number).values(head_id=head_id)
            )


def _begin(connection: Connection, piece: Piece, place: Place, *, private: bool) -> tuple[int, int]:
    """Make the session, unseen; return its number and the id of its first message."""
    whole = piece.whole
    uid = create(
        connection,
        place,
        now_ms=whole.created_ms,
        title=whole.title,
        private=private,
        extra=whole.extra,
    )
    first = reserve_ids(connection, piece.count, past=True)
    last = first + piece.count
    changed = (
        update(session)
        .where(session.c.uid == uid)
        .values(
            deleted_ms=ARRIVING,
            updated_ms=whole.updated_ms,
            order_ms=whole.updated_ms,
            titled_by_person=int(whole.titled_by_person),
            pinned=int(whole.pinned),
            archived=int(whole.archived),
            messages=piece.count,
            next_id=last,
            block_end=last,
        )
        .returning(session.c.id)
    )
    return int(connection.execute(changed).scalar_one()), first


def _fill(connection: Connection, session_number: int, first_id: int, piece: Piece) -> None:
    """Store some of a session's messages."""
    authors = {
        key: person_id(connection, key)
        for key in {one.message.author for one in piece.messages}
        if key
    }
    rows: dict[Any, list[dict[str, Any]]] = {
        table: [] for table in (message, sent, speech, tool_call, attachment)
    }
    for place, one in enumerate(piece.messages, first_id + piece.offset):
        rows[message].append(_row(session_number, first_id, place, one, authors))
        _add_details(rows, place, one.message)
    for table, values in rows.items():
        if values:
            connection.execute(insert(table), values)


def reveal(connection: Connection, arrivals: list[Arrival]) -> list[str]:
    """Show sessions that are complete; return their ids."""
    numbers = [one.number for one in arrivals if one.number is not None]
    changed = (
        update(session)
        .where(session.c.id.in_(in_json(numbers)), session.c.deleted_ms == ARRIVING)
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


def give_up(connection: Connection, arrivals: list[Arrival]) -> None:
    """Drop sessions that could not be completed; the next purge removes them."""
    numbers = [one.number for one in arrivals if one.number is not None]
    connection.execute(
        update(session)
        .where(session.c.id.in_(in_json(numbers)), session.c.deleted_ms == ARRIVING)
        .values(deleted_ms=0)
    )
