"""Read and write SillyTavern's chats: JSON lines, the first of them the header.

    {"user_name": "Alice", "character_name": "Hana", "create_date": "…", "chat_metadata": {}}
    {"name": "Hana", "is_user": false, "send_date": "…", "mes": "Hi", "swipes": ["Hi", "Hey"],
     "swipe_id": 0, "swipe_info": [{"send_date": "…"}, …], "extra": {"model": "…"}}

Swipes are alternatives (SillyTavern 1.12: `public/script.js`, `src/endpoints/chats.js`).
"""

from collections.abc import Iterator
from datetime import UTC, datetime
import json
from typing import Any

from ..bulk import WholeSession
from ..values import Role
from .dates import time_ms
from .growing import Foreign, Grower, list_of, name_of, object_of, show, text_of

_OURS = {"name", "is_user", "is_system", "send_date", "mes", "swipes", "swipe_id", "swipe_info"}
_KEPT = "sillytavern"


def is_sillytavern(first: Any) -> bool:
    """Say whether the first of some JSON lines begins a chat of SillyTavern."""
    if not isinstance(first, dict):
        return False
    header = "chat_metadata" in first or {"user_name", "character_name"} <= first.keys()
    return header or ("mes" in first and "is_user" in first and isinstance(first["mes"], str))


def read(lines: dict[int, Any]) -> Foreign:
    """Take a chat apart; lines are named by their numbers."""
    begin, first = next(iter(lines.items()))
    header = first if "mes" not in first else {}
    grower = Grower(created_ms=time_ms(header.get("create_date")))
    grower.character = name_of(header.get("character_name"))
    if header.get("chat_metadata"):
        grower.extra = {_KEPT: {"chat_metadata": header["chat_metadata"]}}
    for number, line in lines.items():
        if header and number == begin:
            continue
        _add(grower, object_of(line, f"line {number}"), f"line {number}")
    return Foreign(kind="SillyTavern", sessions=[grower.whole()])


def _add(grower: Grower, line: dict[str, Any], where: str) -> None:
    """Add one line as a message with its swipes."""
    text = text_of(line.get("mes"), f"{where}, mes")
    swipes = list_of(line.get("swipes") or [], f"{where}, swipes")
    texts = [text_of(one, f"{where}, swipes") for one in swipes]
    chosen = show(texts, text, line.get("swipe_id"))
    infos = list_of(line.get("swipe_info") or [], f"{where}, swipe_info")
    times = [time_ms(one.get("send_date")) if isinstance(one, dict) else None for one in infos]
    created_ms = time_ms(line.get("send_date"))
    if times and chosen < len(times):
        times[chosen] = created_ms
    extra = line.get("extra")
    kept = {name: value for name, value in line.items() if name not in _OURS}
    if line.get("name"):
        kept["name"] = line["name"]
    model = extra.get("model") if isinstance(extra, dict) else None
    grower.add(
        _role(line),
        texts,
        created_ms=created_ms,
        chosen=chosen,
        times_ms=times,
        extra={_KEPT: kept} if kept else {},
        model=model if isinstance(model, str) else None,
    )


def _role(line: dict[str, Any]) -> Role:
    """Return who speaks in a line."""
    if line.get("is_user"):
        return Role.USER
    return Role.SYSTEM if line.get("is_system") else Role.ASSISTANT


def write(whole: WholeSession, *, person: str, character: str) -> Iterator[str]:
    """Return the lines of a session's way, replies with their alternatives as swipes."""
    kept = whole.extra.get(_KEPT, {})
    yield _line(
        {
            "user_name": person,
            "character_name": character,
            "create_date": _date(whole.created_ms),
            "chat_metadata": kept.get("chat_metadata", {}),
        }
    )
    names = {Role.USER: person, Role.ASSISTANT: character}
    for place in way(whole):
        message = whole.messages[place].message
        if message.role is Role.TOOL:
            continue
        own = dict(message.extra.get(_KEPT, {}))
        own.pop("name", None)
        line = {
            "name": names.get(message.role, "System"),
            "is_user": message.role is Role.USER,
            "is_system": message.role is Role.SYSTEM,
            "send_date": _date(message.created_ms),
            "mes": message.text,
            **({"extra": {"model": message.model}} if message.model else {}),
            **own,
        }
        if message.role is Role.ASSISTANT:
            line |= _swipes(whole, place)
        yield _line(line)


def way(whole: WholeSession) -> list[int]:
    """Return the places of the messages from the root to where the session stands."""
    places: list[int] = []
    place = whole.head
    while place is not None:
        places.append(place)
        place = whole.messages[place].parent
    return places[::-1]


def _swipes(whole: WholeSession, place: int) -> dict[str, Any]:
    """Return a reply's alternatives."""
    parent = whole.messages[place].parent
    others = [
        number
        for number, one in enumerate(whole.messages)
        if one.parent == parent and one.message.role is Role.ASSISTANT
    ]
    if len(others) < 2:
        return {}
    return {
        "swipe_id": others.index(place),
        "swipes": [whole.messages[one].message.text for one in others],
        "swipe_info": [
            {"send_date": _date(whole.messages[one].message.created_ms), "extra": {}}
            for one in others
        ],
    }


def _line(value: dict[str, Any]) -> str:
    """Return one line of JSON."""
    return json.dumps(value, ensure_ascii=False) + "\n"


def _date(moment_ms: int) -> str:
    """Return a time in ISO 8601 to the millisecond."""
    moment = datetime.fromtimestamp(moment_ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
