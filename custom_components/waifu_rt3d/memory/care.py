"""Look after the database file: check it, copy it, and open it again after damage."""

from dataclasses import dataclass
from datetime import UTC, datetime
import logging
from pathlib import Path
import sqlite3

from sqlalchemy import Connection

from .database import Database
from .driver import driver
from .errors import StoreDamaged
from .faults import translated
from .salvage import salvage
from .schema import APPLICATION_ID

LOGGER = logging.getLogger(__name__)

_COPY_PAGES = 512
_CHECKPOINT_PAGES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Say that a damaged database was put aside, and what took its place.

    `copied_ms` is when the copy was made that was put in its place; nothing if there was none.
    `salvaged` messages were newer and could still be read from the damaged file.
    """

    moved_to: Path
    copied_ms: int | None
    salvaged: int = 0


# A file of up to this size is read through in half a second: that is done before it is opened.
LOOKED_THROUGH_BYTES = 32 * 1024 * 1024


def open_or_recover(path: Path, *, thorough: bool = False) -> tuple[Database, Recovery | None]:
    """Open a database file; a damaged one is moved aside and its last good copy opened; blocks.

    A large file is read through only where that is asked for; else `check` tells later.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _opened(path, thorough=thorough), None
    except StoreDamaged as error:
        LOGGER.warning("The conversation database is damaged: %s", error)
    moved_to = _move_aside(path)
    copy = copy_path(path)
    copied_ms = None
    if _is_sound(copy):
        copied_ms = int(copy.stat().st_mtime * 1000)
        _copy_file(copy, path)
    database = _opened(path, thorough=True)
    salvaged = salvage(moved_to, path)
    return database, Recovery(moved_to=moved_to, copied_ms=copied_ms, salvaged=salvaged)


def is_looked_through(path: Path) -> bool:
    """Say whether a file is so small that it is read through before it is opened."""
    return not path.exists() or path.stat().st_size <= LOOKED_THROUGH_BYTES


def copy_path(path: Path) -> Path:
    """Return where the last good copy of a database is."""
    return path.with_name(path.name + ".good")


def check(connection: Connection) -> None:
    """Read through the whole file; raise `StoreDamaged` where it is not as it should be.

    A connection of its own reads: one that searched before keeps the full-text index's old plan of
    its pages, and SQLite 3.53 then takes pages that were emptied since for damage.
    """
    with translated():
        _look(_file(connection))


def copy_to(connection: Connection, target: Path) -> None:
    """Write a sound copy of the database to a file, which appears only when it is complete."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    # The copy is taken over a connection of its own: this one is inside a transaction.
    with translated():
        _copy_file(_file(connection), part)
    part.replace(target)


def hold(connection: Connection) -> None:
    """Put everything into the main file and leave that file alone until `release`.

    What is said meanwhile goes into the write-ahead file only, so a backup that copies both, in
    whatever order, has a sound database.
    """
    empty_log(connection)
    driver(connection).execute("PRAGMA wal_autocheckpoint = 0").close()


def release(connection: Connection) -> None:
    """Let the main file be written again."""
    driver(connection).execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}").close()


def empty_log(connection: Connection) -> None:
    """Put everything into the main file and empty the write-ahead file: it may quote old pages."""
    driver(connection).execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def _file(connection: Connection) -> Path:
    """Return the file of a database."""
    rows = driver(connection).execute("PRAGMA database_list").fetchall()
    return Path(next(row[2] for row in rows if row[1] == "main"))


def _opened(path: Path, *, thorough: bool) -> Database:
    """Open a file that was looked at first, since SQLite reads a damaged page only when needed."""
    if path.exists():
        with translated():
            _look(path, thorough=thorough or is_looked_through(path))
    return Database.open_file(path)


def _look(path: Path, *, thorough: bool = True) -> None:
    """Raise an error where a file is no sound database of ours."""
    connection = sqlite3.connect(path)
    try:
        owner = connection.execute("PRAGMA application_id").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and owner != APPLICATION_ID:
            raise StoreDamaged("The file is a database of another program")
        if not thorough:
            return
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
    finally:
        connection.close()
    if found != "ok":
        raise StoreDamaged(f"The conversation database is damaged: {found}")
    if orphan is not None:
        raise StoreDamaged(f"The conversation database is damaged: rows of {orphan[0]} hang loose")


def _is_sound(path: Path) -> bool:
    """Say whether a file is a sound database."""
    if not path.exists():
        return False
    try:
        with translated():
            _look(path)
    except StoreDamaged, sqlite3.Error:
        return False
    return True


def _move_aside(path: Path) -> Path:
    """Give a damaged file and what belongs to it another name, which says when."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    target = path.with_name(f"{path.stem}-damaged-{stamp}{path.suffix}")
    for ending in ("", "-wal", "-shm"):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.replace(target.with_name(target.name + ending))
    return target


def _copy_file(source: Path, target: Path) -> None:
    """Copy a database, page by page, letting others write between."""
    reading, writing = sqlite3.connect(source), sqlite3.connect(target)
    try:
        reading.backup(writing, pages=_COPY_PAGES, sleep=0.001)
        # A copy is one file: it must not leave a write-ahead file beside it.
        writing.execute("PRAGMA journal_mode = DELETE")
    finally:
        writing.close()
        reading.close()
