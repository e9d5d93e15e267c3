"""Make text of a file's bytes and values of that text, and say where either is broken."""

from dataclasses import dataclass
import json
import re
from typing import Any

from ..errors import BadImport
from .guessing import guess

# An escaped pair, an escaped half of one, or any other escape, which is stepped over.
_HALVES = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\.",
    re.DOTALL,
)
_HALF_LENGTH = len(r"\udfff")
# Line ends of all systems. A line separator (U+2028) may stand inside a text.
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Hold a text, and the name of its encoding where that was guessed."""

    text: str
    guessed: str | None = None


def text_from(data: bytes) -> Decoded:
    """Return the text of UTF-8, UTF-16 or UTF-32, with or without a mark at its beginning.

    What is none of them is read as what it most likely is; raises `BadImport` where that is unsure.
    """
    try:
        return Decoded(text=_unicode(data))
    except BadImport as error:
        found = guess(data)
        if found is None:
            raise
        codec, name = found
        try:
            return Decoded(text=_whole_letters(data.decode(codec)), guessed=name)
        except UnicodeDecodeError:
            raise error from None


def _unicode(data: bytes) -> str:
    """Return the text of an encoding that tells itself; say at which byte it is none."""
    encoding = json.detect_encoding(data[:4])
    try:
        return _whole_letters(data.decode(encoding))
    except UnicodeDecodeError as error:
        name = encoding.upper().removesuffix("-SIG")
        raise BadImport(
            f"byte {error.start}: this is not {name} text, and nothing else for sure. "
            "Save it as UTF-8"
        ) from error


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
        return json.loads(_unicode(data))
    except (ValueError, RecursionError) as error:
        raise broken(error) from error
