"""Cards in PNG pictures: text chunks `chara` and `ccv3` (W3C PNG, §11.3.3)."""

import base64
import binascii
from collections.abc import Iterator
import struct
import zlib

from .card import MAX_JSON, Card, Spec, card_from_json
from .errors import CardError, CardProblem

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEYWORDS = (b"ccv3", b"chara")
"""The newer version counts when a picture has both."""
_ASSET = b"chara-ext-asset_:"
"""Before the path of a file that goes along with the card."""
_ADDRESS_LETTERS = bytes.maketrans(b"-_", b"+/")
_MAX_TEXT = MAX_JSON * 4 // 3 + 4096
type Chunk = tuple[bytes, bytes]


def read_png(data: bytes) -> Card:
    """Return the card in a picture."""
    texts: dict[bytes, bytes] = {}
    assets: dict[str, bytes] = {}
    for kind, body in _chunks(data):
        if kind in {b"tEXt", b"zTXt", b"iTXt"}:
            keyword, text = _text(kind, body)
            if keyword.lower() in _KEYWORDS:
                texts.setdefault(keyword.lower(), text)
            elif keyword.startswith(_ASSET):
                path = keyword.removeprefix(_ASSET).decode("utf-8", "replace")
                assets[path] = _from_base64(text)
    for keyword in _KEYWORDS:
        if keyword in texts:
            card = card_from_json(_decoded(texts[keyword]))
            return Card(spec=card.spec, raw=card.raw, image=data, assets=assets)
    raise CardError(CardProblem.PICTURE_WITHOUT)


def write_png(card: Card) -> bytes:
    """Return a picture with the card: V3 as `ccv3` and, for older programs, as `chara` too."""
    texts = [(b"chara", card if card.spec is not Spec.V3 else card.as_spec(Spec.V2))]
    if card.spec is Spec.V3:
        texts.append((b"ccv3", card))
    added = [_text_chunk(keyword, written) for keyword, written in texts]
    added += [_asset_chunk(path, data) for path, data in card.assets.items()]
    image = card.image if card.image and card.image.startswith(SIGNATURE) else _blank()
    kept = [chunk for chunk in _chunks(image) if not _is_card(chunk)]
    head, rest = kept[:1], kept[1:]
    return SIGNATURE + b"".join(_packed(*chunk) for chunk in (*head, *added, *rest))


def _chunks(data: bytes) -> Iterator[Chunk]:
    """Yield the chunks of a picture; nothing behind its end is looked at."""
    if not data.startswith(SIGNATURE):
        raise CardError(CardProblem.PICTURE_NOT_PNG)
    at = len(SIGNATURE)
    while True:
        if at + 12 > len(data):
            raise CardError(CardProblem.PICTURE_CUT_OFF)
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 8 + length
        if end + 4 > len(data):
            raise CardError(CardProblem.PICTURE_CUT_OFF)
        body = data[at + 8 : end]
        if struct.unpack_from(">I", data, end)[0] != zlib.crc32(kind + body):
            raise CardError(CardProblem.PICTURE_CHECKSUM)
        yield kind, body
        if kind == b"IEND":
            return
        at = end + 4


def _text(kind: bytes, body: bytes) -> tuple[bytes, bytes]:
    """Return keyword and text of a text chunk."""
    keyword, _, text = body.partition(b"\0")
    if keyword.lower() not in _KEYWORDS and not keyword.startswith(_ASSET):
        return keyword, b""
    if kind == b"zTXt":
        return keyword, _inflated(text[1:])
    if kind == b"iTXt":
        packed, text = text[:1] == b"\1", text[2:]
        text = text.partition(b"\0")[2].partition(b"\0")[2]
        return keyword, _inflated(text) if packed else text
    return keyword, text


def _inflated(data: bytes) -> bytes:
    """Return packed text, bounded."""
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(data, _MAX_TEXT)
    except zlib.error as error:
        raise CardError(CardProblem.PICTURE_TEXT_DAMAGED) from error
    if unpacker.unconsumed_tail:
        raise CardError(CardProblem.TEXT_TOO_LONG)
    return text


def _decoded(text: bytes) -> bytes:
    """Return the JSON in a text chunk; some programs leave out the base64."""
    if len(text) > _MAX_TEXT:
        raise CardError(CardProblem.TEXT_TOO_LONG)
    if text.lstrip().startswith(b"{"):
        return text
    return _from_base64(text)


def _from_base64(text: bytes) -> bytes:
    """Return what a text stands for; line breaks, a missing end and the alphabet of addresses are taken."""
    plain = b"".join(text.split()).rstrip(b"=").translate(_ADDRESS_LETTERS)
    try:
        return base64.b64decode(plain + b"=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise CardError(CardProblem.PICTURE_TEXT_NO_CARD) from error


def _is_card(chunk: Chunk) -> bool:
    """Return whether a chunk holds a card."""
    kind, body = chunk
    keyword = body.partition(b"\0")[0]
    ours = keyword.lower() in _KEYWORDS or keyword.startswith(_ASSET)
    return kind in {b"tEXt", b"zTXt", b"iTXt"} and ours


def _text_chunk(keyword: bytes, card: Card) -> Chunk:
    """Return a card as a chunk."""
    return b"tEXt", keyword + b"\0" + base64.b64encode(card.to_json().encode())


def _asset_chunk(path: str, data: bytes) -> Chunk:
    """Return a file of the card as a chunk."""
    return b"tEXt", _ASSET + path.encode() + b"\0" + base64.b64encode(data)


def _packed(kind: bytes, body: bytes) -> bytes:
    """Return a chunk as bytes."""
    return struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", zlib.crc32(kind + body))


def _blank() -> bytes:
    """Return a small picture for a card that has none."""
    width, height, colour = 2, 3, b"\x6b\x5b\x95"
    rows = b"".join(b"\0" + colour * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return SIGNATURE + b"".join(_packed(*part) for part in parts)
