"""Turn Home Assistant's sentence templates into those of the grammar contract (contracts §3).

Beyond the contract, Home Assistant's have glued endings ("light[s]"), permutations ("(a;b)"),
renamed slots ("{timer_hours:hours}") and signs that nobody speaks ("%").
"""

import re
from typing import Final

_SIGNS: Final = (
    (re.compile(r"\[\(\[ \]%\)\| percent\]"), " [percent]"),
    (re.compile(r"\[\(\[ \]°\)\|\( degree\[s\]\)\]"), " [(degree|degrees)]"),
    (re.compile(r"\( \|-\)"), " "),
    (re.compile(r"\[ \]"), ""),
    (re.compile(r"\[(\w+) \]"), r"[\1] "),
)
_SLOT: Final = re.compile(r"\{(\w+):\w+\}")
_ENDING: Final = re.compile(r"(\w+)\[(s|es)\]")
_LEADING_OPTION: Final = re.compile(r"^\[([^\[\]]*)\]")
# What is left of signs and glue after all replacements can't be told to a recogniser.
_UNSPEAKABLE: Final = re.compile(r"[^\w\s'\[\](){}|<>]|[\w}>)][\[({<]|[\])}>][\w({<]|\d")
_OPTION: Final = re.compile(r"\[[^\[\]]*\]")


def speakable_template(template: str) -> str | None:
    """Return the template in the contract's syntax, None where it can't be spoken."""
    for sign, spoken in _SIGNS:
        template = sign.sub(spoken, template)
    template = _SLOT.sub(r"{\1}", template)
    template = _ENDING.sub(r"(\1|\1\2)", template)
    template = _without_permutations(template)
    template = " ".join(re.sub(r"(?<=[)\]}>])(?=[\[({<])", " ", template).split())
    template = re.sub(r"\s+(?=[\])|])|(?<=[\[(|])\s+", "", template)
    return None if _UNSPEAKABLE.search(template) else template


def with_verb(template: str) -> str | None:
    """Return the template with its leading verb made necessary, None when it needs no word at all.

    "[<turn>] the lamp on" is fine for text that was typed to the house; a recogniser that may hear
    a bare name hears names in every cough.
    """
    leading = _LEADING_OPTION.match(template)
    if leading and leading.group(1) not in {"<the>", "the", "a", "an", "<all>"}:
        template = f"({leading.group(1)}){template[leading.end() :]}"
    required = template
    while _OPTION.search(required):
        required = _OPTION.sub(" ", required)
    words = re.sub(r"\{\w+\}", " ", required)
    return template if re.search(r"[\w']", words) else None


def values_of(template: str) -> list[str]:
    """Return all texts of a list value such as "(cold|cool) white" or "door[s]"."""
    found = re.search(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]", template)
    if found is None:
        return [" ".join(template.split())]
    choices = found.group(1).split("|") if found.group(1) is not None else ["", found.group(2)]
    before, after = template[: found.start()], template[found.end() :]
    return list(
        dict.fromkeys(
            value for choice in choices for value in values_of(f"{before}{choice}{after}")
        )
    )


def _without_permutations(template: str) -> str:
    """Return the template with "(a;b)" written out as "(a b|b a)"."""
    while (at := template.find(";")) >= 0:
        start = _opening(template, at)
        end = _closing(template, at)
        parts = [part.strip() for part in template[start + 1 : end].split(";")]
        if start < 0 or end < 0 or len(parts) != 2 or _unbalanced(parts):
            return template
        first, second = parts
        template = f"{template[:start]}({first} {second}|{second} {first}){template[end + 1 :]}"
    return template


def _opening(template: str, at: int) -> int:
    """Return where the bracket around `at` opens."""
    depth = 0
    for place in range(at - 1, -1, -1):
        depth += (template[place] in ")]") - (template[place] in "([")
        if depth < 0:
            return place
    return -1


def _closing(template: str, at: int) -> int:
    """Return where the bracket around `at` closes."""
    depth = 0
    for place in range(at + 1, len(template)):
        depth += (template[place] in "([") - (template[place] in ")]")
        if depth < 0:
            return place
    return -1


def _unbalanced(parts: list[str]) -> bool:
    """Return whether a split went through an inner bracket."""
    return any(
        part.count("(") != part.count(")") or part.count("[") != part.count("]") for part in parts
    )
