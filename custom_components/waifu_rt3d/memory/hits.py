"""Look words up in the index, and read no more messages than are shown.

What is ranked is ranked by the index alone. The newest come straight from the end of each room's
part of the index, a few of every room, and are put together by their time; so a common word costs
no more than a rare one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Any

from orjson import loads
from sqlalchemy import Connection

from .driver import driver
from .packing import as_json
from .schema import ROOM_SHIFT, WORDS
from .scope import Sight

_MESSAGE_MASK = (1 << ROOM_SHIFT) - 1
_GROWTH = 4

# Number, time, role and text of a message, id and title of its session, character, audience, author.
type Row = tuple[int, int, str, str, str, str, str, str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Hold what is looked for: a full-text expression, in the rooms that may be seen.

    `conditions` is SQL that narrows the messages `m` and sessions `s` further, each with one of
    `values`.
    """

    connection: Connection
    sight: Sight
    expression: str
    conditions: str
    values: tuple[Any, ...]


def ranked(asked: Asked, limit: int, offset: int, *, most: int | None = None) -> list[Row]:
    """Return the rows that fit best, the best first, and one more than asked if there is one.

    With `most`, nothing is returned where there are more hits than that.
    """
    values = [asked.expression, *_ends(asked.sight), as_json(asked.sight.rooms)]
    statement = _RANKED
    if most is not None:
        statement = _RANKED_FEW
        values.append(most)
    ids = loads(driver(asked.connection).execute(statement, values).fetchone()[0])
    last = offset + limit + 1
    return list(islice(_rows_of(asked, ids, last), offset, last))


def newest(asked: Asked, limit: int, offset: int) -> list[Row]:
    """Return the newest rows, the newest first, and one more than asked if there is one.

    Pages are cut from one line of hits, which is the same for each page.
    """
    last = offset + limit + 1
    lanes = [f"[{first}, {last_row}]" for first, last_row in asked.sight.row_ranges()]
    size = min(last, 2 * last // len(lanes) + 3)
    rooms = [_lane(asked, *one, size) for one in zip(lanes, _look(asked, lanes, size), strict=True)]
    line = merge(*rooms, key=lambda hit: (-hit[1], -hit[0]))
    rows = _shown(asked, [one for one, _ in islice(line, offset, last)])
    # In a room, the order is that of the ids, which is that of time but for a block's length.
    rows[:limit] = sorted(rows[:limit], key=lambda row: (-row[1], -row[0]))
    return rows


# Only names and numbers of our own stand in these statements.
_IN_ROOMS = f"""
{WORDS} MATCH ?1 AND f.rowid BETWEEN ?2 AND ?3
AND (f.rowid >> {ROOM_SHIFT}) IN (SELECT value FROM json_each(?4))
"""  # noqa: S608 - see above
_RANKED = f"""
SELECT json_group_array(id) FROM (
    SELECT f.rowid & {_MESSAGE_MASK} AS id FROM {WORDS} f WHERE {_IN_ROOMS}
    ORDER BY bm25({WORDS})
)
"""  # noqa: S608 - see above
# Counted by the same statement: of many, none is looked for and none is ranked. An empty phrase
# finds nothing.
_FEW = f"""
CASE WHEN (
    SELECT count(*) FROM (SELECT 1 FROM {WORDS} f WHERE {_IN_ROOMS} LIMIT ?5 + 1)
) <= ?5 THEN ?1 ELSE '""' END
"""  # noqa: S608 - see above
_RANKED_FEW = _RANKED.replace("MATCH ?1", f"MATCH {_FEW}")
_LANES = f"""
SELECT (
    SELECT json_group_array(json_array(id, created_ms)) FROM (
        SELECT m.id, m.created_ms FROM {WORDS} f
        CROSS JOIN message m ON m.id = (f.rowid & {_MESSAGE_MASK})
        CROSS JOIN session s ON s.id = m.session_id
        WHERE {WORDS} MATCH ?
        AND f.rowid BETWEEN json_extract(lane.value, '$[0]') AND json_extract(lane.value, '$[1]')
        AND s.deleted_ms IS NULL
        AND s.room_id = json_extract(lane.value, '$[0]') >> {ROOM_SHIFT}{{conditions}}
        ORDER BY f.rowid DESC LIMIT ?
    )
) FROM json_each(?) lane ORDER BY lane.key
"""  # noqa: S608 - see above
_SHOWN = """
SELECT m.id, m.created_ms, m.role, m.text, s.uid, s.title, c.key, a.key, p.key
FROM json_each(?) found
CROSS JOIN message m ON m.id = found.value
CROSS JOIN session s ON s.id = m.session_id
CROSS JOIN room r ON r.id = s.room_id
JOIN person a ON a.id = r.audience_id
JOIN character c ON c.id = r.character_id
LEFT JOIN person p ON p.id = m.author_id
WHERE s.deleted_ms IS NULL AND s.room_id IN (SELECT value FROM json_each(?)){conditions}
ORDER BY found.key
"""


def _ends(sight: Sight) -> tuple[int, int]:
    """Return the first and the last row id of all rooms in sight."""
    ranges = sight.row_ranges()
    return ranges[0][0], ranges[-1][1]


def _rows_of(asked: Asked, ids: list[int], size: int) -> Iterator[Row]:
    """Read the rows in the order of their ids, few at first: most are never asked for."""
    while ids:
        yield from _shown(asked, ids[:size])
        ids = ids[size:]
        size *= _GROWTH


def _shown(asked: Asked, ids: list[int]) -> list[Row]:
    """Read those of some messages that may be seen and obey the conditions."""
    values = (as_json(ids), as_json(asked.sight.rooms), *asked.values)
    statement = _SHOWN.format(conditions=asked.conditions)
    return driver(asked.connection).execute(statement, values).fetchall()


def _lane(asked: Asked, lane: str, found: list[list[int]], size: int) -> Iterator[list[int]]:
    """Go through the hits of one room, the newest first, and look for more where they end."""
    yield from found
    while len(found) == size:
        first = loads(lane)[0]
        size *= _GROWTH
        [found] = _look(asked, [f"[{first}, {(first | found[-1][0]) - 1}]"], size)
        yield from found


def _look(asked: Asked, lanes: list[str], size: int) -> list[list[list[int]]]:
    """Return the newest hits of each lane, a room's first and last row id, with their times."""
    values = (asked.expression, *asked.values, size, f"[{', '.join(lanes)}]")
    statement = _LANES.format(conditions=asked.conditions)
    return [loads(row[0]) for row in driver(asked.connection).execute(statement, values)]
