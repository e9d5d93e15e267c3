"""Read the chats of programs that we don't write for, each as its source shows it."""

from html import unescape
from typing import Any

from ..bulk import WholeSession
from ..errors import BadImport
from ..values import Role
from .dates import time_ms
from .growing import Foreign, Grower, list_of, name_of, object_of, show, text_of


def text_generation_webui(document: dict[str, Any]) -> Foreign:
    """Read oobabooga's history: `{"internal": [[user, reply], …], "visible": […], "metadata": {…}}`.

    Older files call the lists `data` and `data_visible`. What is visible is escaped for HTML and
    changed by extensions, so the internal text counts where there is one. `metadata` has the times
    and the versions of each side: `{"assistant_0": {"timestamp", "versions": [{"content",
    "timestamp"}], "current_version_index"}}`.
    """
    raw = _first(document, "internal", "data")
    rows = list_of(raw or _first(document, "visible", "data_visible"), "internal")
    metadata = object_of(document.get("metadata") or {}, "metadata")
    grower = Grower()
    for number, pair in enumerate(rows):
        where = f"pair {number + 1}"
        said = list_of(pair, where)
        if len(said) != 2:
            raise BadImport(f"{where}: there should be two texts")
        for role, side, words in zip(_SIDES, ("user", "assistant"), said, strict=True):
            text = text_of(words, where)
            if text and text != "<|BEGIN-VISIBLE-CHAT|>":
                about = object_of(
                    metadata.get(f"{side}_{number}") or {}, f"metadata, {side}_{number}"
                )
                _add_versions(grower, role, text if raw else unescape(text), about)
    return Foreign(kind="text-generation-webui", sessions=[grower.whole()])


_SIDES = (Role.USER, Role.ASSISTANT)


def _first(document: dict[str, Any], *names: str) -> Any:
    """Return the first of some fields that says anything."""
    return next((document[name] for name in names if document.get(name)), None)


def _add_versions(grower: Grower, role: Role, text: str, about: dict[str, Any]) -> None:
    """Add one side of a pair, with the versions of it that were generated."""
    versions = [
        one
        for one in list_of(about.get("versions") or [], "versions")
        if isinstance(one, dict) and isinstance(one.get("content"), str)
    ]
    texts = [one["content"] for one in versions]
    chosen = show(texts, text, about.get("current_version_index"))
    grower.add(
        role,
        texts,
        chosen=chosen,
        created_ms=time_ms(about.get("timestamp")),
        times_ms=[time_ms(one.get("timestamp")) for one in versions],
    )


def agnai(document: dict[str, Any]) -> Foreign:
    """Read Agnai: `{"name", "greeting", "messages": [{"msg", "handle", "userId" | "characterId"}]}`."""
    grower = Grower()
    name = document.get("name")
    # A file that the program itself wrote is always called so.
    grower.title = name if isinstance(name, str) and name != "Exported" else ""
    for number, row in enumerate(list_of(document.get("messages"), "messages"), 1):
        fields = object_of(row, f"message {number}")
        role = Role.USER if fields.get("userId") else Role.ASSISTANT
        if role is Role.ASSISTANT:
            grower.character = grower.character or name_of(fields.get("handle"))
        text = text_of(fields.get("msg"), f"message {number}, msg")
        others = list_of(fields.get("retries") or [], f"message {number}, retries")
        texts = [text, *(one for one in others if isinstance(one, str))]
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
                None if source.get("is_human") else name_of(source.get("name"))
            )
        sessions.append(grower.whole())
    return Foreign(kind="Character.AI", sessions=[one for one in sessions if one.messages])


def chub(lines: dict[int, Any]) -> Foreign:
    """Read Chub's JSON lines: as SillyTavern's, but `mes` is an object with the `message`."""
    number, first = next(iter(lines.items()))
    header = object_of(first, f"line {number}")
    grower = Grower(created_ms=time_ms(header.get("create_date")))
    grower.character = name_of(header.get("character_name"))
    for number, line in lines.items():
        fields = object_of(line, f"line {number}")
        if "mes" not in fields:
            continue
        where = f"line {number}"
        swipes = list_of(fields.get("swipes") or [], f"{where}, swipes")
        texts = [_words_of(one, f"{where}, swipes") for one in swipes]
        chosen = show(texts, _words_of(fields["mes"], f"{where}, mes"), fields.get("swipe_id"))
        grower.add(
            Role.USER if fields.get("is_user") else Role.ASSISTANT,
            texts,
            chosen=chosen,
            created_ms=time_ms(fields.get("send_date")),
        )
    return Foreign(kind="Chub", sessions=[grower.whole()])


