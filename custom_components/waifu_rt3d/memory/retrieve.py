"""Rank what was said before by how much it says about a sentence.

A message alone is often too short to be found: «Yes, since March» answers the question before it.
So every telling word counts in full where it stands, and in part for its neighbours in the talk.
Neighbours have neighbouring ids, which makes this a walk over lists of numbers; only the best are
read at all.
"""

from dataclasses import dataclass
from heapq import nlargest
from math import exp, log
import re
from typing import Any

from orjson import loads
from sqlalchemy import Connection, func, select

from .embeddings import Vector, nearest
from .packing import as_json, listed
from .pauses import Pauses
from .people import names_in
from .question import Question, Telling, understand
from .schema import ROOM_SHIFT, STEMS, is_spoken, message, session
from .scope import Sight, messages_in_sight
from .values import Role

_MESSAGE_MASK = (1 << ROOM_SHIFT) - 1
# A word that is in more messages than this tells nothing by itself; then its newest places do.
MOST_PLACES = 30_000
# With three telling words found, one that is in every fiftieth message (of many) changes nothing.
ENOUGH_WORDS = 3
COMMON_PART = 50
COMMON_PLACES = 1_000
# So many places are too many to look at each one's neighbours as well.
MANY_PLACES = 500
# With fewer messages than this, how often a word was said doesn't tell how telling it is.
FEW_MESSAGES = 100
_DAY_MS = 86_400_000
_TIME_WORDS = re.compile(
    r"\b(yesterday|today|tonight|tomorrow|ago|last|next|since|this (morning|week|weekend|month|year)"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend|january|february|april|june"
    r"|july|august|september|october|november|december|\d{4}|\d+ (days?|weeks?|months?|years?)"
    r"|gestern|heute|morgen|vor|seit|letzte[nrs]?|hier|demain|ayer|manana)\b",
    re.IGNORECASE,
)
_NUMBER_WORDS = re.compile(
    r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|once|twice|couple)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Say how much each sign counts; tuned on dialogues made for it."""

    after: tuple[float, ...] = (0.75, 0.4, 0.2, 0.1)
    before: tuple[float, ...] = (0.2, 0.08)
    near: float = 0.5
    near_meaning: float = 0.5
    near_steepness: float = 10.0
    near_alone: float = 6.0
    other_speaker: float = 0.45
    only_question: float = 0.8
    says_when: float = 1.25
    says_number: float = 1.15
    in_time: float = 1.4
    long: float = 0.1
    short_words: int = 16
    recency: float = 0.15
    recency_days: float = 60.0

    def kernel(self) -> list[tuple[int, float]]:
        """Return by how much a word counts so many messages after it, the most first."""
        parts = [(0, 1.0)]
        parts += [(distance, part) for distance, part in enumerate(self.after, 1)]
        parts += [(-distance, part) for distance, part in enumerate(self.before, 1)]
        return sorted(parts, key=lambda one: -one[1])


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """Hold one message that says something, how much, and the words it was found by."""

    message_id: int
    role: Role
    created_ms: int
    text: str
    score: float
    words: list[str]


def retrieve(
    connection: Connection,
    sight: Sight,
    sentence: str,
    *,
    now_ms: int,
    limit: int,
    leave_out: frozenset[int] = frozenset(),
    weights: Weights = WEIGHTS,
    vector: Vector | None = None,
) -> list[Ranked]:
    """Return the messages that say most about a sentence, the best first.

    With the sentence's `vector`, what means the same in other words is found too.
    """
    question = understand(sentence, names=names_in(connection, sight.rooms), now_ms=now_ms)
    count = max(FEW_MESSAGES, _message_count(connection, sight))
    places = _all_places(connection, sight, question.telling, count, weights)
    enough = max(60, 3 * limit)
    scores = _scored(places, enough + len(leave_out), weights)
    pauses = Pauses()
    for gone in leave_out:
        scores.pop(gone, None)
    best = _best(scores, enough)
    if vector is not None:
        near = [
            one
            for one in nearest(connection, sight, vector, best, enough + len(leave_out))
            if one not in leave_out
        ][:enough]
        _add_near(scores, near, weights)
        best = _best(scores, enough)
    if not best:
        return []
    pauses.take()
    rows = _rows(connection, sight, best)
    pauses.take()
    mean = sum(row.words for row in rows.values()) / max(1, len(rows))
    fitted = {
        row.id: scores[row.id] * _fit(row, question, mean, now_ms, weights) for row in rows.values()
    }
    pauses.take()
    chosen = sorted(fitted, key=lambda one: (-fitted[one], -one))[:limit]
    return [_ranked(rows[one], fitted[one], places) for one in chosen]


def _best(scores: dict[int, float], enough: int) -> list[int]:
    """Return those with the highest scores, of equal ones the newer."""
    least = _least(scores, enough)
    good = [one for one, score in scores.items() if score >= least]
    return sorted(good, key=lambda one: (-scores[one], -one))[:enough]


def _add_near(scores: dict[int, float], near: list[int], weights: Weights) -> None:
    """Add what being near in meaning counts, by its place alone: models measure differently.

    The nearest gets half of what the best has by its words (reciprocal rank fusion).
    """
    best = max(scores.values(), default=weights.near_alone)
    for place, one in enumerate(near):
        share = weights.near_meaning * best * weights.near_steepness
        scores[one] = scores.get(one, 0.0) + share / (weights.near_steepness + place)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """Hold where one telling word, or words near to it, stand, and how much it tells there."""

    word: str
    ids: set[int]
    value: float


def _all_places(
    connection: Connection, sight: Sight, words: list[Telling], count: int, weights: Weights
) -> list[_Places]:
    """Look the telling words up; those that are everywhere only where too few others tell."""
    common = max(COMMON_PLACES, count // COMMON_PART)

    def look(some: list[Telling], most: int) -> list[_Places]:
        found = _places(connection, sight, some, count=count, weights=weights, most=most)
        return [places for places in found if places.ids]

    places = look(words, common + 1)
    everywhere = {one.word for one in places if len(one.ids) > common}
    rare = [one for one in places if one.word not in everywhere]
    if not everywhere or len(rare) >= ENOUGH_WORDS:
        return rare
    return rare + look([one for one in words if one.word in everywhere], MOST_PLACES)


def _places(
    connection: Connection,
    sight: Sight,
    words: list[Telling],
    *,
    count: int,
    weights: Weights,
    most: int,
) -> list[_Places]:
    """Look telling words up in every room; the rarer one is, the more it tells."""
    expressions = [text for one in words for text in (one.expression, one.near) if text is not None]
    ids = iter(_look_up(connection, sight, expressions, most))
    found = []
    for one in words:
        own = next(ids)
        found.append(_Places(word=one.word, ids=own, value=_telling_value(own, count)))
        if one.near is not None:
            near = next(ids) - own
            value = weights.near * _telling_value(near, count)
            found.append(_Places(word=one.word, ids=near, value=value))
    return found


def _telling_value(ids: set[int], count: int) -> float:
    """Return how much a word tells that so many of all messages have (BM25's weight)."""
    hits = len(ids)
    return log(1 + max(0.0, count - hits + 0.5) / (hits + 0.5))


def _look_up(
    connection: Connection, sight: Sight, expressions: list[str], most: int
) -> list[set[int]]:
    """Return for each expression the messages, at most so many a room, of the rooms in sight."""
    found: list[set[int]] = [set() for _ in expressions]
    asked = (as_json(expressions), as_json(sight.rooms), most)
    pauses = Pauses()
    for row in connection.exec_driver_sql(_LOOK_UP, asked):
        found[row.place].update(loads(row.ids))
        pauses.take()
    return found


# Each expression's numbers come as one row: a row costs Python more than it costs SQLite.
_LOOK_UP = f"""
SELECT asked.key AS place, (
    SELECT json_group_array(id) FROM (
        SELECT rowid & {_MESSAGE_MASK} AS id FROM {STEMS} WHERE {STEMS} MATCH asked.value
        AND rowid BETWEEN room.value << {ROOM_SHIFT} AND ((room.value + 1) << {ROOM_SHIFT}) - 1
        ORDER BY rowid DESC LIMIT ?3
    )
) AS ids
FROM json_each(?1) asked CROSS JOIN json_each(?2) room
"""  # noqa: S608 - only names and numbers of our own


def _message_count(connection: Connection, sight: Sight) -> int:
    """Return how many messages there are to be found."""
    found = connection.execute(_MESSAGE_COUNT, {"rooms": as_json(sight.rooms)})
    return int(found.scalar() or 0)


_MESSAGE_COUNT = select(func.sum(session.c.messages)).where(session.c.room_id.in_(listed("rooms")))


def _scored(places: list[_Places], enough: int, weights: Weights) -> dict[int, float]:
    """Add up what every word counts at its places and at their neighbours.

    The `enough` best are among those returned, with their whole score. The most telling words come
    first; a message is looked at only while what it may still get could bring it among the best
    (MaxScore: Turtle and Flood 1995).
    """
    scores: dict[int, float] = {}
    kernel = weights.kernel()
    pauses = Pauses()
    left = sum(one.value for one in places)
    for found in sorted(places, key=lambda one: -one.value):
        least = _least(scores, enough)
        pauses.take()
        if least > left:
            scores = {one: score for one, score in scores.items() if score + left >= least}
        left -= found.value
        # The largest shares come first, so what is left out is the end of the kernel.
        near = kernel if len(found.ids) <= MANY_PLACES else kernel[:1]
        _raise_known(scores, found, kernel, pauses)
        _add(scores, found, [one for one in near if one[1] * found.value + left >= least], pauses)
    return scores


def _least(scores: dict[int, float], enough: int) -> float:
    """Return the score of the last of the best; nothing while there are too few."""
    return nlargest(enough, scores.values())[-1] if len(scores) >= enough else -1.0


def _add(
    scores: dict[int, float], found: _Places, kernel: list[tuple[int, float]], pauses: Pauses
) -> None:
    """Add what a word counts for messages that were not found before, each one's largest share."""
    for distance, part in kernel:
        there = {one + distance for one in found.ids} if distance else found.ids
        scores.update(dict.fromkeys(there - scores.keys(), part * found.value))
        pauses.take()


def _raise_known(
    scores: dict[int, float], found: _Places, kernel: list[tuple[int, float]], pauses: Pauses
) -> None:
    """Add what a word counts for messages that were found before, each one's largest share."""
    left = set(scores)
    for distance, part in kernel:
        there = _after(found.ids, distance, left)
        left -= there
        for one in there:
            scores[one] += part * found.value
        pauses.take()


def _after(ids: set[int], distance: int, known: set[int]) -> set[int]:
    """Return the known messages that are so far after one of some; walk over the fewer."""
    if len(known) < len(ids):
        return {one for one in known if one - distance in ids}
    return {one + distance for one in ids} & known


def _rows(connection: Connection, sight: Sight, ids: list[int]) -> dict[int, Any]:
    """Read the candidates that may be seen."""
    rows = sight.ask(connection, _CANDIDATES, {"ids": as_json(ids)}).all()
    return {row.id: row for row in rows}


_CANDIDATES = messages_in_sight(
    message.c.id,
    message.c.session_id,
    message.c.role,
    message.c.created_ms,
    message.c.text,
    message.c.words,
).where(message.c.id.in_(listed("ids")), is_spoken(message.c.role))


def _fit(row: Any, question: Question, mean: float, now_ms: int, weights: Weights) -> float:
    """Return how well a message fits apart from its words."""
    fit = 1.0
    if question.speaker is not None and row.role != question.speaker:
        fit *= weights.other_speaker
    if row.text.rstrip().endswith("?") and not re.search(r"[.!]", row.text):
        fit *= weights.only_question
    if question.asks_when and _TIME_WORDS.search(row.text):
        fit *= weights.says_when
    if question.asks_number and _NUMBER_WORDS.search(row.text):
        fit *= weights.says_number
    if question.since_ms is not None and question.until_ms is not None:
        # People tell of a month until some weeks after it.
        if question.since_ms <= row.created_ms < question.until_ms + 14 * _DAY_MS:
            fit *= weights.in_time
    fit /= 1 - weights.long + weights.long * row.words / max(1.0, mean)
    fit *= min(1.0, (row.words + 2) / (weights.short_words + 2))
    age_days = max(0, now_ms - row.created_ms) / _DAY_MS
    return float(fit * (1 + weights.recency * exp(-age_days / weights.recency_days)))


def _ranked(row: Any, score: float, places: list[_Places]) -> Ranked:
    """Return a candidate with the words that found it or its neighbours."""
    around = [row.id + distance for distance in (-2, -1, 0, 1)]
    words = dict.fromkeys(one.word for one in places if any(near in one.ids for near in around))
    return Ranked(
        message_id=row.id,
        role=Role(row.role),
        created_ms=row.created_ms,
        text=row.text,
        score=score,
        words=list(words),
    )
