"""Read and write OpenAI's chat messages: `{"messages": [{"role", "content"}, …]}`.

`content` is a text or a list of parts (`text`, `image_url`); tool calls stand in the assistant's
message, each result in a message of role `tool` that names its `tool_call_id`.
"""

from collections.abc import Iterator
import json
from typing import Any

from ..bulk import WholeSession
from ..errors import BadImport
from ..values import Attachment, NewMessage, Role
from .dates import time_ms
from .growing import Foreign, Grower, list_of, object_of, text_of
from .sillytavern import way

_ROLES = {
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "tool": Role.TOOL,
    "function": Role.TOOL,
}


def is_openai(document: Any) -> bool:
    """Say whether a document is a chat of this format, or a list of its messages."""
    rows = document.get("messages") if isinstance(document, dict) else document
    return (
        isinstance(rows, list)
        and bool(rows)
        and isinstance(rows[0], dict)
        and rows[0].get("role") in list(_ROLES)
        and ("content" in rows[0] or "tool_calls" in rows[0])
    )


def read(document: Any) -> Foreign:
    """Take a chat apart."""
    rows = document["messages"] if isinstance(document, dict) else document
    grower = Grower()
    if isinstance(document, dict):
        title = document.get("title")
        grower.title = title if isinstance(title, str) else ""
        grower.created_ms = time_ms(document.get("created") or document.get("created_at"))
    for number, row in enumerate(list_of(rows, "messages"), 1):
        _add(grower, object_of(row, f"message {number}"), f"message {number}")
    return Foreign(kind="OpenAI", sessions=[grower.whole()])


def _add(grower: Grower, row: dict[str, Any], where: str) -> None:
    """Add one message."""
    name = row.get("role")
    role = _ROLES.get(name) if isinstance(name, str) else None
    if role is None:
        raise BadImport(f"{where}: role must be one of {', '.join(_ROLES)}")
    text, files = _content(row.get("content"), where)
    extra = {
        name: row[name]
        for name in ("tool_calls", "tool_call_id", "name", "refusal")
        if row.get(name)
    }
    grower.add(
        role,
        [text],
        created_ms=time_ms(row.get("created") or row.get("timestamp")),
        extra={"openai": extra} if extra else {},
        attachments=files,
    )


def _content(value: Any, where: str) -> tuple[str, list[Attachment]]:
    """Return the text and the pictures of a message."""
    if value is None:
        return "", []
    if isinstance(value, str):
        return value, []
    texts: list[str] = []
    files: list[Attachment] = []
    for number, part in enumerate(list_of(value, f"{where}, content"), 1):
        fields = object_of(part, f"{where}, part {number}")
        if fields.get("type") in ("text", "input_text", "output_text"):
            texts.append(text_of(fields.get("text"), f"{where}, part {number}, text"))
        elif fields.get("type") == "image_url":
            address = object_of(fields.get("image_url"), f"{where}, part {number}").get("url")
            reference = text_of(address, f"{where}, part {number}, url")
            files.append(Attachment(kind="image", reference=reference))
    return "\n".join(texts), files


def write(whole: WholeSession) -> Iterator[str]:
    """Return a session's way as one document."""
    rows = [_row(whole.messages[place].message) for place in way(whole)]
    document = {"title": whole.title, "created": whole.created_ms // 1000}
    yield json.dumps(document, ensure_ascii=False)[:-1] + ', "messages": [\n'
    for number, row in enumerate(row for part in rows for row in part):
        yield (",\n" if number else "") + json.dumps(row, ensure_ascii=False)
    yield "\n]}\n"


def _row(message: NewMessage) -> list[dict[str, Any]]:
    """Return a message, followed by its tools' results."""
    content: Any = message.text
    pictures = [file for file in message.attachments if file.kind == "image"]
    if pictures:
        content = [{"type": "text", "text": message.text}]
        content += [
            {"type": "image_url", "image_url": {"url": file.reference}} for file in pictures
        ]
    row: dict[str, Any] = {"role": message.role.value, "content": content}
    row |= message.extra.get("openai", {})
    if not message.tool_calls:
        return [row]
    calls = [
        {
            "id": call.call_id,
            "type": "function",
            "function": {"name": call.name, "arguments": json.dumps(call.arguments)},
        }
        for call in message.tool_calls
    ]
    results = [
        {
            "role": "tool",
            "tool_call_id": call.call_id,
            "content": json.dumps(call.result if call.error is None else {"error": call.error}),
        }
        for call in message.tool_calls
    ]
    return [{"role": "assistant", "content": None, "tool_calls": calls}, *results, row]
