"""Choose what was said before and matters now, within a budget of tokens.

Notes come first, then pieces of talk: a message that says something, with what it answers. Every
piece carries its date, and the words it was found by, so that the card can show why.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, insert, select

from . import notes, turns
from .embeddings import Vector
from .notes import Note
from .packing import as_json, listed, pack, unpack
from .retrieve import Ranked, retrieve
from .schema import is_spoken, message, note, recalled, session
from .scope import Scope, Sight, messages_in_sight, notes_in_sight
from .stopwords import STOP_WORDS
from .values import Role
from .words import is_unspaced, spans

BUDGET_TOKENS = 400
CANDIDATES = 12
# What scores less than this part of the best is left out, as is everything if the best is weak.
_FAR_FROM_BEST = 0.45
_WEAK = 1.5
_MAX_PIECE = 400
_MAX_QUESTION = 160
_NOTES_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Hold one message of a recalled piece."""

    message_id: int
    role: Role
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Hold one recalled piece: a note, or lines of a talk, with the words that brought it up."""

    at_ms: int
    score: float
    words: list[str]
    note_id: str | None = None
    note: str | None = None
    session_id: str | None = None
    lines: list[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recollection:
    """Hold what was recalled for a turn."""

    memories: list[Memory]
    tokens: int

    def as_text(self, *, person: str, character: str, zone: tzinfo) -> str:
        """Return the pieces as dated lines for a prompt; nothing when there are none."""
        lines: list[str] = []
        for one in self.memories:
            date = datetime.fromtimestamp(one.at_ms / 1000, zone)
            if one.note is not None:
                lines.append(f"- {date:%Y-%m-%d}, asked to remember: {one.note}")
            else:
                names = {Role.USER: person, Role.ASSISTANT: character}
                said = " / ".join(f"{names[line.role]}: {line.text}" for line in one.lines)
                lines.append(f"- {date:%Y-%m-%d %H:%M}, {said}")
        return "\n".join(lines)


def recall(
    connection: Connection,
    scope: Scope,
    sentence: str,
    *,
    now_ms: int,
    budget_tokens: int,
    leave_out: frozenset[int],
    vector: Vector | None = None,
) -> Recollection:
    """Return what matters for a sentence; `leave_out` is what the model sees anyway."""
    sight = scope.sight(connection)
    known = _notes(notes.in_sight(connection, sight), sentence, int(budget_tokens * _NOTES_SHARE))
    left = budget_tokens - sum(_cost(one) for one in known)
    ranked = retrieve(
        connection,
        sight,
        sentence,
        now_ms=now_ms,
        limit=CANDIDATES,
        leave_out=leave_out,
        vector=vector,
    )
    talk = _within(left, _pieces(connection, sight, _strong(ranked), leave_out))
    memories = [*known, *talk]
    return Recollection(memories=memories, tokens=sum(_cost(one) for one in memories))


def tokens_of(words: str) -> int:
    """Estimate the tokens of a text: four letters each, or one letter without spaces."""
    return len(words) if is_unspaced(words) else len(words) // 4 + 1


_NOTES = notes_in_sight(note.c.id, note.c.uid, note.c.text, note.c.changed_ms)
_EXTRAS = messages_in_sight(message.c.id, message.c.extra).where(message.c.id.in_(listed("ids")))
_NOTE_NUMBER = notes_in_sight(note.c.id).where(note.c.uid == bindparam("uid"))


def keep(connection: Connection, scope: Scope, turn_id: str, found: Recollection) -> None:
    """Store what was recalled for a turn, so that it can be shown."""
    sight = scope.sight(connection)
    sight.may_write()
    number = turns.number(connection, sight, turn_id)
    connection.execute(delete(recalled).where(recalled.c.turn_id == number))
    rows: list[dict[str, Any]] = []
    for one in found.memories:
        note_number = None
        if one.note_id is not None:
            note_number = sight.ask(connection, _NOTE_NUMBER, {"uid": one.note_id}).scalar()
        rows.append(
            {
                "turn_id": number,
                "position": len(rows),
                "message_id": one.lines[-1].message_id if one.lines else None,
                "note_id": note_number,
                "score": round(one.score * 1000),
                "reasons": pack(one.words) or "[]",
            }
        )
    if rows:
        connection.execute(insert(recalled), rows)


def marks(
    connection: Connection, scope: Scope, message_ids: Collection[int], keys: Collection[str]
) -> dict[int, str | int]:
    """Return the first of some marks (keys of `extra`) that each message has; others are left out."""
    sight = scope.sight(connection)
    found: dict[int, str | int] = {}
    for row in sight.ask(connection, _EXTRAS, {"ids": as_json(message_ids)}):
        extra = unpack(row.extra, {})
        if (mark := next((extra[key] for key in keys if key in extra), None)) is not None:
            found[row.id] = mark
    return found


def shown(connection: Connection, scope: Scope, turn_id: str) -> list[Memory]:
    """Return what was recalled for a turn, as far as it still exists and may be seen."""
    sight = scope.sight(connection)
    number = turns.number(connection, sight, turn_id)
    query = select(recalled).where(recalled.c.turn_id == number).order_by(recalled.c.position)
    by_number = {row.id: row for row in sight.ask(connection, _NOTES)}
    found: list[Memory] = []
    for row in connection.execute(query).all():
        words = unpack(row.reasons, [])
        if row.note_id in by_number:
            kept = by_number[row.note_id]
            found.append(
                Memory(
                    at_ms=kept.changed_ms,
                    score=row.score / 1000,
                    words=words,
                    note_id=kept.uid,
                    note=kept.text,
                    lines=[],
                )
            )
        elif row.message_id is not None:
            found += _pieces(
                connection, sight, [_as_ranked(connection, sight, row, words)], frozenset()
            )
    return found


def _as_ranked(connection: Connection, sight: Sight, row: Any, words: list[str]) -> Ranked:
    """Return a stored recollection as it was ranked."""
    said = sight.message_row(connection, row.message_id)
    return Ranked(
        message_id=said.id,
        role=Role(said.role),
        created_ms=said.created_ms,
        text=said.text,
        score=row.score / 1000,
        words=words,
    )


def _notes(known: list[Note], sentence: str, budget: int) -> list[Memory]:
    """Return the notes that fit in: those with a word of the sentence first, then as listed."""
    asked = {word for word, _, _ in spans(sentence)} - STOP_WORDS
    memories = []
    for one in known:
        shared = [word for word in dict.fromkeys(w for w, _, _ in spans(one.text)) if word in asked]
        memories.append(
            Memory(
                at_ms=one.changed_ms,
                score=float(len(shared)),
                words=shared,
                note_id=one.id,
                note=one.text,
                lines=[],
            )
        )
    memories.sort(key=lambda memory: -memory.score)
    return _within(budget, memories)


def _strong(ranked: list[Ranked]) -> list[Ranked]:
    """Return what says enough to be worth its tokens."""
    if not ranked or ranked[0].score < _WEAK:
        return []
    return [one for one in ranked if one.score >= ranked[0].score * _FAR_FROM_BEST]


def _pieces(
    connection: Connection, sight: Sight, ranked: list[Ranked], leave_out: frozenset[int]
) -> list[Memory]:
    """Return each ranked message with the one it answers; no message twice."""
    around = _around(connection, sight, [one.message_id for one in ranked])
    used = set(leave_out)
    memories = []
    for one in ranked:
        if one.message_id in used:
            continue
        lines = [Line(message_id=one.message_id, role=one.role, text=one.text[:_MAX_PIECE])]
        near = around[one.message_id]
        if near.id is not None and near.id not in used:
            words = near.text[-_MAX_QUESTION:]
            lines.insert(0, Line(message_id=near.id, role=Role(near.role), text=words))
        used.update(line.message_id for line in lines)
        memories.append(
            Memory(
                at_ms=one.created_ms,
                score=one.score,
                words=one.words,
                session_id=near.session_uid,
                lines=lines,
            )
        )
    return memories


def _around(connection: Connection, sight: Sight, ids: list[int]) -> dict[int, Any]:
    """Return each message's session and, if it was spoken, the message before it."""
    rows = sight.ask(connection, _AROUND, {"ids": as_json(ids)}).all()
    return {row.child_id: row for row in rows}


_before = message.alias("before")
_AROUND = (
    messages_in_sight(
        message.c.id.label("child_id"),
        session.c.uid.label("session_uid"),
        _before.c.id,
        _before.c.role,
        _before.c.text,
    )
    .outerjoin(
        _before,
        and_(_before.c.id == message.c.parent_id, is_spoken(_before.c.role)),
    )
    .where(message.c.id.in_(listed("ids")))
)


def _cost(memory: Memory) -> int:
    """Estimate a piece's tokens, with its date."""
    return 10 + tokens_of(memory.note or "") + sum(tokens_of(line.text) for line in memory.lines)


def _within(budget: int, memories: list[Memory]) -> list[Memory]:
    """Return the first pieces that fit into the budget together."""
    chosen = []
    for one in memories:
        cost = _cost(one)
        if cost <= budget:
            chosen.append(one)
            budget -= cost
    return chosen
