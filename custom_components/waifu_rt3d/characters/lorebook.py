"""Lorebooks: texts that come to mind when their words are said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from random import Random
import re
from typing import Any

from .tokens import estimated_tokens

DEFAULT_SCAN_DEPTH = 4
DEFAULT_BUDGET_TOKENS = 600
_MAX_RECURSION = 5
_MAX_SCANNED = 20_000
_MAX_PATTERN = 200
_AT_DEPTH = 4
"""SillyTavern's number for "so many messages before the end"."""
_RISKY = re.compile(r"\([^()]*[+*][^()]*\)[+*{]|\\[1-9]|\(\?[^:imsx]")
"""Patterns that could take for ever, or do more than match."""
_SLASHED = re.compile(r"/(.+)/([a-z]*)", re.DOTALL)
_DECORATOR = re.compile(r"@@(@?)(\w+)[ \t]*(.*)")


class Logic(IntEnum):
    """How secondary keys count, as SillyTavern numbers them."""

    AND_ANY = 0
    NOT_ALL = 1
    NOT_ANY = 2
    AND_ALL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A text with the words that call it."""

    keys: tuple[str, ...]
    content: str
    name: str = ""
    secondary: tuple[str, ...] = ()
    logic: Logic = Logic.AND_ANY
    enabled: bool = True
    constant: bool = False
    regex: bool = False
    case_sensitive: bool = False
    whole_words: bool = False
    order: int = 100
    priority: int = 0
    probability: float = 100.0
    scan_depth: int | None = None
    depth: int | None = None
    """How many messages before the end it is placed; `None`: with the character."""
    before: bool = True
    recursed: bool = True
    """Other entries may call it."""
    recurses: bool = True
    """It may call other entries."""
    decorators: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lorebook:
    """Entries and how they are looked for."""

    entries: tuple[Entry, ...] = ()
    scan_depth: int = DEFAULT_SCAN_DEPTH
    budget_tokens: int = DEFAULT_BUDGET_TOKENS
    recursive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What is looked through: the messages, the newest last, and how often the character has spoken."""

    messages: Sequence[str]
    replies: int = 0
    random: Random = field(default_factory=lambda: Random(0))


def activated(book: Lorebook, scan: Scan) -> tuple[Entry, ...]:
    """Return the entries that come to mind, in their order, as many as the budget allows."""
    found: list[Entry] = []
    left = [entry for entry in book.entries if entry.enabled and _may_come(entry, scan)]
    echo: list[str] = []
    for step in range(_MAX_RECURSION):
        new = [entry for entry in left if _called(entry, book, scan, echo, first=step == 0)]
        # An entry that loses its toss does not toss again in the next round.
        left = [entry for entry in left if entry not in new]
        new = [entry for entry in new if scan.random.uniform(0, 100) < entry.probability]
        found += new
        echo = [entry.content for entry in new if entry.recurses]
        if not (book.recursive and echo):
            break
    return _within(found, book.budget_tokens)


def _within(found: Sequence[Entry], budget_tokens: int) -> tuple[Entry, ...]:
    """Return the entries that fit, the constant and the important first, in the order of insertion."""
    chosen: list[Entry] = []
    for entry in sorted(found, key=lambda e: (not e.constant, -e.priority, e.order)):
        cost = estimated_tokens(entry.content)
        if cost <= budget_tokens:
            budget_tokens -= cost
            chosen.append(entry)
    return tuple(sorted(chosen, key=lambda entry: entry.order))


def _may_come(entry: Entry, scan: Scan) -> bool:
    """Return whether an entry's decorators let it come now."""
    for name, value in entry.decorators:
        number = int(value) if value.isdigit() else 0
        if name == "dont_activate":
            return False
        if name == "activate_only_after" and scan.replies < number:
            return False
        if name == "activate_only_every" and number and scan.replies % number:
            return False
    return True


def _called(entry: Entry, book: Lorebook, scan: Scan, echo: Sequence[str], *, first: bool) -> bool:
    """Return whether an entry's words were said, or whether it always comes."""
    if first and (entry.constant or ("activate", "") in entry.decorators):
        return True
    if not first and not entry.recursed:
        return False
    depth = entry.scan_depth if entry.scan_depth is not None else book.scan_depth
    said = scan.messages[-depth:] if depth > 0 else ()
    text = "\n".join(said if first else echo)[-_MAX_SCANNED:]
    extra = [
        key
        for name, value in entry.decorators
        if name == "additional_keys"
        for key in value.split(",")
    ]
    barred = [
        key
        for name, value in entry.decorators
        if name == "exclude_keys"
        for key in value.split(",")
    ]
    if any(_said(key.strip(), text, entry) for key in barred):
        return False
    keys = (*entry.keys, *(key.strip() for key in extra))
    return any(_said(key, text, entry) for key in keys) and _secondary_agrees(entry, text)


def _secondary_agrees(entry: Entry, text: str) -> bool:
    """Return whether the secondary keys agree."""
    if not entry.secondary:
        return True
    said = [_said(key, text, entry) for key in entry.secondary]
    match entry.logic:
        case Logic.AND_ANY:
            return any(said)
        case Logic.AND_ALL:
            return all(said)
        case Logic.NOT_ANY:
            return not any(said)
        case Logic.NOT_ALL:
            return not all(said)


