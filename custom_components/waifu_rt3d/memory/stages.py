"""Count how long each stage of a turn took, from the end of speaking to the first sound."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from .packing import unpack
from .scope import Scope

_NEWEST_TURNS = 5000
_TURNS = """
SELECT t.stages FROM session s JOIN turn t ON t.session_id = s.id
WHERE s.room_id IN ({rooms}) AND s.deleted_ms IS NULL AND t.stages IS NOT NULL
AND t.started_ms >= :since AND t.started_ms < :until ORDER BY t.started_ms DESC LIMIT :newest
"""
# Each stage from the first time that is known of it to the last.
_STAGES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("hearing", ("speech_end",), ("heard",)),
    ("thinking", ("heard", "thinking", "start"), ("first_text",)),
    ("speaking", ("first_text",), ("voice",)),
    ("sounding", ("voice",), ("first_audio",)),
    ("whole", ("speech_end", "start"), ("first_audio", "voice", "first_text")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Say how long a stage took, as the middle and the slowest tenth of all turns."""

    stage: str
    turns: int
    median_ms: int
    slowest_tenth_ms: int


def stages(
    connection: Connection, scope: Scope, *, since_ms: int | None, until_ms: int | None
) -> list[Stage]:
    """Return the stages in their order; one that no turn went through is left out."""
    rooms = ", ".join(str(number) for number in scope.sight(connection).rooms)
    values = {"since": since_ms or 0, "until": until_ms or 1 << 62, "newest": _NEWEST_TURNS}
    rows = connection.execute(text(_TURNS.format(rooms=rooms)), values).scalars()
    turns = [unpack(row, {}) for row in rows]
    measured = [(name, sorted(_times(turns, begin, end))) for name, begin, end in _STAGES]
    return [
        Stage(
            stage=name,
            turns=len(times),
            median_ms=times[len(times) // 2],
            slowest_tenth_ms=times[len(times) * 9 // 10],
        )
        for name, times in measured
        if times
    ]


def _times(
    turns: list[dict[str, float]], begin: tuple[str, ...], end: tuple[str, ...]
) -> list[int]:
    """Return how long the stage took in each turn that went through it."""
    found = []
    for times in turns:
        first = next((times[name] for name in begin if name in times), None)
        last = next((times[name] for name in end if name in times), None)
        if first is not None and last is not None and last >= first:
            found.append(round(last - first))
    return found
