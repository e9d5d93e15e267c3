"""Find out how large the pictures in a file are, without decoding them."""

import base64
import binascii
import struct

from .container import Container
from .errors import BadAvatar, Problem
from .reading import Entry, entries, index
from .soundness import embedded_bytes

MAX_SIDE_PX = 8192
"""A larger picture needs more than 256 MB in a browser before it can be made smaller."""
_PNG = b"\x89PNG\r\n\x1a\n"
# JPEG: start-of-frame markers; DHT, JPG and DAC lie between them (ITU-T T.81, table B.1).
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = {0x01, *range(0xD0, 0xD9)}


def check_pictures(container: Container) -> None:
    """Refuse pictures that lie outside of the file or would fill a tablet's memory."""
    for image in entries(container.json, "images"):
        size = picture_size(_beginning(container, image))
        if size is not None and max(size) > MAX_SIDE_PX:
            raise BadAvatar(Problem.PICTURE_TOO_LARGE, f"{size[0]} × {size[1]}")


def _beginning(container: Container, image: Entry) -> bytes:
    """Return the first bytes of a picture."""
    if (uri := image.get("uri")) is not None:
        embedded_bytes(uri)
        data = uri.partition(";base64,")[2]
        try:
            return base64.b64decode(data[: len(data) // 4 * 4], validate=True)
        except binascii.Error, ValueError:
            raise BadAvatar(Problem.BROKEN, "embedded data is not base64") from None
    views = entries(container.json, "bufferViews")
    view = views[index(image.get("bufferView"), len(views), "a picture")]
    if container.binary is None or view["buffer"] != 0:
        return b""
    begin = view.get("byteOffset", 0)
    return bytes(container.binary[begin : begin + view["byteLength"]])


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels of a PNG, JPEG or WebP; nothing where it can't be told."""
    if data.startswith(_PNG) and len(data) >= 24:
        width, height = struct.unpack_from(">II", data, 16)
        return width, height
    if data.startswith(b"\xff\xd8"):
        return _jpeg_size(data)
    if data[:4] == b"RIFF" and data[8:16] == b"WEBPVP8X" and len(data) >= 30:
        return (
            int.from_bytes(data[24:27], "little") + 1,
            int.from_bytes(data[27:30], "little") + 1,
        )
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Walk the segments of a JPEG to its frame header."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        at += 2 if marker in _ALONE else 2 + int.from_bytes(data[at + 2 : at + 4])
    return None
