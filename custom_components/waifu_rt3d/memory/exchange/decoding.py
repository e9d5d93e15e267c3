"""Make text of a file's bytes and values of that text, and say where either is broken."""

import json
import re
from typing import Any

from ..errors import BadImport

# An escaped pair, an escaped half of one, or any other escape, which is stepped over.
_HALVES = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\.",
    re.DOTALL,
)
_HALF_LENGTH = len(r"\udfff")
# Line ends of all systems. A line separator (U+2028) may stand inside a text.
_LINE_END = re.compile(r"\r\n|\n|\r")


def text_from(data: bytes) -> str:
    """Return the text of UTF-8, UTF-16 or UTF-32, with or without a mark at its beginning."""
    encoding = json.detect_encoding(data[:4])
    try:
        return _whole_letters(data.decode(encoding))
    except UnicodeDecodeError as error:
        name = encoding.upper().removesuffix("-SIG")
        raise BadImport(f"byte {error.start}: this is not {name} text") from error


def _whole_letters(text: str) -> str:
    """Replace halves of letters: a program that cuts text anywhere leaves them, none can store them."""
    if "\\ud" not in text and "\\uD" not in text:
        return text
    return _HALVES.sub(lambda found: r"\ufffd" if len(found[0]) == _HALF_LENGTH else found[0], text)


def broken(error: ValueError | RecursionError) -> BadImport:
    """Return the sentence for what a reader of JSON could not read."""
    if isinstance(error, json.JSONDecodeError):
        return BadImport(f"line {error.lineno}, character {error.colno}: {error.msg}")
    if isinstance(error, RecursionError):
        return BadImport("The file has too many brackets inside each other")
    return BadImport("The file has a number of too many digits")


def lines_of(text: str) -> dict[int, Any]:
    """Return the values of JSON lines by their numbers; say which line is broken."""
    values = {}
    for number, line in enumerate(_LINE_END.split(text), 1):
        if not line.strip():
            continue
        try:
            values[number] = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadImport(f"line {number}, character {error.colno}: {error.msg}") from error
        except (ValueError, RecursionError) as error:
            raise BadImport(f"line {number}: {broken(error)}") from error
    return values


def document_of(data: bytes) -> Any:
    """Return the value of a small JSON file."""
    try:
        return json.loads(text_from(data))
    except (ValueError, RecursionError) as error:
        raise broken(error) from error
