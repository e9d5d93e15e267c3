"""Find messages by their words.

Few hits are ordered by how well they fit, many by time, newest first. Paging on reaches every hit
there is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from .driver import driver
from .hits import Asked, Row, newest, ranked
from .marks import Marker, Snippet
from .query import Query, parse
from .scope import Scope, Sight
from .values import Role

# Up to so many hits are ranked; beyond, one short message fits as well as the next.
RANKED_HITS = 300
# Up to so many messages in the store, one or two letters may be the beginning of a word: to gather
# all words that begin so takes some 20 ms for each room then.
BRIEF_MESSAGES = 100_000


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
    if query.brief and _has_many_messages(connection):
        query = parse(words, as_typed=as_typed, brief=False)
    sight = scope.sight(connection, wanted.audience, wanted.character)
    if not sight.rooms:
        return Found(hits=[], more=False)
    asked = _asked(connection, sight, query, wanted)
    rows = _ROWS[order](asked, limit, offset)
    marker = Marker(query.terms)
    return Found(hits=[_hit(row, marker) for row in rows[:limit]], more=len(rows) > limit)


def _has_many_messages(connection: Connection) -> bool:
    """Say whether a brief beginning would gather too much."""
    [count] = driver(connection).execute("SELECT sum(messages) FROM session").fetchone()
    return (count or 0) > BRIEF_MESSAGES


_FILTERS = {
    "author": " AND m.author_id = (SELECT id FROM person WHERE key = ?)",
    "role": " AND m.role = ?",
    "session_id": " AND s.uid = ?",
    "since_ms": " AND m.created_ms >= ?",
    "until_ms": " AND m.created_ms < ?",
}


def _asked(connection: Connection, sight: Sight, query: Query, wanted: SearchFilter) -> Asked:
    """Return what the index is asked for."""
    given = {name: getattr(wanted, name) for name in _FILTERS}
    kept = {name: value for name, value in given.items() if value is not None}
    return Asked(
        connection=connection,
        sight=sight,
        expression=query.expression,
        conditions="".join(_FILTERS[name] for name in kept),
        values=tuple(kept.values()),
    )


def _best(asked: Asked, limit: int, offset: int) -> list[Row]:
    """Return few hits by how well they fit, many by time."""
    return ranked(asked, limit, offset, most=RANKED_HITS) or newest(asked, limit, offset)


_ROWS: dict[Order, Callable[[Asked, int, int], list[Row]]] = {
    Order.BEST: _best,
    Order.RELEVANCE: ranked,
    Order.NEWEST: newest,
}


def _hit(row: Row, marker: Marker) -> Hit:
    """Return a row as a hit, with its snippet."""
    message_id, created_ms, role, text, session_id, title, character, audience, author = row
    return Hit(
        message_id=message_id,
        session_id=session_id,
        session_title=title,
        character=character,
        audience=audience,
        role=Role(role),
        author=author,
        created_ms=created_ms,
        snippet=marker.snippet(text),
    )
