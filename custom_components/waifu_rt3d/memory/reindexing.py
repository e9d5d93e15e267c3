"""Index what an older version stored as it is searched for now, a little at a time.

Only messages with letters beyond ASCII can be indexed otherwise than they were. How far this has
come is kept with each step, so it goes on after an interruption; a search finds messages of either
kind meanwhile.

The words of before are not removed from the file one by one, which takes fourteen times as long: the
indexes are joined afterwards, and only then is it done.
"""

from collections.abc import Iterator
from contextlib import contextmanager
import sqlite3
from typing import Any

from sqlalchemy import Connection, LargeBinary, bindparam, cast, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from .driver import driver
from .folding import searchable
from .packing import as_json, listed
from .schema import FULL_TEXT, is_spoken, message, setting
from .symbols import symbols

# So many take some 12 ms: others can write in between.
_AT_ONCE = 50
_DONE_TO = "reindexed_to"

_NEXT = (
    select(message.c.id)
    .where(
        message.c.id > bindparam("after"),
        is_spoken(message.c.role),
        func.length(message.c.text) < func.length(cast(message.c.text, LargeBinary)),
    )
    .order_by(message.c.id)
    .limit(_AT_ONCE)
)
_READ = select(message.c.id, message.c.text, message.c.found_by).where(
    message.c.id.in_(listed("ids"))
)
_WRITE = (
    update(message)
    .where(message.c.id == bindparam("number"))
    .values(folded=bindparam("as_searched"), found_by=bindparam("by"))
)


def pending(connection: Connection) -> list[int] | None:
    """Return the next messages to look at, an empty list after the last; nothing where all is done."""
    done_to = connection.execute(select(setting.c.value).where(setting.c.key == _DONE_TO)).scalar()
    if done_to is None:
        return None
    return list(connection.execute(_NEXT, {"after": int(done_to)}).scalars())


def reindex(connection: Connection, ids: list[int]) -> None:
    """Index messages anew where they would be found by more, and keep how far this has come."""
    rows = connection.execute(_READ, {"ids": as_json(ids)}).all()
    changes = [change for row in rows if (change := _change(row)) is not None]
    if changes:
        with _old_words_left(connection):
            connection.execute(_WRITE, changes)
    done = upsert(setting).values(key=_DONE_TO, value=str(ids[-1]))
    connection.execute(
        done.on_conflict_do_update(index_elements=["key"], set_={"value": done.excluded.value})
    )


def finish(connection: Connection) -> None:
    """Keep that all is done, and the words of before are gone from the indexes."""
    connection.execute(delete(setting).where(setting.c.key == _DONE_TO))


@contextmanager
def _old_words_left(connection: Connection) -> Iterator[None]:
    """Let the indexes only note within this transaction what is no more in them."""
    _remove_at_once(connection, at_once=False)
    yield
    _remove_at_once(connection, at_once=True)


def _remove_at_once(connection: Connection, *, at_once: bool) -> None:
    """Choose whether a removed word leaves the file at once."""
    if sqlite3.sqlite_version_info < (3, 42):
        return
    for index in FULL_TEXT:
        # The index is one of our own, not a word from outside.
        statement = f"INSERT INTO {index}({index}, rank) VALUES('secure-delete', ?)"
        driver(connection).execute(statement, (int(at_once),))


def _change(row: Any) -> dict[str, Any] | None:
    """Return what is to be written of a message, nothing where it is indexed as it should be."""
    folded, shown = searchable(row.text), symbols(row.text)
    by = row.found_by
    if shown and shown not in (by or ""):
        by = " ".join(filter(None, [by, shown]))
    if folded is None and by == row.found_by:
        return None
    return {"number": row.id, "as_searched": folded, "by": by}
