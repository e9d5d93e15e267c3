"""Bring a database file to the schema of this version: made new, or changed step by step.

A migration is a function that gets the connection inside the one transaction of the whole
upgrade. It is written once and never changed, so it names its columns itself and does not use
`schema.py`, which always shows the newest version.
"""

from collections.abc import Callable
import sqlite3

from sqlalchemy import Connection, text

from .errors import StoreDamaged, StoreTooNew
from .ids import number_ids
from .schema import (
    APPLICATION_ID,
    HEAD_TRIGGERS,
    SCHEMA_VERSION,
    full_text_tables,
    full_text_triggers,
    metadata,
)

type Migration = Callable[[Connection], None]


def _to_2(connection: Connection) -> None:
    """Hold sessions to messages that are there, list them faster, find beginnings of words faster."""
    for statement in _TO_2:
        connection.exec_driver_sql(statement)


_TO_2 = [
    """
    UPDATE session SET head_id = (SELECT max(id) FROM message WHERE session_id = session.id)
    WHERE head_id NOT IN (SELECT id FROM message WHERE session_id = session.id)
    """,
    """
    CREATE TRIGGER session_head BEFORE UPDATE OF head_id ON session
    WHEN new.head_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM message WHERE id = new.head_id AND session_id = new.id
    )
    BEGIN SELECT RAISE(ABORT, 'a session stands on a message of its own'); END
    """,
    """
    CREATE TRIGGER session_new_head BEFORE INSERT ON session WHEN new.head_id IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a new session has no message to stand on'); END
    """,
    """
    CREATE TRIGGER message_delete_head AFTER DELETE ON message BEGIN
        UPDATE session SET head_id = NULL WHERE id = old.session_id AND head_id = old.id;
        UPDATE message SET chosen_child = NULL WHERE id = old.parent_id AND chosen_child = old.id;
    END
    """,
    "DROP INDEX session_by_room",
    """
    CREATE INDEX session_by_room
    ON session (room_id, updated_ms, messages, deleted_ms, pinned, archived)
    """,
    "CREATE TABLE embedding_model (id INTEGER NOT NULL PRIMARY KEY, key TEXT NOT NULL UNIQUE)",
    """
    CREATE TABLE embedding (
        message_id INTEGER NOT NULL PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
        model_id INTEGER NOT NULL REFERENCES embedding_model (id) ON DELETE CASCADE,
        vector BLOB NOT NULL
    )
    """,
    "CREATE INDEX embedding_by_model ON embedding (model_id, message_id)",
    "DROP TABLE message_words",
    """
    CREATE VIRTUAL TABLE message_words USING fts5(
        text, found_by, content='', tokenize='unicode61 remove_diacritics 2', prefix='3'
    )
    """,
    """
    INSERT INTO message_words(rowid, text, found_by)
    SELECT (s.room_id << 40) | m.id, m.text, m.found_by
    FROM message m JOIN session s ON s.id = m.session_id
    WHERE m.role IN ('user', 'assistant') AND m.text <> '' ORDER BY 1
    """,
    *(
        ["INSERT INTO message_words(message_words, rank) VALUES('secure-delete', 1)"]
        if sqlite3.sqlite_version_info >= (3, 42)
        else []
    ),
]


def _to_3(connection: Connection) -> None:
    """Keep what was said in a turn before its answer is whole."""
    connection.exec_driver_sql("ALTER TABLE turn ADD COLUMN asked TEXT")
    connection.exec_driver_sql("CREATE INDEX turn_asked ON turn (id) WHERE asked IS NOT NULL")


def _to_4(connection: Connection) -> None:
    """Put sessions in an order that no clock changes which is set."""
    for statement in _TO_4:
        connection.exec_driver_sql(statement)


_TO_4 = [
    "ALTER TABLE session ADD COLUMN order_ms INTEGER NOT NULL DEFAULT '0'",
    "UPDATE session SET order_ms = updated_ms",
    "DROP INDEX session_by_room",
    """
    CREATE INDEX session_by_room
    ON session (room_id, order_ms, updated_ms, messages, deleted_ms, pinned, archived)
    """,
    "CREATE INDEX session_by_order ON session (order_ms)",
]


