"""Turn SQLite's own errors into the store's."""

from collections.abc import Iterator
from contextlib import contextmanager
import sqlite3

from sqlalchemy.exc import DatabaseError

from .errors import StoreDamaged, StoreError, StoreFull, StoreReadOnly

_BY_CODE: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_FULL: (StoreFull, "The disk is full: the conversation could not be stored"),
    sqlite3.SQLITE_READONLY: (
        StoreReadOnly,
        "The disk is read-only: the conversation could not be stored",
    ),
    sqlite3.SQLITE_CORRUPT: (StoreDamaged, "The conversation database is damaged"),
    sqlite3.SQLITE_NOTADB: (StoreDamaged, "The conversation database is damaged"),
    # A disk that the system has made read-only because it is failing answers so, a full one does not.
    sqlite3.SQLITE_IOERR: (StoreReadOnly, "The disk could not be written or read"),
    sqlite3.SQLITE_CANTOPEN: (StoreReadOnly, "The conversation database could not be opened"),
}


@contextmanager
def translated() -> Iterator[None]:
    """Raise the store's error in place of SQLite's, where a person can do something about it."""
    try:
        yield
    except DatabaseError as error:
        raise _of(error.orig) or error from error
    except sqlite3.DatabaseError as error:
        raise _of(error) or error from error


def _of(error: BaseException | None) -> StoreError | None:
    """Return the store's error for one of SQLite's, if it has one."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    # The low byte is the primary code; the rest says where in SQLite it happened.
    known = _BY_CODE.get(code & 0xFF)
    return known[0](known[1]) if known else None
