"""Read what ChatGPT gives people of their conversations: a list of trees.

    [{"title", "create_time", "current_node": "id",
      "mapping": {"id": {"message": {"author": {"role"}, "create_time", "content":
        {"content_type": "text", "parts": ["…"]}}, "parent": "id", "children": ["id"]}}}]

Times are seconds. The root and what the program only told itself or its tools are left out; what
followed them follows what was before. What was said aloud is a part `{"content_type":
"audio_transcription", "text"}`.
"""

from typing import Any

from ..bulk import WholeMessage, WholeSession
from ..errors import BadImport
from ..values import NewMessage, Role
from .dates import time_ms
from .growing import STEP_MS, Foreign, list_of, object_of

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT}


def is_export(document: Any) -> bool:
    """Say whether a document is such a list, or one conversation of it."""
    rows = document if isinstance(document, list) else [document]
    return bool(rows) and all(isinstance(one, dict) and "mapping" in one for one in rows)


def read(document: Any) -> Foreign:
    """Take an export apart."""
    rows = document if isinstance(document, list) else [document]
    sessions = [_session(one, f"conversation {number}") for number, one in enumerate(rows, 1)]
    return Foreign(kind="ChatGPT", sessions=[one for one in sessions if one.messages])


def _session(value: Any, where: str) -> WholeSession:
    """Return one conversation with all its branches."""
    fields = object_of(value, where)
    nodes = object_of(fields.get("mapping"), f"{where}, mapping")
    created_ms = time_ms(fields.get("create_time")) or 0
    title = fields.get("title")
    places: dict[str, int | None] = {}
    messages: list[WholeMessage] = []
    for key in _parents_first(nodes, where):
        node = object_of(nodes[key], f"{where}, {key}")
        parent = places.get(str(node.get("parent")))
        last_ms = messages[parent].message.created_ms if parent is not None else created_ms
        found = _message(node.get("message"), last_ms + STEP_MS, f"{where}, {key}")
        places[key] = parent
        if found is not None:
            places[key] = len(messages)
            messages.append(WholeMessage(message=found, parent=parent))
    head = places.get(str(fields.get("current_node")))
    if head is None and messages:
        head = len(messages) - 1
    return WholeSession(
        audience=None,
        character=None,
        title=title if isinstance(title, str) else "",
        titled_by_person=bool(title),
        created_ms=created_ms,
        updated_ms=max((one.message.created_ms for one in messages), default=created_ms),
        messages=messages,
        head=head,
    )


def _parents_first(nodes: dict[str, Any], where: str) -> list[str]:
    """Return the ids of a tree, each after its parent and beside its brothers in their order."""
    roots = [
        key
        for key, node in nodes.items()
        if str(object_of(node, f"{where}, {key}").get("parent")) not in nodes
    ]
    order: list[str] = []
    seen: set[str] = set()
    waiting = roots[::-1]
    while waiting:
        key = waiting.pop()
        if key in seen:
            raise BadImport(f"{where}, {key}: a message has two parents")
        seen.add(key)
        order.append(key)
        children = list_of(nodes[key].get("children") or [], f"{where}, {key}, children")
        waiting += [one for one in map(str, reversed(children)) if one in nodes]
    if len(order) < len(nodes):
        raise BadImport(f"{where}: {len(nodes) - len(order)} messages follow none of the others")
    return order


def _message(value: Any, else_ms: int, where: str) -> NewMessage | None:
    """Return what a person or the model said; nothing for what has no words."""
    if value is None:
        return None
    fields = object_of(value, where)
    metadata = fields.get("metadata")
    about = metadata if isinstance(metadata, dict) else {}
    author = object_of(fields.get("author"), f"{where}, author")
    content = object_of(fields.get("content"), f"{where}, content")
    role = _ROLES.get(str(author.get("role")))
    to_a_tool = fields.get("recipient") not in (None, "all")
    if role is None or to_a_tool or about.get("is_visually_hidden_from_conversation") is True:
        return None
    parts = list_of(content.get("parts") or [], f"{where}, parts")
    text = "\n".join(words for words in map(_words_of, parts) if words)
    if not text:
        return None
    model = about.get("model_slug")
    return NewMessage(
        session_id="",
        role=role,
        text=text,
        created_ms=time_ms(fields.get("create_time")) or else_ms,
        model=model if isinstance(model, str) and role is Role.ASSISTANT else None,
    )


def _words_of(part: Any) -> str:
    """Return what a part says; nothing for pictures and sound."""
    words = part.get("text") if isinstance(part, dict) else part
    return words if isinstance(words, str) else ""