def _said(key: str, text: str, entry: Entry) -> bool:
    """Return whether a key is in a text."""
    if not key:
        return False
    slashed = _SLASHED.fullmatch(key)
    if slashed:
        return _matches(slashed[1], slashed[2], text, entry)
    # SillyTavern marks every entry as one of patterns: a plain word with marks in it is a word too
    if entry.regex and _matches(key, "", text, entry):
        return True
    if not entry.case_sensitive:
        key, text = key.casefold(), text.casefold()
    if not entry.whole_words:
        return key in text
    return re.search(rf"(?<!\w){re.escape(key)}(?!\w)", text) is not None


def _matches(pattern: str, flags: str, text: str, entry: Entry) -> bool:
    """Return whether a pattern of a card matches; a broken or risky one never does."""
    if len(pattern) > _MAX_PATTERN or _RISKY.search(pattern):
        return False
    ignore = "i" in flags or not (flags or entry.case_sensitive)
    try:
        return re.search(pattern, text, re.IGNORECASE if ignore else 0) is not None
    except re.error:
        return False


def book_from(raw: Mapping[str, Any]) -> Lorebook:
    """Return a lorebook as cards write it, or SillyTavern's world info."""
    entries = raw.get("entries")
    items = list(entries.values()) if isinstance(entries, dict) else entries
    found = (
        [_entry(item) for item in items if isinstance(item, dict)]
        if isinstance(items, list)
        else []
    )
    return Lorebook(
        entries=tuple(found),
        scan_depth=_number(raw.get("scan_depth"), DEFAULT_SCAN_DEPTH),
        budget_tokens=_number(raw.get("token_budget"), DEFAULT_BUDGET_TOKENS),
        recursive=raw.get("recursive_scanning") is True,
    )


def _entry(item: Mapping[str, Any]) -> Entry:
    """Return an entry; the names of both formats are looked for."""
    more = item.get("extensions")
    all_of = {**(more if isinstance(more, dict) else {}), **item}
    decorators, content = _decorated(str(item.get("content") or ""))
    said = dict(decorators)
    used = all_of.get("useProbability", True) is not False
    place = _place(item, more)
    at_depth = place == _AT_DEPTH
    depth = _optional(said.get("depth")) if "depth" in said else None
    if at_depth and depth is None:
        depth = _number(all_of.get("depth"), DEFAULT_SCAN_DEPTH)
    logic = _number(all_of.get("selectiveLogic"), 0)
    return Entry(
        keys=_texts(item.get("keys", item.get("key"))),
        content=content,
        name=str(item.get("name") or item.get("comment") or ""),
        secondary=_texts(item.get("secondary_keys", item.get("keysecondary")))
        if item.get("selective")
        else (),
        logic=Logic(logic) if logic in {0, 1, 2, 3} else Logic.AND_ANY,
        enabled=item.get("enabled", not item.get("disable")) is not False,
        constant=item.get("constant") is True or ("constant", "") in decorators,
        regex=item.get("use_regex") is True,
        case_sensitive=_first(all_of, "case_sensitive", "caseSensitive") is True,
        whole_words=_first(all_of, "match_whole_words", "matchWholeWords") is True,
        order=_number(_first(all_of, "insertion_order", "order"), 100),
        priority=_number(all_of.get("priority"), 0),
        probability=float(_number(all_of.get("probability"), 100)) if used else 100.0,
        scan_depth=_optional(said.get("scan_depth", _first(all_of, "scan_depth", "scanDepth"))),
        depth=depth,
        before=said.get("position", place) not in {"after_char", "after_desc", 1},
        recursed=_first(all_of, "exclude_recursion", "excludeRecursion") is not True,
        recurses=_first(all_of, "prevent_recursion", "preventRecursion") is not True,
        decorators=decorators,
    )


def _place(item: Mapping[str, Any], more: object) -> object:
    """Return where an entry stands; SillyTavern's own number says more than the card's word for it."""
    own = more.get("position") if isinstance(more, dict) else None
    return own if isinstance(own, int) else item.get("position")


def _decorated(content: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """Return the decorators above a text (Character Card V3, `@@name value`), and the text."""
    decorators: list[tuple[str, str]] = []
    lines = content.split("\n")
    while lines and (match := _DECORATOR.fullmatch(lines[0].strip())):
        # `@@@` names what to do when the decorator above is not known: ours are.
        if not match[1]:
            decorators.append((match[2], match[3].strip()))
        lines.pop(0)
    return tuple(decorators), "\n".join(lines).strip() if decorators else content


def _texts(value: object) -> tuple[str, ...]:
    """Return a list of texts, also one that is written with commas."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def _number(value: object, default: int) -> int:
    """Return a whole number."""
    found = _optional(value)
    return default if found is None else found


def _optional(value: object) -> int | None:
    """Return a whole number, if it is one."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return int(value) if abs(value) < 1e9 else None
    return int(value) if isinstance(value, str) and value.strip().lstrip("-").isdigit() else None


def _first(item: Mapping[str, Any], *names: str) -> object:
    """Return the first member that is there."""
    return next((item[name] for name in names if item.get(name) is not None), None)
