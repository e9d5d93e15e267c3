"""Join the parts of the full-text indexes, a little at a time.

Every change of an index is a new part, which FTS5 joins to others as it goes, but never to the
largest ones. Each part is looked at by each search, in every room: with ten parts a search takes
three times as long as with one.
"""

from sqlalchemy import Connection

from .driver import driver
from .schema import FULL_TEXT

FEW_PARTS = 4
# So many pages take some 20 ms: others can write in between.
_PAGES = 200


def scattered(connection: Connection) -> list[str]:
    """Return the indexes that are worth joining."""
    return [name for name in FULL_TEXT if _parts(connection, name) > FEW_PARTS]


def join_part(connection: Connection, index: str, *, begin: bool) -> bool:
    """Join some pages of an index; say whether there is more to do.

    A negative number begins to join all there is, a positive one goes on; less than two changed
    rows mean that it is done (SQLite's documentation of FTS5, «The 'merge' Command»).
    """
    raw = driver(connection)
    before = raw.total_changes
    pages = -_PAGES if begin else _PAGES
    # The index is one of our own, not a word from outside.
    raw.execute(f"INSERT INTO {index}({index}, rank) VALUES('merge', ?)", (pages,))
    return raw.total_changes - before >= 2


def _parts(connection: Connection, index: str) -> int:
    """Return of how many parts an index is made."""
    found = driver(connection).execute(f"SELECT count(DISTINCT segid) FROM {index}_idx")  # noqa: S608 - see above
    return int(found.fetchone()[0])
