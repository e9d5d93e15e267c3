"""Put structured values into columns and take them out again."""

import json
from typing import Any
import zlib


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
