"""Count which feelings the characters showed, per day."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from .scope import Scope

_DAY_MS = 86_400_000
_FEELINGS = """
SELECT (m.created_ms + :offset) / :day AS day, json_extract(cue.value, '$.name') AS emotion,
    count(*) AS times
FROM session s JOIN message m ON m.session_id = s.id JOIN speech p ON p.message_id = m.id
JOIN json_each(p.cues) cue
WHERE s.room_id IN ({rooms}) AND s.deleted_ms IS NULL AND m.created_ms >= :since
AND m.created_ms < :until AND json_extract(cue.value, '$.kind') = 'emotion'
GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeling:
    """Count one emotion on one day; `day` counts from 1970-01-01."""

    day: int
    emotion: str
    times: int


def feelings(
    connection: Connection,
    scope: Scope,
    *,
    since_ms: int | None,
    until_ms: int | None,
    utc_offset_s: int,
) -> list[Feeling]:
    """Return what was shown from `since_ms` on and before `until_ms`."""
    rooms = ", ".join(str(number) for number in scope.sight(connection).rooms)
    values = {
        "since": since_ms or 0,
        "until": until_ms or 1 << 62,
        "offset": utc_offset_s * 1000,
        "day": _DAY_MS,
    }
    rows = connection.execute(text(_FEELINGS.format(rooms=rooms)), values)
    return [Feeling(day=day, emotion=emotion, times=times) for day, emotion, times in rows]
