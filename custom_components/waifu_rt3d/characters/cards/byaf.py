"""Cards of Backyard AI: BYAF, a ZIP file with a manifest, characters and scenarios (schema version 1)."""

from collections.abc import Mapping
import copy
import json
import posixpath
import re
from typing import Any, Final

from .archive import packed
from .card import MAX_JSON, Card, card_from, card_from_json
from .errors import CardError, CardProblem
from .foreign import as_v2
from .json_text import read_json

MANIFEST: Final = "manifest.json"
KIND: Final = "byaf"
_CHARACTER = "characters/character1/character.json"
_SCENARIO = "scenarios/scenario1.json"
_INSIDE = "waifu_rt3d/"
_WHOLE = f"{_INSIDE}card.json"
PICTURE: Final = "picture"


def read_byaf(files: Mapping[str, bytes]) -> Card:
    """Return the first character of an archive; all of its files go along."""
    character, scenarios, manifest = _documents(files)
    if (kept := _kept(files, character, scenarios)) is not None:
        return kept
    image = _image(files, character, _first_path(manifest))
    raw = as_v2(KIND, {"files": sorted(files)}, _fields(character, scenarios, manifest))
    card = card_from(raw)
    return Card(spec=card.spec, raw=card.raw, image=image, assets=dict(files))


def write_byaf(card: Card) -> bytes:
    """Return an archive for Backyard; one that came so is as it was but for what has changed."""
    files = dict(card.assets)
    if MANIFEST not in files:
        return packed(_fresh(card))
    character, scenarios, manifest = _documents(files)
    before = _fields(character, scenarios, manifest)
    _change(character, scenarios, before, card)
    files[_first_path(manifest)] = _json(character)
    for path, scenario in zip(_scenario_paths(manifest, files), scenarios, strict=False):
        files[path] = _json(scenario)
    return packed(files)


def _kept(
    files: Mapping[str, bytes], character: Mapping[str, Any], scenarios: list[dict[str, Any]]
) -> Card | None:
    """Return the card that was written into an archive of ours, if nobody has changed it since."""
    if _WHOLE not in files:
        return None
    own = {
        path.removeprefix(_INSIDE): data for path, data in files.items() if path.startswith(_INSIDE)
    }
    card, image = card_from_json(own.pop("card.json")), own.pop(PICTURE, None)
    inner = Card(spec=card.spec, raw=card.raw, image=image, assets=own)
    fresh = _fresh(inner)
    before, scenes, _ = _documents(fresh)
    return inner if (before, scenes) == (character, scenarios) else None


def _documents(
    files: Mapping[str, bytes],
) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any]]:
    """Return the character, its scenarios and the manifest."""
    manifest = _read(files, MANIFEST)
    character = _read(files, _first_path(manifest))
    return character, [_read(files, path) for path in _scenario_paths(manifest, files)], manifest


def _first_path(manifest: Mapping[str, Any]) -> str:
    """Return where the first character is described."""
    paths = manifest.get("characters")
    if not isinstance(paths, list) or not paths or not isinstance(paths[0], str):
        raise CardError(CardProblem.ARCHIVE_WITHOUT)
    return paths[0]


