"""Keep what belongs to a message beside its text: bytes as sent, cues, tool calls, attachments."""

from collections import defaultdict
from dataclasses import dataclass
import json
from typing import Any

from sqlalchemy import Connection, insert, select

from .packing import as_json, listed, pack, press, unpack, unpress
from .schema import attachment, sent, speech, tool_call
from .values import Attachment, NewMessage, ToolCall


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Hold the details of several messages."""

    by_message: dict[int, dict[str, Any]]

    def of(self, message_id: int) -> dict[str, Any]:
        """Return the details of one message as arguments of `Message`."""
        return self.by_message.get(message_id, {})


def insert_details(connection: Connection, message_id: int, new: NewMessage) -> None:
    """Store everything that belongs to a new message."""
    if new.sent is not None:
        connection.execute(insert(sent).values(message_id=message_id, bytes=new.sent))
    if new.cues or new.timeline:
        said = {
            "message_id": message_id,
            "cues": pack(new.cues) or "[]",
            "timeline": press(new.timeline),
        }
        connection.execute(insert(speech), said)
    if new.tool_calls:
        connection.execute(insert(tool_call), tool_rows(message_id, new.tool_calls))
    if new.attachments:
        connection.execute(insert(attachment), attachment_rows(message_id, new.attachments))


def tool_rows(message_id: int, calls: list[ToolCall]) -> list[dict[str, Any]]:
    """Return the rows of a message's tool calls, in order."""
    return [
        {
            "message_id": message_id,
            "position": position,
            "call_id": call.call_id,
            "name": call.name,
            "arguments": json.dumps(call.arguments, ensure_ascii=False),
            "result": pack(call.result),
            "error": call.error,
            "started_ms": call.started_ms,
            "ended_ms": call.ended_ms,
        }
        for position, call in enumerate(calls)
    ]


def attachment_rows(message_id: int, files: list[Attachment]) -> list[dict[str, Any]]:
    """Return the rows of a message's attachments, in order."""
    return [
        {
            "message_id": message_id,
            "position": position,
            "kind": file.kind,
            "reference": file.reference,
            "mime_type": file.mime_type,
            "name": file.name,
            "size_bytes": file.size_bytes,
            "caption": file.caption,
        }
        for position, file in enumerate(files)
    ]


_SENT = select(sent).where(sent.c.message_id.in_(listed("ids")))
_SPEECH = select(speech).where(speech.c.message_id.in_(listed("ids")))
_TOOL_CALLS = (
    select(tool_call)
    .where(tool_call.c.message_id.in_(listed("ids")))
    .order_by(tool_call.c.position)
)
_ATTACHMENTS = (
    select(attachment)
    .where(attachment.c.message_id.in_(listed("ids")))
    .order_by(attachment.c.position)
)


def details(connection: Connection, ids: list[int]) -> Details:
    """Read the details of several messages, one query for each kind."""
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    wanted = {"ids": as_json(ids)}
    for row in connection.execute(_SENT, wanted).all():
        found[row.message_id]["sent"] = row.bytes
    for row in connection.execute(_SPEECH, wanted).all():
        found[row.message_id]["cues"] = unpack(row.cues, [])
        found[row.message_id]["timeline"] = unpress(row.timeline, [])
    for row in connection.execute(_TOOL_CALLS, wanted).all():
        found[row.message_id].setdefault("tool_calls", []).append(_tool_call(row))
    for row in connection.execute(_ATTACHMENTS, wanted).all():
        found[row.message_id].setdefault("attachments", []).append(_attachment(row))
    return Details(by_message=found)


def _tool_call(row: Any) -> ToolCall:
    """Return a row as a tool call."""
    return ToolCall(
        call_id=row.call_id,
        name=row.name,
        arguments=json.loads(row.arguments),
        result=unpack(row.result, None),
        error=row.error,
        started_ms=row.started_ms,
        ended_ms=row.ended_ms,
    )


def _attachment(row: Any) -> Attachment:
    """Return a row as an attachment."""
    return Attachment(
        kind=row.kind,
        reference=row.reference,
        mime_type=row.mime_type,
        name=row.name,
        size_bytes=row.size_bytes,
        caption=row.caption,
    )
