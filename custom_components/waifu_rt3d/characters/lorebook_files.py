"""Lorebooks that come alone: SillyTavern's world info, Character Card V3, Agnai, Risu, NovelAI."""

from collections.abc import Callable, Mapping
from typing import Any

from .cards.card import MAX_JSON
from .cards.errors import CardError, CardProblem
from .cards.json_text import read_json
from .lorebook import Lorebook, book_from

type Document = Mapping[str, Any]


def read_lorebook(data: bytes) -> Lorebook:
    """Return the lorebook in a file; raise `CardError` with a sentence when it is none."""
    return book_from(lorebook_document(data))


def lorebook_document(data: bytes) -> dict[str, Any]:
    """Return a lorebook as cards hold it, whatever program wrote it."""
    if len(data) > MAX_JSON:
        raise CardError(CardProblem.BOOK_TOO_LONG)
    try:
        raw = read_json(data.removeprefix(b"\xef\xbb\xbf"))
    except UnicodeDecodeError as error:
        raise CardError(CardProblem.BOOK_NOT_UTF8) from error
    except (ValueError, RecursionError) as error:
        raise CardError(CardProblem.BOOK_NOT_JSON) from error
    if not isinstance(raw, dict):
        raise CardError(CardProblem.NO_BOOK)
    for recognises, made in _PROGRAMS:
        if recognises(raw):
            return made(raw)
    raise CardError(CardProblem.NO_BOOK)


def _has_entries(raw: Document) -> bool:
    entries = raw.get("entries")
    items = list(entries.values()) if isinstance(entries, dict) else entries
    return isinstance(items, list) and all(isinstance(item, dict) for item in items)


def _is_v3(raw: Document) -> bool:
    return raw.get("spec") == "lorebook_v3" and isinstance(raw.get("data"), dict)


def _is_agnai(raw: Document) -> bool:
    return raw.get("kind") == "memory" and _has_entries(raw)


def _agnai(raw: Document) -> dict[str, Any]:
    entries = [
        {
            "keys": entry.get("keywords"),
            "content": entry.get("entry"),
            "name": entry.get("name"),
            "enabled": entry.get("enabled"),
            "priority": entry.get("priority"),
            "insertion_order": entry.get("weight"),
        }
        for entry in raw["entries"]
    ]
    return {**raw, "entries": entries}


def _is_risu(raw: Document) -> bool:
    return raw.get("type") == "risu" and isinstance(raw.get("data"), list)


def _risu(raw: Document) -> dict[str, Any]:
    entries = [
        {
            "keys": entry.get("key"),
            "secondary_keys": entry.get("secondkey"),
            "selective": entry.get("selective"),
            "content": entry.get("content"),
            "name": entry.get("comment"),
            "constant": entry.get("alwaysActive"),
            "insertion_order": entry.get("insertorder"),
            "use_regex": entry.get("useRegex"),
        }
        for entry in raw["data"]
        if isinstance(entry, dict) and entry.get("mode") != "folder"
    ]
    return {"entries": entries}


def _is_novelai(raw: Document) -> bool:
    return "lorebookVersion" in raw and _has_entries(raw)


def _novelai(raw: Document) -> dict[str, Any]:
    entries = [
        {
            "keys": entry.get("keys"),
            "content": entry.get("text"),
            "name": entry.get("displayName"),
            "enabled": entry.get("enabled"),
            "constant": entry.get("forceActivation"),
            "insertion_order": index,
        }
        for index, entry in enumerate(raw["entries"])
    ]
    return {"entries": entries}


_PROGRAMS: tuple[tuple[Callable[[Document], bool], Callable[[Document], dict[str, Any]]], ...] = (
    (_is_v3, lambda raw: dict(raw["data"])),
    (_is_agnai, _agnai),
    (_is_risu, _risu),
    (_is_novelai, _novelai),
    (_has_entries, dict),
)
