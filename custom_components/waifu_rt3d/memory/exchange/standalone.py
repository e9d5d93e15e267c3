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
from .growing import Foreign, ForeignCharacter, Grower

_CHARACTER_COLUMNS = (
    "name", "system_prompt", "avatar_url", "voice_id", "tts_provider", "personality_traits",
)  # fmt: skip


def read(path: Path) -> Foreign:
    """Take the database apart; it is not changed."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        try:
            return _read(connection)
        except sqlite3.DatabaseError as error:
            raise BadImport(f"The database can't be read: {error}") from error


def _read(connection: sqlite3.Connection) -> Foreign:
    """Take an open database apart."""
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise BadImport("The database is damaged")
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    if not {"sessions", "messages"} <= tables:
        raise BadImport("The database has no tables of waifu-rt3d 5.29 (sessions, messages)")
    growers: dict[Any, Grower] = {}
    for row in connection.execute("SELECT id, title, created_ts FROM sessions ORDER BY id"):
        growers[row["id"]] = Grower(title=row["title"] or "", created_ms=time_ms(row["created_ts"]))
    # Version 5.29 writes messages of a session that was deleted or never made, too.
    for row in connection.execute("SELECT session_id, role, text, ts FROM messages ORDER BY id"):
        grower = growers.setdefault(row["session_id"], Grower())
        grower.add(Role(row["role"]), [row["text"]], created_ms=time_ms(row["ts"]))
    characters = _characters(connection) if "characters" in tables else []
    sessions = [one.whole() for one in growers.values()]
    return Foreign(
        kind="waifu-rt3d 5.29",
        sessions=[one for one in sessions if one.messages],
        characters=characters,
    )


def _characters(connection: sqlite3.Connection) -> list[ForeignCharacter]:
    """Return the characters, with what only that program knows in `extra`."""
    columns = ", ".join(_CHARACTER_COLUMNS)
    rows = connection.execute(f"SELECT {columns} FROM characters ORDER BY id")  # noqa: S608 - constants
    return [
        ForeignCharacter(
            name=row["name"],
            system_prompt=row["system_prompt"],
            extra={name: row[name] for name in _CHARACTER_COLUMNS[2:] if row[name] is not None},
        )
        for row in rows
    ]
