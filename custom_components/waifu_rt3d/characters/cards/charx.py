"""Cards in archives: CHARX, a ZIP file with `card.json` and the files of its assets (Character Card V3).

Some programs put it behind a JPEG picture, which then shows the character everywhere.
"""

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from .archive import packed, unpacked
from .card import MAX_JSON, Card, Spec, card_from_json
from .errors import CardError, CardProblem

CARD: Final = "card.json"
ICON: Final = "assets/icon/images/main.png"
"""Where the picture of a card goes that came as a picture."""
ADDED: Final = "assets/icon/images/picture.png"
"""The same for a card that names no assets."""
_ICON_URI = f"embeded://{ICON}"
_ADDED_ASSET = {"type": "icon", "uri": f"embeded://{ADDED}", "name": "main", "ext": "png"}
_DEFAULT_URI = "ccdefault:"
_ZIP = b"PK\x03\x04"


def read_charx(data: bytes) -> Card:
    """Return the card in an archive; a picture may stand in front of it."""
    return card_in(unpacked(data), front=data[: data.find(_ZIP)])


def card_in(files: Mapping[str, bytes], *, front: bytes = b"") -> Card:
    """Return the card among unpacked files; some programs put all of them into one folder."""
    path = next((p for p in files if p.lower() == CARD), None)
    path = path or next((p for p in files if p.lower().endswith(f"/{CARD}")), None)
    if path is None:
        raise CardError(CardProblem.ARCHIVE_NO_CARD_JSON)
    if len(files[path]) > MAX_JSON:
        raise CardError(CardProblem.TEXT_TOO_LONG)
    card = card_from_json(files[path].removeprefix(b"\xef\xbb\xbf"))
    assets = {name: data for name, data in files.items() if name != path}
    image = assets.pop(ICON, None) or assets.pop(ADDED, None)
    if image is not None:
        # we put it there: in the card it is the picture again
        raw = _with_icon(card.raw, _ICON_URI, _DEFAULT_URI)
        card = replace(card, raw=_without_added(raw))
    return Card(spec=card.spec, raw=card.raw, image=image or front or None, assets=assets)


def write_charx(card: Card, *, front: bytes = b"") -> bytes:
    """Return an archive with the card, in version 3 as the format wants."""
    written, files = card.as_spec(Spec.V3), dict(sorted(card.assets.items()))
    if card.image is not None and card.image.startswith(b"\x89PNG") and ICON not in files:
        has_assets = isinstance(written.data.get("assets"), list)
        raw = _with_icon(written.raw, _DEFAULT_URI, _ICON_URI)
        written = replace(written, raw=raw if has_assets else _with_added(raw))
        files[ICON if has_assets else ADDED] = card.image
    return packed({CARD: written.to_json().encode(), **files}, front=front)


def write_jpeg(card: Card) -> bytes:
    """Return a JPEG picture with the archive behind it."""
    front = card.image if card.image is not None and card.image.startswith(b"\xff\xd8") else None
    return write_charx(card, front=front or base64.b64decode(_BLANK_JPEG))


def _with_icon(raw: Mapping[str, Any], before: str, after: str) -> dict[str, Any]:
    """Return a document whose main icon is found elsewhere; others are left alone."""
    data = raw.get("data")
    assets = data.get("assets") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(assets, list):
        return dict(raw)
    changed = [
        {**a, "uri": after}
        if isinstance(a, dict) and a.get("uri") == before and a.get("type") == "icon"
        else a
        for a in assets
    ]
    return {**raw, "data": {**data, "assets": changed}}


def _with_added(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document that names the picture as its icon, for programs that need to be told."""
    return {**raw, "data": {**raw["data"], "assets": [_ADDED_ASSET]}}


def _without_added(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document as it was before we named its picture."""
    data = raw.get("data")
    if not isinstance(data, dict) or data.get("assets") != [_ADDED_ASSET]:
        return dict(raw)
    return {**raw, "data": {key: value for key, value in data.items() if key != "assets"}}


_BLANK_JPEG = (
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQ"
    "c1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSk"
    "pKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAADAAIDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAA"
    "AAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAQP/xAAUEQEAAAAAAAAAAAAAAAAA"
    "AAAA/9oADAMBAAIRAxEAPwCcBcv/2Q=="
)
"""Two by three dots, for a card without a picture."""
