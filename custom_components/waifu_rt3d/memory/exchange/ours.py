"""Write and read our own JSON: everything about every message, with all branches.

The format is described in docs/conversations.md. Messages of a session are a list, parents before
children; relatives are named by their place in it.
"""

import base64
from collections.abc import Iterator
from dataclasses import asdict
import json
from typing import Any

from ..bulk import WholeMessage, WholeSession
from ..errors import BadImport
from ..values import Attachment, NewMessage, Role, ToolCall
from .growing import Foreign, list_of, moment_of, number_of, object_of, text_of

FORMAT = "waifu-rt3d-conversations"
VERSION = 1

_TEXTS = ("display", "author", "heard", "model")
_NUMBERS = ("cut_ms", "tokens_in", "tokens_out", "first_token_ms", "duration_ms")
_LISTS = ("cues", "timeline")


def write(sessions: Iterator[WholeSession], exported_ms: int) -> Iterator[str]:
    """Return the document in pieces, one session after the other."""
    head = {"format": FORMAT, "version": VERSION, "exported_ms": exported_ms}
    yield json.dumps(head)[:-1] + ', "sessions": [\n'
    for number, whole in enumerate(sessions):
        if number:
            yield ",\n"
        yield from _written_session(whole)
    yield "\n]}\n"


def read(document: Any) -> Foreign:
    """Take a document of this format apart."""
    root = object_of(document, "the file")
    version = number_of(root.get("version"), "version")
    if version > VERSION:
        raise BadImport(
            f"The file is of version {version}, this is known up to {VERSION}: update first"
        )
    sessions = list_of(root.get("sessions"), "sessions")
    return Foreign(
        kind="waifu-rt3d",
        sessions=[_session(one, f"session {n}") for n, one in enumerate(sessions, 1)],
    )


def is_ours(document: Any) -> bool:
    """Say whether a document is of this format."""
    return isinstance(document, dict) and document.get("format") == FORMAT


