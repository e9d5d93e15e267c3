"""Find messages by their words.

Few hits are ordered by how well they fit, many by time, newest first. The newest come straight from
the end of each room's part of the index, so a common word costs no more than a rare one, and paging
on reaches every hit there is.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from .marks import Snippet, snippet
from .query import Query, parse
from .schema import ROOM_SHIFT, WORDS
from .scope import Scope, Sight
from .values import Role

# Up to so many hits are ranked; beyond, one short message fits as well as the next.
RANKED_HITS = 300
_MESSAGE_MASK = (1 << ROOM_SHIFT) - 1


class Order(StrEnum):
    """Say how hits are ordered."""

    BEST = "best"
    NEWEST = "newest"
    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFilter:
    """Narrow a search; a field left out doesn't matter.

    `audience` is whose conversation it is, `author` who said it. Times are from `since_ms` on and
    before `until_ms`.
    """

    character: str | None = None
    audience: str | None = None
    author: str | None = None
    role: Role | None = None
    session_id: str | None = None
    since_ms: int | None = None
    until_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Show one found message."""

    message_id: int
    session_id: str
    session_title: str
    character: str
    audience: str
    role: Role
    author: str | None
    created_ms: int
    snippet: Snippet


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Hold a page of hits; with `more` there is another page."""

    hits: list[Hit]
    more: bool


def search(
    connection: Connection,
    scope: Scope,
    words: str,
    wanted: SearchFilter,
    *,
    order: Order,
    as_typed: bool,
    limit: int,
    offset: int,
) -> Found:
    """Return a page of the messages with the given words that may be seen."""
    query = parse(words, as_typed=as_typed)
    sight = scope.sight(connection, wanted.audience, wanted.character)
    if not sight.rooms:
        return Found(hits=[], more=False)
    rows = _ROWS[order](connection, sight, query, wanted, offset + limit + 1)
    page = rows[offset : offset + limit]
    return Found(hits=[_hit(row, query) for row in page], more=len(rows) > offset + limit)


def _rooms_rule(sight: Sight) -> str:
    """Return the condition that keeps index rows to the rooms that may be seen."""
    ranges = sight.row_ranges()
    rooms = ", ".join(str(number) for number in sight.rooms)
    return (
        f"f.rowid BETWEEN {ranges[0][0]} AND {ranges[-1][1]} "
        f"AND (f.rowid >> {ROOM_SHIFT}) IN ({rooms})"
    )


_COLUMNS = """
SELECT m.id, s.uid AS session_id, s.title, c.key AS character, a.key AS audience, m.role,
    p.key AS author, m.created_ms, m.text
"""
_FOUND = f"""
FROM {WORDS} f
CROSS JOIN message m ON m.id = (f.rowid & {_MESSAGE_MASK})
JOIN session s ON s.id = m.session_id
"""
_SHOWN = """
JOIN room r ON r.id = s.room_id
JOIN person a ON a.id = r.audience_id
JOIN character c ON c.id = r.character_id
LEFT JOIN person p ON p.id = m.author_id
"""
_FILTERS = {
    "author": " AND m.author_id = (SELECT id FROM person WHERE key = ?)",
    "role": " AND m.role = ?",
    "session_id": " AND s.uid = ?",
    "since_ms": " AND m.created_ms >= ?",
    "until_ms": " AND m.created_ms < ?",
}


def _where(query: Query, wanted: SearchFilter, what: str = "?") -> tuple[str, tuple[Any, ...]]:
    """Return the conditions every hit obeys and their values."""
    given = {name: getattr(wanted, name) for name in _FILTERS}
    kept = {name: value for name, value in given.items() if value is not None}
    conditions = "".join(_FILTERS[name] for name in kept)
    return (
        f"WHERE {WORDS} MATCH {what} AND s.deleted_ms IS NULL{conditions}",
        (query.expression, *kept.values()),
    )


def _relevant(
    connection: Connection,
    sight: Sight,
    query: Query,
    wanted: SearchFilter,
    count: int,
    *,
    only_if: str = "",
) -> list[Any]:
    """Return the hits that fit best, the best first."""
    # An empty phrase finds nothing.
    what = f"CASE WHEN {only_if} THEN ?1 ELSE '\"\"' END" if only_if else "?1"
    where, values = _where(query, wanted, what)
    rooms = ", ".join(str(number) for number in sight.rooms)
    statement = (
        f"{_COLUMNS}{_FOUND}{_SHOWN}{where} AND {_rooms_rule(sight)} "
        f"AND s.room_id IN ({rooms}) ORDER BY f.rank LIMIT {int(count)}"
    )
    return list(connection.exec_driver_sql(statement, values).all())


def _best(
    connection: Connection, sight: Sight, query: Query, wanted: SearchFilter, count: int
) -> list[Any]:
    """Return few hits by how well they fit, many by time."""
    # Counted by the same statement: of many, none is looked for, and none is ranked.
    counted = (
        f"SELECT 1 FROM {WORDS} f WHERE {WORDS} MATCH ?1 AND {_rooms_rule(sight)} "  # noqa: S608 - only names and numbers of our own
        f"LIMIT {RANKED_HITS + 1}"
    )
    few = f"(SELECT count(*) FROM ({counted})) <= {RANKED_HITS}"  # noqa: S608 - made above
    found = _relevant(connection, sight, query, wanted, count, only_if=few)
    return found or _newest(connection, sight, query, wanted, count)


def _newest(
    connection: Connection, sight: Sight, query: Query, wanted: SearchFilter, count: int
) -> list[Any]:
    """Return the newest hits: the newest of every room, put together."""
    where, values = _where(query, wanted)
    parts = [
        f"SELECT * FROM (SELECT m.id, m.created_ms {_FOUND}{where} "  # noqa: S608 - only names and numbers of our own
        f"AND f.rowid BETWEEN {first} AND {last} AND s.room_id = {number} "
        f"ORDER BY f.rowid DESC LIMIT {int(count)})"
        for number, (first, last) in zip(sight.rooms, sight.row_ranges(), strict=True)
    ]
    newest = f"{' UNION ALL '.join(parts)} ORDER BY created_ms DESC, id DESC LIMIT {int(count)}"
    statement = (
        f"{_COLUMNS} FROM ({newest}) n JOIN message m ON m.id = n.id "
        f"JOIN session s ON s.id = m.session_id {_SHOWN} ORDER BY m.created_ms DESC, m.id DESC"
    )
    return list(connection.exec_driver_sql(statement, values * len(sight.rooms)).all())


_ROWS = {Order.BEST: _best, Order.RELEVANCE: _relevant, Order.NEWEST: _newest}


def _hit(row: Any, query: Query) -> Hit:
    """Return a row as a hit, with its snippet."""
    return Hit(
        message_id=row.id,
        session_id=row.session_id,
        session_title=row.title,
        character=row.character,
        audience=row.audience,
        role=Role(row.role),
        author=row.author,
        created_ms=row.created_ms,
        snippet=snippet(row.text, query.terms),
    )
