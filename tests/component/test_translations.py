"""Every language says the same things, and says nothing that nobody asks for."""

import ast
from collections.abc import Iterator
import json
from pathlib import Path
import re

import pytest
import yaml

from custom_components.waifu_rt3d.characters.cards.errors import CardError, CardProblem

COMPONENT = Path(__file__).parents[2] / "custom_components" / "waifu_rt3d"
ENGLISH = json.loads((COMPONENT / "translations" / "en.json").read_text(encoding="utf-8"))
OTHERS = sorted(
    path.stem for path in (COMPONENT / "translations").glob("*.json") if path.stem != "en"
)
# Home Assistant itself asks for these: kinds of steps, its own reasons, and names from its constants.
CORES_OWN = {"user", "reconfigure", "initiate_flow", "entry_type", "flow_title"}
CORES_OWN |= {"already_in_progress", "already_configured"}
CORES_OWN |= {"reauth_successful", "reconfigure_successful"}
# Findings of the preflight have one name for the sentence where all is well and for the problem.
FINDING = "preflight_"
CORES_OWN |= {"host", "port", "api_key"}


def _texts(tree: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each text with the keys that lead to it."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _texts(value, (*path, key))
    else:
        assert isinstance(tree, str)
        yield path, tree


def _language(code: str) -> dict[tuple[str, ...], str]:
    text = (COMPONENT / "translations" / f"{code}.json").read_text(encoding="utf-8")
    return dict(_texts(json.loads(text)))


def _placeholders(text: str) -> list[str]:
    return sorted(set(re.findall(r"\{(\w+)\}", text)))


def test_there_is_german() -> None:
    """The component speaks both languages of its characters."""
    assert "de" in OTHERS


@pytest.mark.parametrize("code", OTHERS)
def test_language_has_the_keys_of_english(code: str) -> None:
    """Nothing is missing, nothing is left over, and the order is the same."""
    assert list(_language(code)) == list(_language("en"))


@pytest.mark.parametrize("code", OTHERS)
def test_language_has_the_placeholders_of_english(code: str) -> None:
    """A translated sentence names what the English one names."""
    english = _language("en")
    differing = {
        ".".join(path): (_placeholders(english[path]), _placeholders(text))
        for path, text in _language(code).items()
        if path in english and _placeholders(english[path]) != _placeholders(text)
    }
    assert differing == {}


@pytest.mark.parametrize("code", ["en", *OTHERS])
def test_text_is_plain(code: str) -> None:
    """No text is empty, has a space at its ends, an address or HTML in it."""
    bad = [
        ".".join(path)
        for path, text in _language(code).items()
        if not text or text != text.strip() or re.search(r"https?://|</?[a-z]+>", text)
    ]
    assert bad == []


def _names_in_code() -> tuple[set[str], list[re.Pattern[str]]]:
    """Return each whole string of the code, and a pattern for each one that is put together."""
    whole: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for path in COMPONENT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                patterns.extend(_pattern(node))
    return whole, patterns


def _pattern(node: ast.JoinedStr) -> Iterator[re.Pattern[str]]:
    """Yield the pattern of an f-string that looks like a key: `unknown_{kind}`."""
    parts = [
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+"
        for part in node.values
    ]
    literal = "".join(part for part in parts if part != r"\w+")
    if re.fullmatch(r"[a-z]\w{2,}", literal):
        yield re.compile("".join(parts))


def _asked_by_code() -> Iterator[str]:
    """Yield the keys for which the code must ask by name."""
    for path in _language("en"):
        match path:
            case ("config" | "config_subentries", *_):
                yield from (key for key in path[1:] if key not in CORES_OWN)
            case ("issues", key, *_) if key.startswith(FINDING):
                yield key.removeprefix(FINDING)
            case ("entity", _, key, *_) | ("exceptions" | "issues", key, *_) | ("device", key, *_):
                yield key
            case ("triggers" | "services", key, *_):
                yield key


def test_no_text_is_unused() -> None:
    """A text for which nothing in the code asks is one that nobody keeps right."""
    whole, patterns = _names_in_code()
    forms = {"step", "data", "data_description", "title", "description", "error", "abort"}
    forms |= {"menu_options", "sections", "name", "progress"}
    unused = {
        key
        for key in set(_asked_by_code()) - forms - whole
        if not any(pattern.fullmatch(key) for pattern in patterns)
    }
    assert unused == set()


def _keyword(name: str) -> Iterator[tuple[str, str]]:
    """Yield file and value wherever the code passes or sets this name as a literal."""
    for path in COMPONENT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            value = getattr(node, "value", None)
            if _is_named(node, name) and isinstance(value, ast.Constant):
                yield path.name, str(value.value)


def _is_named(node: ast.AST, name: str) -> bool:
    """Return whether the node is `name=…`, or sets the entity's attribute of that name."""
    match node:
        case ast.keyword(arg=arg):
            return arg == name
        case ast.Assign(targets=[ast.Name(id=target), *_]):
            return target == f"_attr_{name}"
    return False


def test_no_text_is_missing() -> None:
    """Each translation key that the code names has a text."""
    known = {
        key
        for section in ("exceptions", "issues", "device", "selector")
        for key in ENGLISH.get(section, {})
    }
    known |= {key for platform in ENGLISH["entity"].values() for key in platform}
    missing = [(file, key) for file, key in _keyword("translation_key") if key not in known]
    assert missing == []


def test_every_reason_of_a_flow_has_a_text() -> None:
    """Each reason with which a form ends is said."""
    reasons = {*ENGLISH["config"]["abort"], *ENGLISH["options"]["abort"]}
    for subentry in ENGLISH["config_subentries"].values():
        reasons |= set(subentry.get("abort", {}))
    for issue in ENGLISH["issues"].values():
        reasons |= set(issue.get("fix_flow", {}).get("abort", {}))
    assert [
        (file, key) for file, key in _keyword("reason") if " " not in key and key not in reasons
    ] == []


def _selector_keys(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        if "translation_key" in tree:
            yield tree["translation_key"]
        for value in tree.values():
            yield from _selector_keys(value)


def test_actions_and_triggers_are_named() -> None:
    """The editor shows each action, field, choice and trigger by a name, and no others."""
    services = yaml.safe_load((COMPONENT / "services.yaml").read_text(encoding="utf-8"))
    triggers = yaml.safe_load((COMPONENT / "triggers.yaml").read_text(encoding="utf-8"))
    named = {name: set(text.get("fields", {})) for name, text in ENGLISH["services"].items()}
    assert named == {name: set((body or {}).get("fields", {})) for name, body in services.items()}
    assert set(ENGLISH["triggers"]) == {name for name in triggers if not name.startswith(".")}
    assert set(_selector_keys(services)) <= set(ENGLISH["selector"])


@pytest.mark.parametrize("code", ["en", *OTHERS])
@pytest.mark.parametrize("problem", list(CardProblem))
def test_each_reason_against_a_card_is_told(code: str, problem: CardProblem) -> None:
    """Why a file is refused is said by the form, the action and the page in the reader's language."""
    texts = _language(code)
    sentence = texts["exceptions", f"card_{problem}", "message"]
    if code == "en":
        assert sentence.startswith(str(CardError(problem, "{detail}")))
    in_form = ("config_subentries", "character", "error", f"card_{problem}")
    if in_form in texts:
        assert texts[in_form] == sentence
    else:
        assert problem.value.startswith("book_") or problem in _NOT_IN_THE_FORM


_NOT_IN_THE_FORM = {CardProblem.NO_BOOK, CardProblem.GONE, CardProblem.UNWRITABLE}
