"""Characters of other programs, as V2 cards: text-generation-webui, Pygmalion, Agnai, Character.AI.

The document that came is kept whole in an extension, so that it can be written again as it was.
"""

from collections.abc import Callable, Mapping
import copy
from typing import Any, Final

EXTENSION: Final = "waifu_rt3d"
FLAT: Final = "flat"
"""Name, greeting and context side by side, as YAML or JSON."""
_FLAT_NAMES = {
    "name": ("char_name", "name", "bot"),
    "description": ("char_persona", "context", "persona", "description"),
    "first_mes": ("char_greeting", "greeting", "first_message", "first_mes"),
    "scenario": ("world_scenario", "scenario"),
    "mes_example": ("example_dialogue", "example_dialogues", "mes_example"),
}
_FLAT_MARKS = {
    "char_name",
    "char_persona",
    "char_greeting",
    "context",
    "greeting",
    "example_dialogue",
}
_TEXTS = (
    "name", "description", "personality", "scenario", "first_mes", "mes_example", "creator_notes",
    "system_prompt", "post_history_instructions", "creator", "character_version",
)  # fmt: skip

type Document = Mapping[str, Any]


def translated(raw: Document) -> dict[str, Any] | None:
    """Return a document of another program as a V2 card, `None` when it is none that we know."""
    for kind, recognises, fields in _PROGRAMS:
        if recognises(raw):
            return as_v2(kind, raw, fields(raw))
    return None


def as_v2(kind: str, original: object, fields: Document) -> dict[str, Any]:
    """Return a V2 document with these fields, which keeps what it was made of."""
    data: dict[str, Any] = dict.fromkeys(_TEXTS, "")
    data |= {"alternate_greetings": [], "tags": []}
    data |= {name: value for name, value in fields.items() if value}
    data["extensions"] = {EXTENSION: {"from": kind, "original": copy.deepcopy(original)}}
    return {"spec": "chara_card_v2", "spec_version": "2.0", "data": data}


def original_of(raw: Document, kind: str) -> dict[str, Any] | None:
    """Return the document that a card was made of, if it came from this kind of program."""
    data = raw.get("data")
    extensions = data.get("extensions") if isinstance(data, dict) else None
    own = extensions.get(EXTENSION) if isinstance(extensions, dict) else None
    if not isinstance(own, dict) or own.get("from") != kind:
        return None
    original = own.get("original")
    return copy.deepcopy(original) if isinstance(original, dict) else None


def flat_document(raw: Document, data: Document) -> dict[str, Any]:
    """Return a card as text-generation-webui writes it; one that came so is as it was."""
    kept = original_of(raw, FLAT) or {}
    before = flat_fields(kept)
    usual = {
        "name": "name",
        "first_mes": "greeting",
        "description": "context",
        "scenario": "scenario",
    }
    usual["mes_example"] = "example_dialogue"
    for field, names in _FLAT_NAMES.items():
        value = _text(data.get(field))
        if value == before.get(field, "") and (value or not kept):
            if value and not kept:
                kept[usual[field]] = value
        elif value != before.get(field, ""):
            kept[next((name for name in names if name in kept), usual[field])] = value
    return kept


def flat_fields(raw: Document) -> dict[str, str]:
    """Return the fields of a document with name, greeting and context side by side."""
    return {
        field: next((_text(raw[name]) for name in names if _text(raw.get(name))), "")
        for field, names in _FLAT_NAMES.items()
    }


def _is_flat(raw: Document) -> bool:
    named = any(_text(raw.get(name)) for name in _FLAT_NAMES["name"])
    return named and not _FLAT_MARKS.isdisjoint(raw) and "first_mes" not in raw


def _is_agnai(raw: Document) -> bool:
    return raw.get("kind") == "character" and isinstance(raw.get("persona"), dict)


def _agnai(raw: Document) -> dict[str, Any]:
    attributes = raw["persona"].get("attributes")
    lines = [
        (name, ", ".join(map(str, values)) if isinstance(values, list) else str(values))
        for name, values in (attributes.items() if isinstance(attributes, dict) else ())
    ]
    fields: dict[str, Any] = {
        "name": _text(raw.get("name")),
        "description": "\n".join(v if name == "text" else f"{name}: {v}" for name, v in lines),
        "scenario": _text(raw.get("scenario")),
        "first_mes": _text(raw.get("greeting")),
        "mes_example": _text(raw.get("sampleChat")),
        "creator_notes": _text(raw.get("description")),
        "system_prompt": _text(raw.get("systemPrompt")),
        "post_history_instructions": _text(raw.get("postHistoryInstructions")),
        "alternate_greetings": _texts(raw.get("alternateGreetings")),
        "tags": _texts(raw.get("tags")),
        "creator": _text(raw.get("creator")),
        "character_version": _text(raw.get("characterVersion")),
    }
    book = raw.get("characterBook")
    if isinstance(book, dict) and isinstance(book.get("entries"), list):
        fields["character_book"] = {
            "name": _text(book.get("name")),
            "extensions": {},
            "entries": [
                _agnai_entry(e, i) for i, e in enumerate(book["entries"]) if isinstance(e, dict)
            ],
        }
    return fields


def _agnai_entry(entry: Document, index: int) -> dict[str, Any]:
    return {
        "keys": _texts(entry.get("keywords")),
        "content": _text(entry.get("entry")),
        "name": _text(entry.get("name")),
        "enabled": entry.get("enabled") is not False,
        "insertion_order": index,
        "priority": entry.get("priority", 0),
        "extensions": {},
    }


def _is_character_ai(raw: Document) -> bool:
    inner = raw.get("character")
    return isinstance(inner, dict) and bool(_text(inner.get("name")))


def _character_ai(raw: Document) -> dict[str, Any]:
    inner = raw["character"]
    about = [_text(inner.get(name)) for name in ("description", "definition")]
    return {
        "name": _text(inner.get("name")),
        "description": "\n\n".join(part for part in about if part),
        "first_mes": _text(inner.get("greeting")),
        "creator_notes": _text(inner.get("title")),
    }


def _text(value: object) -> str:
    """Return a text, empty when it is none."""
    return value if isinstance(value, str) else ""


def _texts(value: object) -> list[str]:
    """Return a list of texts."""
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []


_PROGRAMS: tuple[
    tuple[str, Callable[[Document], bool], Callable[[Document], Mapping[str, Any]]], ...
] = (
    ("agnai", _is_agnai, _agnai),
    ("character_ai", _is_character_ai, _character_ai),
    (FLAT, _is_flat, flat_fields),
)