def _to_5(connection: Connection) -> None:
    """Let the indexes take a text folded; `reindexing` folds what is there while the house talks."""
    for statement in _TO_5:
        connection.exec_driver_sql(statement)


def _changed_5(index: str, row: str) -> str:
    """Return the statement that adds (`new`) or removes (`old`) a message in one index."""
    given = f"((SELECT room_id FROM session WHERE id = {row}.session_id) << 40) | {row}.id"  # noqa: S608 - names of our own
    given = f"{given}, coalesce({row}.folded, {row}.text), {row}.found_by"
    names = "rowid, text, found_by"
    if row == "old":
        given, names = f"'delete', {given}", f"{index}, {names}"
    kept = f"{row}.role IN ('user', 'assistant') AND {row}.text <> ''"
    return f"INSERT INTO {index}({names}) SELECT {given} WHERE {kept};"


def _moved_5(index: str) -> str:
    """Return the trigger that moves a session's messages to another room in one index."""
    given = "coalesce(m.folded, m.text), m.found_by FROM message m WHERE m.session_id = old.id"
    given = f"{given} AND m.role IN ('user', 'assistant') AND m.text <> '';"
    return f"""
    CREATE TRIGGER {index}_move AFTER UPDATE OF room_id ON session
    WHEN old.room_id <> new.room_id BEGIN
    INSERT INTO {index}({index}, rowid, text, found_by)
    SELECT 'delete', (old.room_id << 40) | m.id, {given}INSERT INTO {index}(rowid, text, found_by)
    SELECT (new.room_id << 40) | m.id, {given} END
    """


_INDEXES_5 = ("message_words", "message_stems")
_TO_5 = [
    "ALTER TABLE message ADD COLUMN folded TEXT",
    *(f"DROP TRIGGER message_{event}_index" for event in ("insert", "delete", "update")),
    *(f"DROP TRIGGER {index}_move" for index in _INDEXES_5),
    *(
        f"CREATE TRIGGER message_{event}_index AFTER {event.upper()}{columns} ON message BEGIN "
        + "".join(_changed_5(index, row) for row in rows for index in _INDEXES_5)
        + " END"
        for event, columns, rows in (
            ("insert", "", ("new",)),
            ("delete", "", ("old",)),
            ("update", " OF text, folded, found_by, role", ("old", "new")),
        )
    ),
    *map(_moved_5, _INDEXES_5),
    "INSERT OR REPLACE INTO setting(key, value) VALUES('reindexed_to', '0')",
]


# Version after the step → the step.
MIGRATIONS: dict[int, Migration] = {2: _to_2, 3: _to_3, 4: _to_4, 5: _to_5}


def upgrade(connection: Connection, *, private: bool = False) -> int:
    """Create or migrate the database; return the version it had before (0 for a new one)."""
    found = version_of(connection)
    if found > SCHEMA_VERSION:
        raise StoreTooNew(
            f"The conversations were written by a later version (schema {found}, this version "
            f"knows up to {SCHEMA_VERSION}). Update the integration; nothing was changed."
        )
    if found == 0:
        _create(connection)
        number_ids(connection, private=private)
    for version in range(max(found, 1) + 1, SCHEMA_VERSION + 1):
        if found:
            MIGRATIONS[version](connection)
    if found != SCHEMA_VERSION:
        connection.execute(text(f"PRAGMA user_version = {SCHEMA_VERSION}"))
    return found


def version_of(connection: Connection) -> int:
    """Return the schema version of the file; refuse a file that is another program's."""
    found = int(connection.execute(text("PRAGMA user_version")).scalar_one())
    owner = int(connection.execute(text("PRAGMA application_id")).scalar_one())
    tables = connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar_one()
    if tables and owner != APPLICATION_ID:
        raise StoreDamaged("The file is a database of another program")
    return found


def _create(connection: Connection) -> None:
    """Make the newest schema in an empty file."""
    connection.execute(text(f"PRAGMA application_id = {APPLICATION_ID}"))
    metadata.create_all(connection, checkfirst=False)
    for statement in (*full_text_tables(), *full_text_triggers(), *HEAD_TRIGGERS):
        connection.execute(text(statement))
