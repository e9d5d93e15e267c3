"""Give messages their ids, in blocks: neighbours in talk are neighbours in number.

Ids also keep the order of time: what is said live gets higher ids than what was imported from the
past, and private talk, which has a database of its own in memory, gets the highest.
"""

from sqlalchemy import Connection, insert, select, update

from .schema import id_block

# A session takes so many ids at a time, other sessions come in between only after that.
BLOCK_IDS = 64
PAST_IDS_FROM = 1
LIVE_IDS_FROM = 1 << 38
PRIVATE_IDS_FROM = 1 << 39
_LIVE, _PAST = 1, 2


def is_imported(message_id: int) -> bool:
    """Tell whether a message came out of a file and was not said here."""
    private = message_id - PRIVATE_IDS_FROM
    return message_id < LIVE_IDS_FROM or 0 <= private < LIVE_IDS_FROM


def number_ids(connection: Connection, *, private: bool = False) -> None:
    """Begin to count in a new database."""
    live = PRIVATE_IDS_FROM + LIVE_IDS_FROM if private else LIVE_IDS_FROM
    past = PRIVATE_IDS_FROM if private else PAST_IDS_FROM
    connection.execute(
        insert(id_block), [{"id": _LIVE, "next_id": live}, {"id": _PAST, "next_id": past}]
    )


def reserve_ids(connection: Connection, count: int, *, past: bool = False) -> int:
    """Set ids aside; return the first. No id is ever given twice."""
    row = _PAST if past else _LIVE
    first = connection.execute(select(id_block.c.next_id).where(id_block.c.id == row)).scalar_one()
    connection.execute(update(id_block).where(id_block.c.id == row).values(next_id=first + count))
    return int(first)
