"""Read the database of the stand-alone waifu-rt3d 5.29.

Its schema is `waifu-rt3d_v5.29_full/backend/db/schema_v3.sql` and, with characters, `schema_v4.sql`
of WestonGFX/waifu-rt3d at d87dca5. Times are seconds. Sessions know no character.
"""

from contextlib import closing
from pathlib import Path
import sqlite3
from typing import Any

from ..errors import BadImport
from ..values import Role
from .dates import time_ms
from .growing import Foreign, ForeignCharacter, Grower, text_of

_CHARACTER_COLUMNS = (
    "name", "system_prompt", "avatar_url", "voice_id", "tts_provider", "personality_traits",
)  # fmt: skip
_ROLES = [Role.USER.value, Role.ASSISTANT.value, Role.SYSTEM.value]
_NEEDED = {"messages": {"session_id", "role", "text"}, "sessions": {"id"}}
_HEADER_BYTES = 20
_WITH_LOG = b"\x02\x02"
_WITHOUT_LOG = b"\x01\x01"
_VERSIONS = slice(18, 20)


def read(path: Path) -> Foreign:
    """Take the database apart; it is not changed."""
    with closing(_opened(path)) as connection:
        connection.row_factory = sqlite3.Row
        try:
            return _read(connection)
        except sqlite3.DatabaseError as error:
            raise BadImport(f"The database can't be read: {error}") from error


def _opened(path: Path) -> sqlite3.Connection:
    """Open a database for reading.

    The program runs in WAL mode. A file that was sent alone comes without its log, which SQLite
    would make beside it; in memory it is read as if it had never had one (SQLite file format,
    §1.3.3).
    """
    if path.with_name(f"{path.name}-wal").exists():
        return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    data = bytearray(path.read_bytes())
    if len(data) > _HEADER_BYTES and data[_VERSIONS] == _WITH_LOG:
        data[_VERSIONS] = _WITHOUT_LOG
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(data)
    except sqlite3.Error as error:
        connection.close()
        raise BadImport(f"The database can't be read: {error}") from error
    return connection


def _read(connection: sqlite3.Connection) -> Foreign:
    """Take an open database apart."""
    connection.execute("PRAGMA trusted_schema = OFF")
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise BadImport("The database is damaged")
    tables = _tables(connection)
    for name, needed in _NEEDED.items():
        if missing := needed - tables.get(name, set()):
            raise BadImport(
                f"The database is not one of waifu-rt3d 5.29: its table {name} has no "
                f"{', '.join(sorted(missing))}"
            )
    growers: dict[Any, Grower] = {}
    for row in _rows(connection, tables, "sessions", ("id", "title", "created_ts")):
        title = row["title"]
        growers[row["id"]] = Grower(
            title=title if isinstance(title, str) else "", created_ms=time_ms(row["created_ts"])
        )
    # Version 5.29 writes messages of a session that was deleted or never made, too.
    columns = ("session_id", "role", "text", "ts")
    for number, row in enumerate(_rows(connection, tables, "messages", columns), 1):
        grower = growers.setdefault(row["session_id"], Grower())
        _add(grower, row, f"table messages, row {number}")
    sessions = [one.whole() for one in growers.values()]
    return Foreign(
        kind="waifu-rt3d 5.29",
        sessions=[one for one in sessions if one.messages],
        characters=_characters(connection, tables),
    )


def _tables(connection: sqlite3.Connection) -> dict[str, set[str]]:
    """Return the columns of each table; a view is none."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    described = "SELECT name FROM pragma_table_info(?)"
    return {
        name: {column for (column,) in connection.execute(described, (name,))} for (name,) in names
    }


def _rows(
    connection: sqlite3.Connection,
    tables: dict[str, set[str]],
    table: str,
    columns: tuple[str, ...],
) -> sqlite3.Cursor:
    """Return the rows of a table in the order they were written; what it lacks is empty."""
    known = tables[table]
    chosen = ", ".join(one if one in known else f"NULL AS {one}" for one in columns)
    return connection.execute(f"SELECT {chosen} FROM {table} ORDER BY rowid")  # noqa: S608 - constants


def _add(grower: Grower, row: sqlite3.Row, where: str) -> None:
    """Add one message."""
    text = text_of(row["text"], f"{where}, text")
    if row["role"] not in _ROLES:
        raise BadImport(f"{where}: role must be one of {', '.join(_ROLES)}")
    grower.add(Role(row["role"]), [text], created_ms=time_ms(row["ts"]))


def _characters(
    connection: sqlite3.Connection, tables: dict[str, set[str]]
) -> list[ForeignCharacter]:
    """Return the characters, with what only that program knows in `extra`."""
    if "name" not in tables.get("characters", set()):
        return []
    return [
        ForeignCharacter(
            name=row["name"],
            system_prompt=row["system_prompt"] if isinstance(row["system_prompt"], str) else "",
            extra={
                name: row[name] for name in _CHARACTER_COLUMNS[2:] if isinstance(row[name], str)
            },
        )
        for row in _rows(connection, tables, "characters", _CHARACTER_COLUMNS)
        if isinstance(row["name"], str) and row["name"]
    ]
