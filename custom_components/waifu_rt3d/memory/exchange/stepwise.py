"""Read large JSON in small steps.

The standard decoder reads a whole document in one call of C, in which no other thread runs: a
large file would stop all of Home Assistant for as long. Here the outer levels are walked in Python
and only what is inside them, a message or so at a time, is left to that decoder.
"""

import json
import re
from typing import Any

_OUTER_LEVELS = 4
_SPACE = re.compile(r"[ \t\n\r]*")
_decoder = json.JSONDecoder()


def loads(text: str) -> Any:
    """Return the value of a JSON document, as `json.loads` does."""
    value, place = _value(text, _skip(text, 0), _OUTER_LEVELS)
    place = _skip(text, place)
    if place != len(text):
        raise json.JSONDecodeError("Extra data", text, place)
    return value


def _value(text: str, place: int, levels: int) -> tuple[Any, int]:
    """Return the value at a place, and the place after it."""
    sign = text[place : place + 1]
    if levels and sign == "{":
        return _object(text, place + 1, levels - 1)
    if levels and sign == "[":
        return _array(text, place + 1, levels - 1)
    return _decoder.raw_decode(text, place)


def _object(text: str, place: int, levels: int) -> tuple[dict[str, Any], int]:
    """Return an object; `place` is after its bracket."""
    found: dict[str, Any] = {}
    place = _skip(text, place)
    if text[place : place + 1] == "}":
        return found, place + 1
    while True:
        if text[place : place + 1] != '"':
            raise json.JSONDecodeError(
                "Expecting property name enclosed in double quotes", text, place
            )
        name, place = _decoder.raw_decode(text, place)
        place = _skip(text, place)
        if text[place : place + 1] != ":":
            raise json.JSONDecodeError("Expecting ':' delimiter", text, place)
        found[name], place = _value(text, _skip(text, place + 1), levels)
        place, ended = _next(text, place, "}")
        if ended:
            return found, place


def _array(text: str, place: int, levels: int) -> tuple[list[Any], int]:
    """Return an array; `place` is after its bracket."""
    found: list[Any] = []
    place = _skip(text, place)
    if text[place : place + 1] == "]":
        return found, place + 1
    while True:
        value, place = _value(text, place, levels)
        found.append(value)
        place, ended = _next(text, place, "]")
        if ended:
            return found, place


def _next(text: str, place: int, end: str) -> tuple[int, bool]:
    """Return the place of the next element, or the place after the end."""
    place = _skip(text, place)
    sign = text[place : place + 1]
    if sign == end:
        return place + 1, True
    if sign != ",":
        raise json.JSONDecodeError("Expecting ',' delimiter", text, place)
    return _skip(text, place + 1), False


def _skip(text: str, place: int) -> int:
    """Return the place after spaces."""
    found = _SPACE.match(text, place)
    return place if found is None else found.end()
