"""Reading and writing cards by what a file is, not by what it is called."""

from .card import Card, Spec, card_from_json
from .charx import read_charx, write_charx
from .errors import CardError
from .png import SIGNATURE, read_png, write_png

MAX_FILE = 128 * 1024 * 1024
_ZIP = b"PK\x03\x04"
_JPEG = b"\xff\xd8\xff"


def read_card(data: bytes) -> Card:
    """Return the card in a file: JSON, PNG, APNG, CHARX, or a JPEG with a CHARX behind it."""
    if len(data) > MAX_FILE:
        raise CardError("The file is larger than 128 MB.")
    if not data:
        raise CardError("The file is empty.")
    if data.startswith(SIGNATURE):
        return read_png(data)
    if data.startswith(_ZIP):
        return read_charx(data)
    if data.startswith(_JPEG):
        if _ZIP not in data:
            raise CardError("The picture has no character in it.")
        return read_charx(data)
    return _read_text(data)


def _read_text(data: bytes) -> Card:
    """Return the card in a JSON file."""
    text = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text.startswith((b"{", b"[")):
        raise CardError("The file is neither a picture nor an archive nor JSON.")
    try:
        return card_from_json(text.decode())
    except UnicodeDecodeError as error:
        raise CardError("The card's text is not UTF-8.") from error


def write_card(card: Card, suffix: str, spec: Spec | None = None) -> bytes:
    """Return the file for a card: `.json`, `.png` or `.charx`, in a version if one is wished."""
    wanted = card if spec is None else card.as_spec(spec)
    match suffix.lower():
        case ".json":
            return f"{wanted.to_json()}\n".encode()
        case ".png" | ".apng":
            return write_png(wanted)
        case ".charx":
            return write_charx(wanted)
    raise CardError(f"Cards can't be written as {suffix or 'a file without an ending'}.")


def suffix_of(data: bytes) -> str:
    """Return the ending that a card's file should have, whatever it is called."""
    if data.startswith(SIGNATURE):
        return ".png"
    if data.startswith(_ZIP):
        return ".charx"
    return ".jpg" if data.startswith(_JPEG) else ".json"
