"""Characters in YAML, as text-generation-webui keeps them."""

from datetime import date
from typing import Any

import yaml  # type: ignore[import-untyped]  # core ships it without its types

from .card import MAX_JSON, Card, card_from
from .errors import CardError, CardProblem
from .foreign import FLAT, flat_document, original_of

_WHOLE = "waifu_rt3d_card"


def read_yaml(text: str) -> Card:
    """Return the card in a YAML document; one that refers to itself may grow without end."""
    if len(text) > MAX_JSON:
        raise CardError(CardProblem.TEXT_TOO_LONG)
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text)):
            raise CardError(CardProblem.REFERS_TO_ITSELF)
        raw = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        raise CardError(CardProblem.UNKNOWN_KIND) from error
    except RecursionError as error:
        raise CardError(CardProblem.TOO_DEEP) from error
    if not isinstance(raw, dict) or not all(isinstance(key, str) for key in raw):
        raise CardError(CardProblem.UNKNOWN_KIND)
    document = _as_json(raw)
    kept = document.pop(_WHOLE, None)
    if isinstance(kept, dict) and _written(card_from(kept)) == document:
        return card_from(kept)
    return card_from(document)


def write_yaml(card: Card) -> bytes:
    """Return a card with what text-generation-webui knows; what came as YAML is as it was."""
    document = _written(card)
    if original_of(card.raw, FLAT) is None:
        # a key that text-generation-webui passes over: so nothing is lost on the way back
        document[_WHOLE] = dict(card.raw)
    text: str = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)
    return text.encode()


def _written(card: Card) -> dict[str, Any]:
    """Return what text-generation-webui is told of a card."""
    return flat_document(card.raw, card.data)


def _as_json(value: Any) -> Any:
    """Return a value with what JSON has; dates and bytes become texts."""
    if isinstance(value, dict):
        return {str(key): _as_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [_as_json(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
