"""Index what an older version stored as it is searched for now, a little at a time.

Only messages with letters beyond ASCII can be indexed otherwise than they were. How far this has
come is kept with each step, so it goes on after an interruption; a search finds messages of either
kind meanwhile.
"""

from typing import Any

from sqlalchemy import Connection, LargeBinary, bindparam, cast, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from .folding import searchable
from .packing import as_json, listed
from .schema import is_spoken, message, setting
from .symbols import symbols

# So many take some 20 ms: others can write in between.
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
        connection.execute(_WRITE, changes)
    if ids:
        done = upsert(setting).values(key=_DONE_TO, value=str(ids[-1]))
        connection.execute(
            done.on_conflict_do_update(index_elements=["key"], set_={"value": done.excluded.value})
        )
    else:
        connection.execute(delete(setting).where(setting.c.key == _DONE_TO))


def _change(row: Any) -> dict[str, Any] | None:
    """Return what is to be written of a message, nothing where it is indexed as it should be."""
    folded, shown = searchable(row.text), symbols(row.text)
    by = row.found_by
    if shown and shown not in (by or ""):
        by = " ".join(filter(None, [by, shown]))
    if folded is None and by == row.found_by:
        return None
    return {"number": row.id, "as_searched": folded, "by": by}
