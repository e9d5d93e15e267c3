"""Put structured values into columns and take them out again."""

from collections.abc import Iterable
import json
from typing import Any
import zlib

from sqlalchemy import Select, bindparam, func, select


def pack(value: Any) -> str | None:
    """Return compact JSON, or nothing for an empty value."""
    if value is None or value in ({}, []):
        return None
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def unpack(text: str | None, empty: Any) -> Any:
    """Return the value of a JSON column, `empty` where there is none."""
    return empty if text is None else json.loads(text)


def press(value: Any) -> bytes | None:
    """Return compressed JSON: a timeline shrinks to about a tenth."""
    text = pack(value)
    return None if text is None else zlib.compress(text.encode(), 3)


def unpress(data: bytes | None, empty: Any) -> Any:
    """Return the value of a compressed column."""
    return empty if data is None else json.loads(zlib.decompress(data))


def as_json(values: Iterable[int | str]) -> str:
    """Return values as the one parameter that `listed` and `in_json` take apart."""
    return json.dumps(list(values))


def listed(name: str) -> Select[Any]:
    """Return the query for the values of a parameter, for use behind IN.

    The text of a query stays the same however many there are, so it is prepared once.
    """
    return select(func.json_each(bindparam(name)).table_valued("value").c.value)


def in_json(values: Iterable[int | str]) -> Select[Any]:
    """Return the query for some values, for use behind IN."""
    return select(func.json_each(as_json(values)).table_valued("value").c.value)
