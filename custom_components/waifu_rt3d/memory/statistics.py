"""Count what was said: per day, per character, and how long people waited for an answer."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from .feelings import Feeling, feelings
from .schema import message, session
from .scope import Scope, messages_in_sight
from .stages import Stage, stages
from .stopwords import STOP_WORDS
from .values import Role
from .words import spans

_DAY_MS = 86_400_000
# A silence longer than this is not part of a conversation's length.
PAUSE_MS = 5 * 60_000
_WORDS_FROM_MESSAGES = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Count one day with one character; `day` counts from 1970-01-01."""

    day: int
    character: str
    messages: int
    words: int
    talking_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Say how long a reply's first word took, as the middle and the slowest tenth."""

    replies: int
    median_ms: int | None
    slowest_tenth_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Hold counts over everything that may be seen."""

    messages: int
    words: int
    talking_ms: int
    sessions: int
    days: list[Day]
    waiting: Waiting
    stages: list[Stage]
    feelings: list[Feeling]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordCount:
    """Count one word."""

    word: str
    count: int


def statistics(
    connection: Connection,
    scope: Scope,
    *,
    since_ms: int | None,
    until_ms: int | None,
    utc_offset_s: int,
) -> Statistics:
    """Count messages, words and hours from `since_ms` on and before `until_ms`."""
    rooms = ", ".join(str(number) for number in scope.sight(connection).rooms)
    values = {
        "since": since_ms or 0,
        "until": until_ms or 1 << 62,
        "offset": utc_offset_s * 1000,
        "day": _DAY_MS,
        "pause": PAUSE_MS,
    }
    rows = connection.execute(text(_DAYS.format(rooms=rooms)), values)
    days = [Day(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name
    sessions = connection.execute(text(_SESSIONS.format(rooms=rooms)), values).scalar_one()
    return Statistics(
        messages=sum(day.messages for day in days),
        words=sum(day.words for day in days),
        talking_ms=sum(day.talking_ms for day in days),
        sessions=sessions,
        days=days,
        waiting=_waiting(connection, rooms, values),
        stages=stages(connection, scope, since_ms=since_ms, until_ms=until_ms),
        feelings=feelings(
            connection, scope, since_ms=since_ms, until_ms=until_ms, utc_offset_s=utc_offset_s
        ),
    )


# Branches that were left count as well: they were said. The rooms are numbers of our own.
_DAYS = """
WITH said AS (
    SELECT s.room_id, m.created_ms, m.words,
        m.created_ms - lag(m.created_ms) OVER (PARTITION BY m.session_id ORDER BY m.id) AS gap
    FROM session s JOIN message m ON m.session_id = s.id
    WHERE s.room_id IN ({rooms}) AND s.deleted_ms IS NULL AND m.role IN ('user', 'assistant')
)
SELECT (said.created_ms + :offset) / :day AS day, c.key AS character, count(*) AS messages,
    sum(said.words) AS words,
    sum(CASE WHEN said.gap BETWEEN 0 AND :pause THEN said.gap ELSE 0 END) AS talking_ms
FROM said JOIN room r ON r.id = said.room_id JOIN character c ON c.id = r.character_id
WHERE said.created_ms >= :since AND said.created_ms < :until
GROUP BY 1, 2 ORDER BY 1, 2
"""
_SESSIONS = """
SELECT count(*) FROM session s WHERE s.room_id IN ({rooms}) AND s.deleted_ms IS NULL
AND s.messages > 0 AND s.updated_ms >= :since AND s.created_ms < :until
"""
_WAITING = """
SELECT m.first_token_ms FROM session s JOIN message m ON m.session_id = s.id
WHERE s.room_id IN ({rooms}) AND s.deleted_ms IS NULL AND m.first_token_ms IS NOT NULL
AND m.created_ms >= :since AND m.created_ms < :until
ORDER BY m.first_token_ms
"""


def _waiting(connection: Connection, rooms: str, values: dict[str, Any]) -> Waiting:
    """Return how long people waited."""
    times = list(connection.execute(text(_WAITING.format(rooms=rooms)), values).scalars())
    if not times:
        return Waiting(replies=0, median_ms=None, slowest_tenth_ms=None)
    return Waiting(
        replies=len(times),
        median_ms=times[len(times) // 2],
        slowest_tenth_ms=times[len(times) * 9 // 10],
    )


def top_words(
    connection: Connection, scope: Scope, *, since_ms: int | None, limit: int
) -> list[WordCount]:
    """Count the words people said, in their newest messages."""
    sight = scope.sight(connection)
    query = (
        messages_in_sight(message.c.text)
        .where(message.c.role == Role.USER.value, message.c.created_ms >= (since_ms or 0))
        .order_by(message.c.created_ms.desc(), session.c.id)
        .limit(_WORDS_FROM_MESSAGES)
    )
    counted: Counter[str] = Counter()
    for said in sight.ask(connection, query).scalars():
        counted.update(word for word, _, _ in spans(said) if len(word) > 2)
    for word in STOP_WORDS:
        del counted[word]
    return [WordCount(word=word, count=count) for word, count in counted.most_common(limit)]
