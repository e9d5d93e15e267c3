"""What the memory holds, as the websocket contract and the actions show it."""

from dataclasses import asdict
from typing import Any

from ..memory import Message, Session
from ..memory.api.exchanging import Imported
from ..memory.forget import Retention
from ..memory.notes import Note
from ..memory.recall import Memory
from ..memory.search import Hit
from ..memory.statistics import Statistics, WordCount
from ..memory.tree import Knot
from .turns import RECEIPT, TOOLS, TOUCHED

type Shown = dict[str, Any]


def shown_session(session: Session) -> Shown:
    """Return a session as a list shows it."""
    return {
        "id": session.id,
        "audience": session.audience,
        "character": session.character,
        "title": session.title,
        "created_ms": session.created_ms,
        "updated_ms": session.updated_ms,
        "messages": session.messages,
        "pinned": session.pinned,
        "archived": session.archived,
        "deleted_ms": session.deleted_ms,
        "private": session.private,
    }


def shown_message(message: Message) -> Shown:
    """Return a message as a conversation shows it; `text` is spoken, `display` is written."""
    return {
        "id": message.id,
        "session_id": message.session_id,
        "parent_id": message.parent_id,
        "role": message.role.value,
        "text": message.text,
        "display": message.display if message.display is not None else message.text,
        "author": message.author,
        "turn_id": message.turn_id,
        "created_ms": message.created_ms,
        "heard": message.heard,
        "cut_ms": message.cut_ms,
        "alternatives": message.alternatives,
        "edit_of": message.edit_of,
        "receipt": message.extra.get(RECEIPT),
        "touched": message.extra.get(TOUCHED, []),
        "tools": message.extra.get(TOOLS, 0),
    }


def shown_details(message: Message) -> Shown:
    """Return a message with everything that belongs to it."""
    return shown_message(message) | {
        "cues": message.cues,
        "timeline": message.timeline,
        "tool_calls": [asdict(call) for call in message.tool_calls],
        "attachments": [asdict(file) for file in message.attachments],
        "model": message.model,
        "tokens_in": message.tokens_in,
        "tokens_out": message.tokens_out,
        "first_token_ms": message.first_token_ms,
    }


def shown_knot(knot: Knot) -> Shown:
    """Return one message of a tree."""
    return asdict(knot) | {"role": knot.role.value}


def shown_hit(hit: Hit) -> Shown:
    """Return one found message; marks count code points from the start of the snippet."""
    return asdict(hit) | {"role": hit.role.value}


def shown_note(note: Note) -> Shown:
    """Return a note."""
    return asdict(note)


def shown_memory(memory: Memory) -> Shown:
    """Return what was recalled for a reply, and by which words."""
    return {
        "at_ms": memory.at_ms,
        "score": round(memory.score, 3),
        "words": memory.words,
        "note_id": memory.note_id,
        "note": memory.note,
        "session_id": memory.session_id,
        "lines": [
            {"message_id": line.message_id, "role": line.role.value, "text": line.text}
            for line in memory.lines
        ],
    }


def shown_statistics(found: Statistics, words: list[WordCount]) -> Shown:
    """Return counts as data for plots."""
    return asdict(found) | {"top_words": [asdict(one) for one in words]}


def shown_retention(rule: Retention) -> Shown:
    """Return a rule of retention; nulls are for ever."""
    return {"days": rule.days, "messages": rule.messages}


def shown_import(imported: Imported, made: list[str]) -> Shown:
    """Return what an import brought, and which characters were made of it."""
    return {
        "kind": imported.kind,
        "encoding": imported.encoding,
        "session_ids": imported.session_ids,
        "messages": imported.messages,
        "characters": [one.name for one in imported.characters],
        "made": made,
    }