def _written_session(whole: WholeSession) -> Iterator[str]:
    """Return one session in pieces: a single large one would hold up everybody else."""
    head = {
        "audience": whole.audience,
        "character": whole.character,
        "title": whole.title,
        "titled_by_person": whole.titled_by_person,
        "created_ms": whole.created_ms,
        "updated_ms": whole.updated_ms,
        "pinned": whole.pinned,
        "archived": whole.archived,
        "head": whole.head,
        "extra": whole.extra,
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "messages": [\n'
    for number, one in enumerate(whole.messages):
        comma = ",\n" if number else ""
        yield comma + json.dumps(_written_message(one), ensure_ascii=False)
    yield "\n]}"


def _written_message(one: WholeMessage) -> dict[str, Any]:
    """Return a message without its empty fields."""
    new = one.message
    fields: dict[str, Any] = {
        "role": new.role.value,
        "text": new.text,
        "created_ms": new.created_ms,
        "parent": one.parent,
        "edit_of": one.edit_of,
        "chosen_child": one.chosen_child,
        "sent": None if new.sent is None else base64.b64encode(new.sent).decode(),
        "tool_calls": [asdict(call) for call in new.tool_calls],
        "attachments": [asdict(file) for file in new.attachments],
        "extra": new.extra,
    }
    fields |= {name: getattr(new, name) for name in (*_TEXTS, *_NUMBERS, *_LISTS)}
    return {name: value for name, value in fields.items() if value not in (None, [], {})}


def _session(value: Any, where: str) -> WholeSession:
    """Return one session, checked."""
    fields = object_of(value, where)
    rows = list_of(fields.get("messages"), f"{where}, messages")
    messages = [_message(one, n, f"{where}, message {n + 1}") for n, one in enumerate(rows)]
    head = fields.get("head")
    if head is not None and not 0 <= number_of(head, f"{where}, head") < len(messages):
        raise BadImport(f"{where}: head names a message that is not there")
    if head is None and messages:
        head = len(messages) - 1
    for number, one in enumerate(messages):
        child = one.chosen_child
        if child is not None and not (
            0 <= child < len(messages) and messages[child].parent == number
        ):
            raise BadImport(f"{where}, message {number + 1}: chosen_child names no child of it")
    return WholeSession(
        audience=_optional_text(fields, "audience", where),
        character=_optional_text(fields, "character", where),
        title=_optional_text(fields, "title", where) or "",
        titled_by_person=fields.get("titled_by_person") is True,
        created_ms=moment_of(fields.get("created_ms"), f"{where}, created_ms"),
        updated_ms=moment_of(fields.get("updated_ms"), f"{where}, updated_ms"),
        pinned=fields.get("pinned") is True,
        archived=fields.get("archived") is True,
        messages=messages,
        head=head,
        extra=object_of(fields.get("extra", {}), f"{where}, extra"),
    )


def _message(value: Any, place: int, where: str) -> WholeMessage:
    """Return one message, checked."""
    fields = object_of(value, where)
    role = fields.get("role")
    if role not in list(Role):
        raise BadImport(f"{where}: role must be one of {', '.join(Role)}")
    return WholeMessage(
        message=NewMessage(
            session_id="",
            role=Role(role),
            text=text_of(fields.get("text"), f"{where}, text"),
            created_ms=moment_of(fields.get("created_ms"), f"{where}, created_ms"),
            sent=_bytes(fields.get("sent"), f"{where}, sent"),
            tool_calls=[
                _tool_call(one, f"{where}, tool call {n}")
                for n, one in enumerate(list_of(fields.get("tool_calls", []), where), 1)
            ],
            attachments=[
                _attachment(one, f"{where}, attachment {n}")
                for n, one in enumerate(list_of(fields.get("attachments", []), where), 1)
            ],
            extra=object_of(fields.get("extra", {}), f"{where}, extra"),
            **{name: _optional_text(fields, name, where) for name in _TEXTS},
            **{name: _optional_number(fields, name, where) for name in _NUMBERS},
            **{name: _objects(fields, name, where) for name in _LISTS},
        ),
        parent=_relative(fields, "parent", place, where),
        edit_of=_relative(fields, "edit_of", place, where),
        chosen_child=_optional_number(fields, "chosen_child", where),
    )


def _relative(fields: dict[str, Any], name: str, place: int, where: str) -> int | None:
    """Return the place of an earlier message."""
    found: int | None = _optional_number(fields, name, where)
    if found is not None and not 0 <= found < place:
        raise BadImport(f"{where}: {name} must name an earlier message")
    return found


def _optional_text(fields: dict[str, Any], name: str, where: str) -> Any:
    """Return a text or nothing."""
    value = fields.get(name)
    return None if value is None else text_of(value, f"{where}, {name}")


def _optional_number(fields: dict[str, Any], name: str, where: str) -> Any:
    """Return a whole number or nothing."""
    value = fields.get(name)
    return None if value is None else number_of(value, f"{where}, {name}")


def _objects(fields: dict[str, Any], name: str, where: str) -> Any:
    """Return a list of objects."""
    found = list_of(fields.get(name, []), f"{where}, {name}")
    return [object_of(one, f"{where}, {name}") for one in found]


def _bytes(value: Any, where: str) -> bytes | None:
    """Return bytes from base64."""
    if value is None:
        return None
    try:
        return base64.b64decode(text_of(value, where), validate=True)
    except ValueError as error:
        raise BadImport(f"{where}: this is not base64") from error


def _tool_call(value: Any, where: str) -> ToolCall:
    """Return one tool call, checked."""
    fields = object_of(value, where)
    return ToolCall(
        call_id=text_of(fields.get("call_id"), f"{where}, call_id"),
        name=text_of(fields.get("name"), f"{where}, name"),
        arguments=object_of(fields.get("arguments", {}), f"{where}, arguments"),
        result=fields.get("result"),
        error=_optional_text(fields, "error", where),
        started_ms=_optional_number(fields, "started_ms", where),
        ended_ms=_optional_number(fields, "ended_ms", where),
    )


def _attachment(value: Any, where: str) -> Attachment:
    """Return one attachment, checked."""
    fields = object_of(value, where)
    return Attachment(
        kind=text_of(fields.get("kind"), f"{where}, kind"),
        reference=text_of(fields.get("reference"), f"{where}, reference"),
        mime_type=_optional_text(fields, "mime_type", where),
        name=_optional_text(fields, "name", where),
        size_bytes=_optional_number(fields, "size_bytes", where),
        caption=_optional_text(fields, "caption", where),
    )
