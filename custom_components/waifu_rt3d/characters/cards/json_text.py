"""JSON from strangers: half characters, as JavaScript leaves them where it cuts an emoji, are replaced."""

import json
from typing import Any

from ...stage.surrogates import whole


def read_json(text: str | bytes) -> Any:
    """Return the value of a document; raise `ValueError` or `RecursionError` when it is none."""
    value = json.loads(text)
    escaped = rb"\ud" in text.lower() if isinstance(text, bytes) else r"\ud" in text.lower()
    return _mended(value) if escaped else value


def _mended(value: Any) -> Any:
    """Return a value whose texts can be stored and shown."""
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, dict):
        return {whole(key): _mended(inner) for key, inner in value.items()}
    return [_mended(inner) for inner in value] if isinstance(value, list) else value
