"""Describe what travels in and out of the store.

Times are milliseconds since 1970 (`…_ms`), durations are milliseconds too. Persons, characters
and devices are known by the keys that Home Assistant gives them.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

HOUSEHOLD = "household"
GUEST = "guest"


class Role(StrEnum):
    """Say who speaks in a message."""

    USER = "user"
    ASSISTANT = "assistant"
    SYSTEM = "system"
    TOOL = "tool"


class Origin(StrEnum):
    """Say where a turn began."""

    CARD = "card"
    SATELLITE = "satellite"
    ASSIST = "assist"
    IMPORT = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """Keep one call of a tool and what it answered."""

    call_id: str
    name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    result: Any = None
    error: str | None = None
    started_ms: int | None = None
    ended_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """Point to a file that belongs to a message; the file itself is not in the store."""

    kind: str
    reference: str
    mime_type: str | None = None
    name: str | None = None
    size_bytes: int | None = None
    caption: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTurn:
    """Describe a turn that begins.

    `person` is who speaks, `audience` whose memory it belongs to: a person's key, the household
    or a guest.
    """

    turn_id: str
    session_id: str
    person: str
    audience: str
    character: str
    origin: Origin
    started_ms: int
    device: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """Describe a message to be stored.

    `parent_id` left out means: after the session's newest message. `sent` is the message as the
    bytes that went to the model, so that its cache stays warm over a restart. `heard` is what was
    spoken before the person cut in at `cut_ms` of the sound; both are left out when all was heard.
    """

    session_id: str
    role: Role
    text: str
    created_ms: int
    display: str | None = None
    author: str | None = None
    turn_id: str | None = None
    parent_id: int | None = None
    as_root: bool = False
    edit_of: int | None = None
    heard: str | None = None
    cut_ms: int | None = None
    sent: bytes | None = None
    cues: list[dict[str, Any]] = field(default_factory=list)
    timeline: list[dict[str, Any]] = field(default_factory=list)
    tool_calls: list[ToolCall] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    model: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    first_token_ms: int | None = None
    duration_ms: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Show one stored message, with its place among its alternatives."""

    id: int
    session_id: str
    parent_id: int | None
    role: Role
    text: str
    created_ms: int
    display: str | None = None
    author: str | None = None
    turn_id: str | None = None
    edit_of: int | None = None
    heard: str | None = None
    cut_ms: int | None = None
    sent: bytes | None = None
    cues: list[dict[str, Any]] = field(default_factory=list)
    timeline: list[dict[str, Any]] = field(default_factory=list)
    tool_calls: list[ToolCall] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    model: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    first_token_ms: int | None = None
    duration_ms: int | None = None
    alternatives: list[int] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Show one session as a list shows it."""

    id: str
    audience: str
    character: str
    title: str
    created_ms: int
    updated_ms: int
    messages: int
    pinned: bool = False
    archived: bool = False
    deleted_ms: int | None = None
    head_id: int | None = None
    titled_by_person: bool = False
    private: bool = False
    extra: dict[str, Any] = field(default_factory=dict)
