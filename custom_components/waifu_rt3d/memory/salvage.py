"""Bring over what can still be read of a damaged database and is not in its last good copy.

The copy is of last night; what was said since is in the damaged file alone. Most of its pages are
sound as a rule. Rows are read one after the other, around what can't be read, and only those that
are newer than the copy: message ids are never given twice, so the copy's counters tell them. What
was deleted since is not brought back: the copy is written anew when something is forgotten.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
import logging
from pathlib import Path
import shutil
import sqlite3
from tempfile import TemporaryDirectory
from typing import Any

from .ids import LIVE_IDS_FROM

LOGGER = logging.getLogger(__name__)

type Row = dict[str, Any]

_FIRST_PAGE = 4096
# After an unreadable row so many ids are skipped: a page that is gone held about as many.
_SKIPPED_IDS = 8
_MOST_FAILURES = 20_000
_NO_END = 1 << 62
_DETAILS = ("sent", "speech", "tool_call", "attachment")


@dataclass(slots=True, kw_only=True)
class _Known:
    """Hold how the numbers of the damaged file are numbers of the mended one."""

    persons: dict[int, int] = field(default_factory=dict)
    characters: dict[int, int] = field(default_factory=dict)
    rooms: dict[int, int] = field(default_factory=dict)
    sessions: dict[int, int] = field(default_factory=dict)
    turns: dict[int, int] = field(default_factory=dict)
    messages: set[int] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)


def salvage(damaged: Path, mended: Path) -> int:
    """Put what is newer than the mended database into it; return how many messages; blocks."""
    with closing(sqlite3.connect(mended, isolation_level=None)) as target:
        target.execute("PRAGMA foreign_keys = ON")
        # A new file has its first page in the write-ahead log only.
        target.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        target.execute("BEGIN IMMEDIATE")
        try:
            with _readable(damaged, mended) as source:
                brought = _bring(source, target)
            target.execute("COMMIT")
        except sqlite3.Error as error:
            LOGGER.warning("Nothing newer could be read from the damaged database: %s", error)
            target.execute("ROLLBACK")
            return 0
    return brought


@contextmanager
def _readable(damaged: Path, mended: Path) -> Iterator[sqlite3.Connection]:
    """Open the damaged file without changing it; a first page that is gone is lent by the copy."""
    with closing(_opened(damaged)) as connection:
        if _has_schema(connection):
            yield connection
            return
    with TemporaryDirectory(dir=damaged.parent, prefix="salvage-") as folder:
        lent = Path(folder) / damaged.name
        for ending in ("", "-wal"):
            part = damaged.with_name(damaged.name + ending)
            if part.exists():
                shutil.copyfile(part, lent.with_name(lent.name + ending))
        _lend_first_page(mended, lent)
        with closing(_opened(lent)) as connection:
            yield connection


def _has_schema(connection: sqlite3.Connection) -> bool:
    """Say whether it can be read, letter by letter, how a file is made."""
    try:
        made = [row[0] or "" for row in connection.execute("SELECT sql FROM sqlite_master")]
        return bool(made) and not any("\ufffd" in sql for sql in made)
    except sqlite3.DatabaseError:
        return False


def _lend_first_page(mended: Path, lent: Path) -> None:
    """Put the first page of a database that began alike over another's, but for its size."""
    with mended.open("rb") as file:
        page = bytearray(file.read(_FIRST_PAGE))
    size_bytes = int.from_bytes(page[16:18]) or _FIRST_PAGE
    # SQLite file format §1.3.8: the number of pages, big-endian, at offset 28.
    page[28:32] = (lent.stat().st_size // size_bytes).to_bytes(4)
    with lent.open("r+b") as file:
        file.write(page)


def _opened(path: Path) -> sqlite3.Connection:
    """Open a file that is only read."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, True)
    connection.row_factory = sqlite3.Row
    # Half of a text is worth more than none.
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return connection


def _bring(source: sqlite3.Connection, target: sqlite3.Connection) -> int:
    """Bring everything over, what others refer to first."""
    known = _known(target)
    newest = {
        table: target.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]  # noqa: S608 - names of our own
        for table in ("turn", "note")
    }
    ranges = _new_ids(target)
    for kind, table in ((known.persons, "person"), (known.characters, "character")):
        for row in _rows(source, table):
            kind[row["id"]] = _by_key(target, table, row)
    for row in _rows(source, "room"):
        _bring_room(target, known, row)
    for row in _rows(source, "session"):
        _bring_session(target, known, row)
    for row in _rows(source, "turn", newest["turn"] + 1):
        _bring_turn(target, known, row)
    for first, last in ranges:
        for row in _rows(source, "message", first, last):
            _bring_message(source, target, known, row)
    for row in _rows(source, "note", newest["note"] + 1):
        _bring_note(target, known, row)
    for session in known.touched:
        target.execute(_RECOUNT, {"id": session, "head": None})
    for row in _rows(source, "session"):
        _settle(target, known, row)
    _count_on(target)
    # An older version may have written them.
    target.execute("INSERT OR REPLACE INTO setting(key, value) VALUES('reindexed_to', '0')")
    return len(known.messages)


def _known(target: sqlite3.Connection) -> _Known:
    """Take the copy's numbers for those of the damaged file, until that tells otherwise."""

    def numbers(table: str) -> dict[int, int]:
        return {one[0]: one[0] for one in target.execute(f"SELECT id FROM {table}")}  # noqa: S608 - names of our own

    return _Known(
        persons=numbers("person"),
        characters=numbers("character"),
        rooms=numbers("room"),
        sessions=numbers("session"),
    )


def _rows(
    source: sqlite3.Connection, table: str, first: int = 0, last: int = _NO_END
) -> Iterator[Row]:
    """Yield the rows of a table that can be read, by their numbers, around those that can't."""
    query = f"SELECT rowid AS place, * FROM {table} WHERE rowid BETWEEN ? AND ? ORDER BY rowid"  # noqa: S608 - names of our own
    place, failures = first, 0
    while place <= last and failures < _MOST_FAILURES:
        try:
            for row in source.execute(query, (place, last)):
                place = row["place"] + 1
                yield {name: row[name] for name in row.keys() if name != "place"}  # noqa: SIM118 - a row of SQLite is no mapping
        except sqlite3.DatabaseError, UnicodeDecodeError:
            # names of columns are decoded without our leave: one may be in a damaged page
            failures += 1
            place += _SKIPPED_IDS
        else:
            return


def _new_ids(target: sqlite3.Connection) -> list[tuple[int, int]]:
    """Return the ranges of message ids that were given after the copy was made."""
    counters = dict(target.execute("SELECT id, next_id FROM id_block").fetchall())
    live, past = counters[1], counters[2]
    open_blocks = target.execute(
        "SELECT next_id, block_end - 1 FROM session WHERE next_id < block_end"
    ).fetchall()
    return [(past, LIVE_IDS_FROM - 1), *sorted(open_blocks), (live, _NO_END)]


def _insert(target: sqlite3.Connection, table: str, row: Row) -> int | None:
    """Insert a row with the columns that the table has; return its number, if it could be."""
    columns = {one[1] for one in target.execute(f"PRAGMA table_info({table})")}
    kept = {name: value for name, value in row.items() if name in columns}
    names, marks = ", ".join(kept), ", ".join("?" * len(kept))
    try:
        done = target.execute(
            f"INSERT INTO {table}({names}) VALUES ({marks})",  # noqa: S608 - names of our own schema
            tuple(kept.values()),
        )
    except sqlite3.IntegrityError as error:
        LOGGER.debug("A row of %s does not fit any more: %s", table, error)
        return None
    return done.lastrowid


def _by_key(target: sqlite3.Connection, table: str, row: Row) -> int:
    """Return the number of a person or character in the mended file, who is made where missing."""
    found = target.execute(f"SELECT id FROM {table} WHERE key = ?", (row["key"],)).fetchone()  # noqa: S608 - names of our own
    if found is not None:
        return int(found[0])
    return _insert(target, table, {"key": row["key"], "name": row["name"]}) or 0


def _bring_room(target: sqlite3.Connection, known: _Known, row: Row) -> None:
    """Know a room by its audience and character."""
    audience = known.persons.get(row["audience_id"])
    character = known.characters.get(row["character_id"])
    if not audience or not character:
        return
    found = target.execute(
        "SELECT id FROM room WHERE audience_id = ? AND character_id = ?", (audience, character)
    ).fetchone()
    values = {"audience_id": audience, "character_id": character}
    known.rooms[row["id"]] = found[0] if found else _insert(target, "room", values) or 0


def _bring_session(target: sqlite3.Connection, known: _Known, row: Row) -> None:
    """Know a session by its id; one that was deleted meanwhile is hidden in the copy too."""
    found = target.execute("SELECT id FROM session WHERE uid = ?", (row["uid"],)).fetchone()
    if row["deleted_ms"] is not None:
        known.sessions.pop(row["id"], None)
        if found is not None:
            values = (row["deleted_ms"], found[0])
            target.execute("UPDATE session SET deleted_ms = ? WHERE id = ?", values)
        return
    if found is not None:
        known.sessions[row["id"]] = found[0]
        return
    room = known.rooms.get(row["room_id"])
    if room:
        new = {**row, "room_id": room, "head_id": None, "messages": 0}
        del new["id"]
        known.sessions[row["id"]] = _insert(target, "session", new) or 0


def _bring_turn(target: sqlite3.Connection, known: _Known, row: Row) -> None:
    """Bring a turn of a session that is there."""
    session, person = known.sessions.get(row["session_id"]), known.persons.get(row["person_id"])
    if session and person:
        new = {**row, "session_id": session, "person_id": person}
        number = new.pop("id")
        known.turns[number] = _insert(target, "turn", new) or 0


def _bring_message(
    source: sqlite3.Connection, target: sqlite3.Connection, known: _Known, row: Row
) -> None:
    """Bring a message with what belongs to it; one whose parent is gone follows the newest."""
    session = known.sessions.get(row["session_id"])
    if not session:
        return

    def there(number: int | None) -> int | None:
        query = "SELECT id FROM message WHERE id = ? AND session_id = ?"
        found = target.execute(query, (number, session)).fetchone()
        return None if found is None else int(found[0])

    parent = there(row["parent_id"])
    if parent is None and row["parent_id"] is not None:
        newest = "SELECT max(id) FROM message WHERE session_id = ?"
        parent = target.execute(newest, (session,)).fetchone()[0]
    new = {
        **row,
        "session_id": session,
        "parent_id": parent,
        "turn_id": known.turns.get(row["turn_id"]) or None,
        "author_id": known.persons.get(row["author_id"]) or None,
        "edit_of": there(row["edit_of"]),
        "chosen_child": None,
    }
    if _insert(target, "message", new) is None:
        return
    known.messages.add(row["id"])
    known.touched.add(session)
    if parent is not None:
        values = (row["id"], parent)
        target.execute("UPDATE message SET chosen_child = ? WHERE id = ?", values)
    for table in _DETAILS:
        for detail in _of_message(source, table, row["id"]):
            _insert(target, table, detail)


def _of_message(source: sqlite3.Connection, table: str, message_id: int) -> list[Row]:
    """Return what can be read of a message's details."""
    try:
        rows = source.execute(f"SELECT * FROM {table} WHERE message_id = ?", (message_id,))  # noqa: S608 - names of our own
        return [dict(row) for row in rows]
    except sqlite3.DatabaseError:
        return []


def _bring_note(target: sqlite3.Connection, known: _Known, row: Row) -> None:
    """Bring a note of a person who is there."""
    audience = known.persons.get(row["audience_id"])
    character = known.characters.get(row["character_id"])
    if not audience or (row["character_id"] is not None and not character):
        return
    source_id = row["source_id"] if row["source_id"] in known.messages else None
    new = {**row, "audience_id": audience, "character_id": character, "source_id": source_id}
    del new["id"]
    _insert(target, "note", new)


def _settle(target: sqlite3.Connection, known: _Known, row: Row) -> None:
    """Let a session stand where it stood, if that is there, and count its messages anew."""
    session = known.sessions.get(row["id"])
    if not session:
        return
    target.execute(_RECOUNT, {"id": session, "head": row["head_id"]})
    # a file of an older schema knows no order of its own
    row = {"order_ms": row["updated_ms"], **row}
    columns = (
        "title",
        "titled_by_person",
        "updated_ms",
        "order_ms",
        "pinned",
        "archived",
        "next_id",
        "block_end",
    )
    target.execute(
        f"UPDATE session SET {', '.join(f'{one} = ?' for one in columns)} WHERE id = ?",  # noqa: S608 - names of our own
        (*(row[one] for one in columns), session),
    )


_RECOUNT = """
UPDATE session SET
    messages = (SELECT count(*) FROM message WHERE session_id = :id),
    head_id = coalesce(
        (SELECT id FROM message WHERE id = :head AND session_id = :id),
        (SELECT max(id) FROM message WHERE session_id = :id)
    )
WHERE id = :id
"""


def _count_on(target: sqlite3.Connection) -> None:
    """Let ids go on behind all that were brought, and behind every block that a session holds."""
    for number, first, last in ((1, LIVE_IDS_FROM, _NO_END), (2, 0, LIVE_IDS_FROM - 1)):
        target.execute(
            """
            UPDATE id_block SET next_id = max(
                next_id,
                coalesce((SELECT max(id) + 1 FROM message WHERE id BETWEEN :first AND :last), 0),
                coalesce((SELECT max(block_end) FROM session
                    WHERE block_end BETWEEN :first AND :last), 0)
            ) WHERE id = :id
            """,
            {"id": number, "first": first, "last": last},
        )
    # A session that could not be read goes on with a block of its own.
    target.execute(
        """
        UPDATE session SET next_id = block_end WHERE next_id < block_end AND EXISTS (
            SELECT 1 FROM message WHERE id >= session.next_id AND id < session.block_end
        )
        """
    )
