"""Read the chats of programs that we don't write for, each as its source shows it."""

from typing import Any

from ..errors import BadImport
from ..values import Role
from .dates import time_ms
from .growing import Foreign, Grower, list_of, object_of, text_of


def text_generation_webui(document: dict[str, Any]) -> Foreign:
    """Read oobabooga's history: `{"internal": [[user, reply], …], "visible": […]}`.

    Older files call the lists `data` and `data_visible`.
    """
    rows = document.get("visible") or document.get("data_visible") or document.get("internal")
    grower = Grower()
    for number, pair in enumerate(list_of(rows, "visible"), 1):
        said = list_of(pair, f"pair {number}")
        if len(said) != 2:
            raise BadImport(f"pair {number}: there should be two texts")
        for role, words in zip((Role.USER, Role.ASSISTANT), said, strict=True):
            text = text_of(words, f"pair {number}")
            if text and text != "<|BEGIN-VISIBLE-CHAT|>":
                grower.add(role, [text])
    return Foreign(kind="text-generation-webui", sessions=[grower.whole()])


def agnai(document: dict[str, Any]) -> Foreign:
    """Read Agnai: `{"name", "greeting", "messages": [{"msg", "userId" | "characterId"}]}`."""
    grower = Grower()
    name = document.get("name")
    grower.title = name if isinstance(name, str) else ""
    for number, row in enumerate(list_of(document.get("messages"), "messages"), 1):
        fields = object_of(row, f"message {number}")
        role = Role.USER if fields.get("userId") else Role.ASSISTANT
        text = text_of(fields.get("msg"), f"message {number}, msg")
        others = fields.get("retries")
        texts = [text, *(one for one in others if isinstance(one, str))] if others else [text]
        grower.add(role, texts, created_ms=time_ms(fields.get("createdAt")))
    return Foreign(kind="Agnai", sessions=[grower.whole()])


def character_ai(document: dict[str, Any]) -> Foreign:
    """Read a dump of Character.AI: `{"histories": {"histories": [{"msgs": […]}]}}`."""
    inner = object_of(document.get("histories"), "histories")
    sessions = []
    for number, history in enumerate(list_of(inner.get("histories"), "histories"), 1):
        where = f"history {number}"
        grower = Grower()
        fields = object_of(history, where)
        grower.created_ms = time_ms(fields.get("created"))
        for place, row in enumerate(list_of(fields.get("msgs"), f"{where}, msgs"), 1):
            message = object_of(row, f"{where}, message {place}")
            source = object_of(message.get("src"), f"{where}, message {place}, src")
            role = Role.USER if source.get("is_human") else Role.ASSISTANT
            text = text_of(message.get("text"), f"{where}, message {place}, text")
            grower.add(role, [text], created_ms=time_ms(message.get("created")))
            grower.character = grower.character or (
                None if source.get("is_human") else _name(source.get("name"))
            )
        sessions.append(grower.whole())
    return Foreign(kind="Character.AI", sessions=[one for one in sessions if one.messages])


def chub(lines: list[Any]) -> Foreign:
    """Read Chub's JSON lines: as SillyTavern's, but `mes` is an object with the `message`."""
    header = object_of(lines[0], "line 1")
    grower = Grower(created_ms=time_ms(header.get("create_date")))
    grower.character = _name(header.get("character_name"))
    for number, line in enumerate(lines, 1):
        fields = object_of(line, f"line {number}")
        if "mes" not in fields:
            continue
        inner = fields["mes"]
        text = inner.get("message") if isinstance(inner, dict) else inner
        role = Role.USER if fields.get("is_user") else Role.ASSISTANT
        swipes = [
            text_of(one.get("message") if isinstance(one, dict) else one, f"line {number}, swipes")
            for one in fields.get("swipes") or []
        ]
        grower.add(
            role,
            swipes or [text_of(text, f"line {number}, mes")],
            chosen=_chosen(fields.get("swipe_id"), len(swipes)),
            created_ms=time_ms(fields.get("send_date")),
        )
    return Foreign(kind="Chub", sessions=[grower.whole()])


def risu(document: dict[str, Any]) -> Foreign:
    """Read a chat of Risu: `{"type": "risuChat", "data": {"message": [{"role", "data"}]}}`."""
    chat = object_of(document.get("data", document), "data")
    grower = Grower()
    name = chat.get("name")
    grower.title = name if isinstance(name, str) else ""
    if chat.get("note"):
        grower.extra = {"risu": {"note": chat["note"]}}
    for number, row in enumerate(list_of(chat.get("message"), "message"), 1):
        fields = object_of(row, f"message {number}")
        role = Role.USER if fields.get("role") == "user" else Role.ASSISTANT
        text = text_of(fields.get("data"), f"message {number}, data")
        grower.add(role, [text], created_ms=time_ms(fields.get("time")))
    return Foreign(kind="Risu", sessions=[grower.whole()])


def byaf(scenarios: list[tuple[str, Any]]) -> Foreign:
    """Read the scenarios of a Backyard archive: `messages` of `type` `human` or `ai`."""
    sessions = []
    for name, scenario in scenarios:
        fields = object_of(scenario, name)
        title = fields.get("title")
        grower = Grower(title=title if isinstance(title, str) else "")
        for number, row in enumerate(list_of(fields.get("messages", []), f"{name}, messages"), 1):
            where = f"{name}, message {number}"
            message = object_of(row, where)
            if message.get("type") == "human":
                text = text_of(message.get("text"), f"{where}, text")
                grower.add(Role.USER, [text], created_ms=time_ms(message.get("createdAt")))
                continue
            outputs = [
                object_of(one, where)
                for one in list_of(message.get("outputs"), f"{where}, outputs")
            ]
            if outputs:
                grower.add(
                    Role.ASSISTANT,
                    [text_of(one.get("text"), f"{where}, text") for one in outputs],
                    created_ms=time_ms(outputs[0].get("createdAt")),
                )
        sessions.append(grower.whole())
    return Foreign(kind="Backyard", sessions=[one for one in sessions if one.messages])


def open_llm_vtuber(rows: list[Any]) -> Foreign:
    """Read Open-LLM-VTuber: a list of `{"role": "human" | "ai" | "metadata", "content"}`."""
    grower = Grower()
    for number, row in enumerate(rows, 1):
        fields = object_of(row, f"message {number}")
        if fields.get("role") == "metadata":
            grower.created_ms = time_ms(fields.get("timestamp"))
            continue
        role = Role.USER if fields.get("role") == "human" else Role.ASSISTANT
        if role is Role.ASSISTANT:
            grower.character = grower.character or _name(fields.get("name"))
        text = text_of(fields.get("content"), f"message {number}, content")
        grower.add(role, [text], created_ms=time_ms(fields.get("timestamp")))
    return Foreign(kind="Open-LLM-VTuber", sessions=[grower.whole()])


def _name(value: Any) -> str | None:
    """Return a name, if there is one."""
    return value if isinstance(value, str) and value else None


def _chosen(value: Any, count: int) -> int:
    """Return which alternative was chosen."""
    return value if isinstance(value, int) and 0 <= value < count else 0
