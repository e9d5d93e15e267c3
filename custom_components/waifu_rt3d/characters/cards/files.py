"""Reading and writing cards by what a file is, not by what it is called."""

from . import byaf
from .archive import unpacked
from .card import Card, Spec, card_from_json
from .charx import CARD, card_in, read_charx, write_charx, write_jpeg
from .errors import CardError, CardProblem
from .png import SIGNATURE, read_png, write_png
from .yaml_text import read_yaml, write_yaml

MAX_FILE = 128 * 1024 * 1024
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_JPEG = b"\xff\xd8\xff"
_BOM = b"\xef\xbb\xbf"


def read_card(data: bytes) -> Card:
    """Return the card in a file: JSON, YAML, PNG, APNG, CHARX, BYAF, or a JPEG with a CHARX behind it."""
    if len(data) > MAX_FILE:
        raise CardError(CardProblem.TOO_LARGE)
    if not data.strip():
        raise CardError(CardProblem.EMPTY)
    if data.startswith(SIGNATURE):
        return read_png(data)
    if data.startswith((_ZIP, _EMPTY_ZIP)):
        files = unpacked(data)
        from_backyard = byaf.MANIFEST in files and CARD not in files
        return byaf.read_byaf(files) if from_backyard else card_in(files)
    if data.startswith(_JPEG):
        if _ZIP not in data:
            raise CardError(CardProblem.PICTURE_WITHOUT)
        return read_charx(data)
    return _read_text(data)


def _read_text(data: bytes) -> Card:
    """Return the card in a JSON or YAML file."""
    try:
        text = data.removeprefix(_BOM).decode(_encoding(data)).lstrip("\ufeff \t\r\n")
    except UnicodeDecodeError as error:
        raise CardError(CardProblem.NOT_UTF8) from error
    if text.startswith(("{", "[")):
        return card_from_json(text)
    if "\0" in text or ":" not in text:
        raise CardError(CardProblem.UNKNOWN_KIND)
    return read_yaml(text)


def _encoding(data: bytes) -> str:
    """Return how a text is written; Windows' editors write UTF-16 with a mark."""
    return "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"


def write_card(card: Card, suffix: str, spec: Spec | None = None) -> bytes:
    """Return the file for a card, by the ending of its name, in a version if one is wished.

    `.json`, `.png`, `.apng`, `.charx`, `.jpg`, `.jpeg`, `.yaml`, `.yml` or `.byaf`.
    """
    wanted = card if spec is None else card.as_spec(spec)
    match suffix.lower():
        case ".json":
            return f"{wanted.to_json()}\n".encode()
        case ".png" | ".apng":
            return write_png(wanted)
        case ".charx":
            return write_charx(wanted)
        case ".jpg" | ".jpeg":
            return write_jpeg(wanted)
        case ".yaml" | ".yml":
            return write_yaml(wanted)
        case ".byaf":
            return byaf.write_byaf(wanted)
    raise CardError(CardProblem.UNWRITABLE, suffix or "?")


def losses(card: Card, suffix: str) -> tuple[str, ...]:
    """Return what a kind of file has no place for."""
    lost: list[str] = []
    if suffix.lower() in {".json", ".yaml", ".yml"}:
        lost += ["the picture"] if card.image is not None else []
        lost += [f"{len(card.assets)} files"] if card.assets else []
    return tuple(lost)


def suffix_of(data: bytes) -> str:
    """Return the ending that a card's file should have, whatever it is called."""
    if data.startswith(SIGNATURE):
        return ".png"
    if data.startswith(_ZIP):
        return ".byaf" if byaf.MANIFEST.encode() in data and b"card.json" not in data else ".charx"
    if data.startswith(_JPEG):
        return ".jpg"
    return ".json" if data.removeprefix(_BOM).lstrip()[:1] in {b"{", b"["} else ".yaml"