def _words_of(value: Any, where: str) -> str:
    """Return what a message of Chub says, which is an object or a text."""
    return text_of(value.get("message") if isinstance(value, dict) else value, where)


def risu(document: dict[str, Any]) -> Foreign:
    """Read a chat of Risu: `{"type": "risuChat", "data": {"message": [{"role", "data"}]}}`.

    All chats of a character are `{"type": "risuAllChats", "data": [chat, …]}`.
    """
    data = document.get("data", document)
    chats = data if isinstance(data, list) else [data]
    sessions = [_risu_chat(chat, f"chat {number}") for number, chat in enumerate(chats, 1)]
    return Foreign(kind="Risu", sessions=[one for one in sessions if one.messages])


def _risu_chat(value: Any, where: str) -> WholeSession:
    """Read one chat of Risu."""
    chat = object_of(value, where)
    grower = Grower()
    name = chat.get("name")
    grower.title = name if isinstance(name, str) else ""
    if chat.get("note"):
        grower.extra = {"risu": {"note": chat["note"]}}
    for number, row in enumerate(list_of(chat.get("message"), f"{where}, message"), 1):
        fields = object_of(row, f"{where}, message {number}")
        role = Role.USER if fields.get("role") == "user" else Role.ASSISTANT
        text = text_of(fields.get("data"), f"{where}, message {number}, data")
        made = fields.get("generationInfo")
        model = made.get("model") if isinstance(made, dict) else None
        grower.add(role, [text], created_ms=time_ms(fields.get("time")), model=name_of(model))
    return grower.whole()


def byaf(scenarios: list[tuple[str, Any]]) -> Foreign:
    """Read the scenarios of a Backyard archive: `messages` of `type` `human` or `ai`.

    `firstMessages` is the greeting. Of an answer's `outputs` the one with the latest
    `activeTimestamp` is shown.
    """
    sessions = []
    for name, scenario in scenarios:
        fields = object_of(scenario, name)
        title = fields.get("title")
        grower = Grower(title=title if isinstance(title, str) else "")
        greetings = list_of(fields.get("firstMessages") or [], f"{name}, firstMessages")
        for greeting in greetings[:1]:
            text = text_of(object_of(greeting, name).get("text"), f"{name}, firstMessages")
            grower.add(Role.ASSISTANT, [text])
        for number, row in enumerate(list_of(fields.get("messages") or [], f"{name}, messages"), 1):
            _add_backyard(grower, row, f"{name}, message {number}")
        sessions.append(grower.whole())
    return Foreign(kind="Backyard", sessions=[one for one in sessions if one.messages])


def _add_backyard(grower: Grower, row: Any, where: str) -> None:
    """Add one message of Backyard with its outputs."""
    message = object_of(row, where)
    if message.get("type") == "human":
        text = text_of(message.get("text"), f"{where}, text")
        grower.add(Role.USER, [text], created_ms=time_ms(message.get("createdAt")))
        return
    outputs = [
        object_of(one, where) for one in list_of(message.get("outputs"), f"{where}, outputs")
    ]
    if not outputs:
        raise BadImport(f"{where}, outputs: there should be a text")
    shown_ms = [time_ms(one.get("activeTimestamp")) or 0 for one in outputs]
    times_ms = [time_ms(one.get("createdAt")) for one in outputs]
    chosen = shown_ms.index(max(shown_ms))
    grower.add(
        Role.ASSISTANT,
        [text_of(one.get("text"), f"{where}, text") for one in outputs],
        chosen=chosen,
        created_ms=times_ms[chosen],
        times_ms=times_ms,
    )


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
            grower.character = grower.character or name_of(fields.get("name"))
        text = text_of(fields.get("content"), f"message {number}, content")
        grower.add(role, [text], created_ms=time_ms(fields.get("timestamp")))
    return Foreign(kind="Open-LLM-VTuber", sessions=[grower.whole()])
