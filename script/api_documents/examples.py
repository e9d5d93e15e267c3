"""The golden files of the contracts as examples of what the commands answer."""

from dataclasses import dataclass, field
import json
from pathlib import Path
from typing import Any

CONTRACTS = Path(__file__).resolve().parents[2] / "tests" / "contract"

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """What the golden files show."""

    messages: dict[str, Json] = field(default_factory=dict)
    results: dict[str, Any] = field(default_factory=dict)
    events: dict[str, Json] = field(default_factory=dict)
    envelopes: dict[str, Json] = field(default_factory=dict)


def examples() -> Examples:
    """Read every golden file of the websocket."""
    found = Examples()
    for path in sorted(CONTRACTS.glob("*.json")):
        document = json.loads(path.read_text("utf-8"))
        if isinstance(document, dict):
            _take(found, document)
    memory = json.loads((CONTRACTS / "websocket-memory.json").read_text("utf-8"))
    found.results["waifu_rt3d/import"] = memory["import_result"]
    found.events["waifu_rt3d/import"] = memory["progress"]
    return found


def _take(found: Examples, document: Json) -> None:
    """Take the examples of one golden file."""
    if "command" in document:
        name = document["command"]["type"]
        found.messages[name] = document["command"]
        found.results[name] = document["result"]
        found.events[name] = document["event"]
    for message in document.get("commands", ()):
        if "type" in message:
            found.messages.setdefault(message["type"], message)
    if isinstance(document.get("results"), dict):
        for name, result in document["results"].items():
            found.results.setdefault(name, result)
    for value in document.values():
        for envelope in value if isinstance(value, list) else (value,):
            if isinstance(envelope, dict) and {"v", "seq", "kind", "data"} <= envelope.keys():
                found.envelopes.setdefault(envelope["kind"], envelope)


def schema_of(value: Any) -> Json:
    """Return the shape of an example; a null says nothing of what may stand there."""
    match value:
        case bool():
            return {"type": "boolean"}
        case int():
            return {"type": "integer"}
        case float():
            return {"type": "number"}
        case str():
            return {"type": "string"}
        case list():
            return {"type": "array", **({"items": schema_of(value[0])} if value else {})}
        case dict():
            return {"type": "object", "properties": {k: schema_of(v) for k, v in value.items()}}
        case _:
            return {}