def _scenario_paths(manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> list[str]:
    """Return where the scenarios are; one that is missing is left out."""
    paths = manifest.get("scenarios")
    return [path for path in paths if path in files] if isinstance(paths, list) else []


def _read(files: Mapping[str, bytes], path: str) -> dict[str, Any]:
    """Return a JSON file of the archive."""
    if path not in files:
        raise CardError(CardProblem.ARCHIVE_WITHOUT)
    if len(files[path]) > MAX_JSON:
        raise CardError(CardProblem.TEXT_TOO_LONG)
    try:
        found = read_json(files[path])
    except (ValueError, RecursionError) as error:
        raise CardError(CardProblem.ARCHIVE_NOT_JSON) from error
    if not isinstance(found, dict):
        raise CardError(CardProblem.ARCHIVE_NOT_JSON)
    return found


def _fields(
    character: Mapping[str, Any], scenarios: list[dict[str, Any]], manifest: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the fields of a V2 card."""
    scenario = scenarios[0] if scenarios else {}
    author = manifest.get("author")
    author = author if isinstance(author, dict) else {}
    examples = scenario.get("exampleMessages")
    said = (
        [m.get("text") for m in examples if isinstance(m, dict)]
        if isinstance(examples, list)
        else []
    )
    greetings = [text for s in scenarios if (text := _greeting(s))]
    lore = character.get("loreItems")
    fields: dict[str, Any] = {
        "name": character.get("name") or character.get("displayName") or "",
        "description": _macros(character.get("persona")),
        "scenario": _macros(scenario.get("narrative")),
        "first_mes": greetings[0] if greetings else "",
        "mes_example": "\n".join(f"<START>\n{_macros(text)}" for text in said if text),
        "creator_notes": author.get("backyardURL") or "",
        "system_prompt": _macros(scenario.get("formattingInstructions")),
        "alternate_greetings": greetings[1:],
        "creator": author.get("name") or "",
    }
    if isinstance(lore, list) and lore:
        entries = [_entry(item, i) for i, item in enumerate(lore) if isinstance(item, dict)]
        fields["character_book"] = {"extensions": {}, "entries": entries}
    return fields


def _greeting(scenario: Mapping[str, Any]) -> str:
    """Return the first message of a scenario."""
    messages = scenario.get("firstMessages")
    first = messages[0] if isinstance(messages, list) and messages else None
    return _macros(first.get("text")) if isinstance(first, dict) else ""


def _entry(item: Mapping[str, Any], index: int) -> dict[str, Any]:
    """Return a lore item as an entry of a lorebook."""
    keys = _macros(item.get("key")).split(",")
    return {
        "keys": [key.strip() for key in keys if key.strip()],
        "content": _macros(item.get("value")),
        "extensions": {},
        "enabled": True,
        "insertion_order": index,
    }


def _change(
    character: dict[str, Any],
    scenarios: list[dict[str, Any]],
    before: Mapping[str, Any],
    card: Card,
) -> None:
    """Put into the documents what a card says otherwise than they do."""
    if card.text("name") != before["name"]:
        character["name"] = character["displayName"] = card.text("name")
    if card.text("description") != before["description"]:
        character["persona"] = _braces(card.text("description"))
    if not scenarios:
        return
    if card.text("scenario") != before["scenario"]:
        scenarios[0]["narrative"] = _braces(card.text("scenario"))
    if card.text("system_prompt") != before["system_prompt"]:
        scenarios[0]["formattingInstructions"] = _braces(card.text("system_prompt"))
    if card.text("first_mes") != before["first_mes"]:
        message = {"characterID": character.get("id", ""), "text": _braces(card.text("first_mes"))}
        scenarios[0]["firstMessages"] = [message] if message["text"] else []


def _fresh(card: Card) -> dict[str, bytes]:
    """Return the files of an archive for a card that came otherwise."""
    character_id = "character1"
    examples = [part.strip() for part in card.text("mes_example").split("<START>") if part.strip()]
    texts = card.greetings or ("",)
    scenarios = [_fresh_scenario(card, text, examples, character_id) for text in texts]
    paths = [f"scenarios/scenario{number}.json" for number in range(1, len(scenarios) + 1)]
    manifest: dict[str, Any] = {
        "schemaVersion": 1,
        "createdAt": "1970-01-01T00:00:00.000Z",
        "characters": [_CHARACTER],
        "scenarios": paths,
    }
    if card.text("creator"):
        author = {"name": card.text("creator"), "backyardURL": card.text("creator_notes")}
        manifest["author"] = author
    images = []
    files = dict(zip(paths, map(_json, scenarios), strict=True))
    if card.image is not None:
        ending = "png" if card.image.startswith(b"\x89PNG") else "jpg"
        files[f"characters/{character_id}/images/main.{ending}"] = card.image
        images.append({"path": f"images/main.{ending}", "label": ""})
    entries = (card.book or {}).get("entries")
    character = {
        "schemaVersion": 1,
        "id": character_id,
        "name": card.text("name"),
        "displayName": card.called,
        "isNSFW": False,
        "persona": _braces(
            "\n\n".join(t for t in (card.text("description"), card.text("personality")) if t)
        ),
        "createdAt": manifest["createdAt"],
        "updatedAt": manifest["createdAt"],
        "loreItems": [_lore_item(e) for e in entries if isinstance(e, dict)]
        if isinstance(entries, list)
        else [],
        "images": images,
    }
    return {MANIFEST: _json(manifest), _CHARACTER: _json(character), **files, **_whole(card)}


def _whole(card: Card) -> dict[str, bytes]:
    """Return the files of the whole card, in a folder that Backyard passes over: so nothing is lost."""
    files = {f"{_INSIDE}{path}": data for path, data in card.assets.items()}
    if card.image is not None:
        files[f"{_INSIDE}{PICTURE}"] = card.image
    return {_WHOLE: card.to_json().encode(), **files}


def _fresh_scenario(card: Card, greeting: str, examples: list[str], who: str) -> dict[str, Any]:
    """Return a scenario for one greeting."""
    return {
        "schemaVersion": 1,
        "title": "",
        "narrative": _braces(card.text("scenario")),
        "formattingInstructions": _braces(card.text("system_prompt")),
        "exampleMessages": [{"characterID": who, "text": _braces(text)} for text in examples],
        "canDeleteExampleMessages": True,
        "firstMessages": [{"characterID": who, "text": _braces(greeting)}] if greeting else [],
        "messages": [],
        "model": "",
        "promptTemplate": None,
        "grammar": None,
    }


def _lore_item(entry: Mapping[str, Any]) -> dict[str, str]:
    """Return an entry of a lorebook as Backyard has it."""
    keys = entry.get("keys")
    joined = (
        ", ".join(key for key in keys if isinstance(key, str)) if isinstance(keys, list) else ""
    )
    return {"key": joined, "value": _braces(str(entry.get("content") or ""))}


def _image(files: Mapping[str, bytes], character: Mapping[str, Any], path: str) -> bytes | None:
    """Return the first picture of a character."""
    images = character.get("images")
    for image in images if isinstance(images, list) else ():
        name = image.get("path") if isinstance(image, dict) else None
        if isinstance(name, str):
            found = files.get(posixpath.normpath(posixpath.join(posixpath.dirname(path), name)))
            if found is not None:
                return found
    return None


def _macros(value: object) -> str:
    """Return a text with the names of the person and the character as cards write them."""
    text = value if isinstance(value, str) else ""
    text = re.sub(r"#?(?<!\{)\{character\}(?!\})", "{{char}}", text, flags=re.IGNORECASE)
    return re.sub(r"#?(?<!\{)\{user\}(?!\})", "{{user}}", text, flags=re.IGNORECASE)


def _braces(text: str) -> str:
    """Return a text with the names as Backyard writes them."""
    text = re.sub(r"\{\{char\}\}", "{character}", text, flags=re.IGNORECASE)
    return re.sub(r"\{\{user\}\}", "{user}", text, flags=re.IGNORECASE)


def _json(document: Mapping[str, Any]) -> bytes:
    """Return a document as a file."""
    return json.dumps(copy.deepcopy(document), ensure_ascii=False, indent=2).encode()
