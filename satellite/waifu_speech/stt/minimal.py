"""The grammar for clients that send none."""

from functools import cache
from pathlib import Path
from typing import Final

PATH: Final = Path(__file__).with_name("minimal_grammar.json")


@cache
def minimal_grammar() -> str:
    """Return the few commands that every home understands."""
    return PATH.read_text(encoding="utf-8")
