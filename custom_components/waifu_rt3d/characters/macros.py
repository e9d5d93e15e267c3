"""The curly braced syntax of cards: `{{char}}`, `{{user}}`, `{{random:a,b}}`, `{{roll:d6}}` and their like."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from random import Random
import re

_INNERMOST = re.compile(r"\{\{([^{}]*)\}\}")
_OLD = re.compile(r"<(user|char|bot)>", re.IGNORECASE)
_ROLL = re.compile(r"\s*(\d*)\s*d?\s*(\d+)\s*", re.IGNORECASE)
_MAX_PASSES = 20
_MAX_LENGTH = 200_000
_MAX_DICE, _MAX_SIDES = 100, 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What macros are replaced by."""

    char: str
    user: str
    now: datetime | None
    """Nothing where the text must stay the same: the time is told elsewhere."""
    random: Random
    original: str = ""
    """The owner's own prompt, where a card's prompt stands in its place."""


def expand(text: str, names: Names) -> str:
    """Return a text with its macros replaced; unknown ones stay as they are.

    Inner macros come first. A name with braces in it is not read as a macro.
    """
    text = text.replace("\0", "")
    text = _OLD.sub(lambda m: names.user if m[1].lower() == "user" else names.char, text)
    kept: list[str] = []
    for _ in range(_MAX_PASSES):
        expanded = _INNERMOST.sub(lambda m: _one(m, names, kept), text)
        if expanded == text or len(expanded) > _MAX_LENGTH:
            break
        text = expanded
    for index in range(len(kept) - 1, -1, -1):
        text = text.replace(f"\0{index}\0", kept[index])
    return re.sub(r"\s*\{\{trim\}\}\s*", "", text)


def _one(match: re.Match[str], names: Names, kept: list[str]) -> str:
    """Return what a macro stands for; what has braces of its own is put aside and not read again."""
    name, _, argument = match[1].partition(":")
    key = name.strip().lower()
    if key.startswith("//") or key in {"comment", "hidden_key", "noop"}:
        return ""
    if key in _PLAIN:
        result = _PLAIN[key](names)
    elif key in _WITH_ARGUMENT and argument:
        result = _WITH_ARGUMENT[key](argument, names)
    else:
        result = match[0]
    if "{" not in result and "}" not in result:
        return result
    kept.append(result)
    return f"\0{len(kept) - 1}\0"


def _choices(argument: str) -> list[str]:
    """Return the parts of a list, divided by `::` or by commas that no backslash guards."""
    argument = argument.removeprefix(":")
    parts = argument.split("::") if "::" in argument else re.split(r"(?<!\\),", argument)
    return [part.replace("\\,", ",").strip() for part in parts]


def _random(argument: str, names: Names) -> str:
    """Return one part by chance."""
    return names.random.choice(_choices(argument))


def _pick(argument: str, names: Names) -> str:
    """Return one part, always the same for the same character."""
    parts = _choices(argument)
    digest = sha256(f"{names.char}\0{argument}".encode()).digest()
    return parts[int.from_bytes(digest[:4]) % len(parts)]


def _roll(argument: str, names: Names) -> str:
    """Return the sum of dice: `6`, `d6` or `2d6`."""
    match = _ROLL.fullmatch(argument.removeprefix(":"))
    if not match:
        return ""
    count = int(match[1]) if match[1] and "d" in argument.lower() else 1
    sides = int(match[2] if "d" in argument.lower() else f"{match[1]}{match[2]}")
    if not (0 < count <= _MAX_DICE and 0 < sides <= _MAX_SIDES):
        return ""
    return str(sum(names.random.randint(1, sides) for _ in range(count)))


def _moment(names: Names, form: str) -> str:
    """Return the time, “now” where the text must stay the same."""
    return names.now.strftime(form) if names.now else "now"


_PLAIN: dict[str, Callable[[Names], str]] = {
    "char": lambda names: names.char,
    "bot": lambda names: names.char,
    "user": lambda names: names.user,
    "original": lambda names: names.original,
    "newline": lambda names: "\n",
    "time": lambda names: _moment(names, "%H:%M"),
    "date": lambda names: _moment(names, "%Y-%m-%d"),
    "isodate": lambda names: _moment(names, "%Y-%m-%d"),
    "isotime": lambda names: _moment(names, "%H:%M"),
    "weekday": lambda names: _moment(names, "%A"),
}
_WITH_ARGUMENT: dict[str, Callable[[str, Names], str]] = {
    "random": _random,
    "pick": _pick,
    "roll": _roll,
    "reverse": lambda argument, names: argument.removeprefix(":")[::-1],
}
