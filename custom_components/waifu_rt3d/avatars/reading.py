"""Read a parsed glTF document that may hold anything: each step is checked."""

from collections.abc import Iterator
from typing import Any

from .errors import BadAvatar, Problem

type Entry = dict[str, Any]


def entries(document: Entry, name: str) -> list[Entry]:
    """Return a list of objects; where there is none, an empty one."""
    found = document.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise BadAvatar(Problem.BROKEN, f"{name} is no list of objects")
    return found


def entry(document: Entry, name: str) -> Entry:
    """Return an object; where there is none, an empty one."""
    found = document.get(name, {})
    if not isinstance(found, dict):
        raise BadAvatar(Problem.BROKEN, f"{name} is no object")
    return found


def size(value: object, name: str) -> int:
    """Return a number that counts or measures."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**32:
        raise BadAvatar(Problem.BROKEN, f"{name} is no size")
    return value


def indices(value: object, count: int, name: str) -> list[int]:
    """Return a list of places within a list of `count` entries."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadAvatar(Problem.BROKEN, f"{name} is no list")
    return [index(one, count, name) for one in value]


def index(value: object, count: int, name: str) -> int:
    """Return a place within a list of `count` entries."""
    place = size(value, name)
    if place >= count:
        raise BadAvatar(Problem.BROKEN, f"{name} points at nothing")
    return place


def words(value: object) -> list[str]:
    """Return the texts of a list; what is no list has none."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def texts(value: object) -> Iterator[str]:
    """Yield every text in a document, the names of its fields as well."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str(text):
                yield text
            case list(many):
                waiting.extend(many)
            case dict(fields):
                yield from fields
                waiting.extend(fields.values())
