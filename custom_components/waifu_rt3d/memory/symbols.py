"""Look for emoji and other pictures, which no tokenizer takes for words."""

import re

from .words import code_of

# Arrows to dingbats, the signs among Japanese marks, and all blocks of emoji. A tone of skin, a
# joiner and a variation selector only change what stands before them.
_LOOKS = "[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]"
_SYMBOL = re.compile(
    "[\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001f3fa\U0001f400-\U0001faff]"
)
_SYMBOL_RUN = re.compile(f"(?:{_SYMBOL.pattern}{_LOOKS}*)+")


def symbols(text: str) -> str | None:
    """Return the emoji and other pictures of a text as words for an index, one for each."""
    return " ".join(map(code_of, _SYMBOL.findall(text))) or None


def symbol_runs(text: str) -> list[str]:
    """Return what of a text is written in pictures, without signs that only change their looks."""
    return ["".join(_SYMBOL.findall(run)) for run in _SYMBOL_RUN.findall(text)]


def symbol_query(run: str) -> str:
    """Return the full-text expression that finds some pictures in a row."""
    return f'"{symbols(run)}"'


def symbol_pattern(run: str) -> re.Pattern[str]:
    """Return what finds some pictures in a row in a text, whatever their looks."""
    return re.compile("".join(f"{re.escape(one)}{_LOOKS}*" for one in run))
