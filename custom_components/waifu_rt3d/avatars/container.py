"""Take a GLB or glTF file apart, with a bound on everything (glTF 2.0 §4.4 "GLB File Format")."""

from dataclasses import dataclass
import json
from pathlib import Path
import re
import struct
from typing import Any, NoReturn

from .errors import BadAvatar, Problem

MAX_BYTES = 40 * 1024 * 1024
MAX_JSON_BYTES = 8 * 1024 * 1024
"""Without embedded data; the largest avatars of VRoid Studio have about 3 MB."""
MAX_JSON_VALUES = 500_000
"""Bounds what a small text can become in memory: `[[],[],…]` grows twentyfold."""

_MAGIC = b"glTF"
_JSON_CHUNK = 0x4E4F534A
_BIN_CHUNK = 0x004E4942
_HEADER = struct.Struct("<4sII")
_CHUNK = struct.Struct("<II")
# Embedded data is cut out before the text is parsed: only its length and beginning are looked at.
_DATA_URI = re.compile(rb'"data:([\w.+/-]{0,64})(?:;[\w=-]{0,32})?;base64,([A-Za-z0-9+/_=-]*)"')
_KEPT_OF_DATA = 8192
"""Letters of embedded data that are kept: a picture's size stands at its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A file taken apart."""

    json: dict[str, Any]
    binary: memoryview | None
    """The BIN chunk of a GLB; nothing in a glTF."""
    is_glb: bool


def open_file(path: Path) -> Container:
    """Read a file and take it apart; never more than `MAX_BYTES` are read."""
    if path.stat().st_size > MAX_BYTES:
        raise BadAvatar(Problem.TOO_BIG)
    with path.open("rb") as file:
        return open_bytes(file.read(MAX_BYTES + 1))


def open_bytes(data: bytes) -> Container:
    """Take the bytes of a file apart."""
    if len(data) > MAX_BYTES:
        raise BadAvatar(Problem.TOO_BIG)
    if data[:4] == _MAGIC:
        text, binary = _open_glb(memoryview(data))
        return Container(json=_parse(bytes(text)), binary=binary, is_glb=True)
    if not data.lstrip()[:1] == b"{":
        raise BadAvatar(Problem.NOT_GLTF)
    return Container(json=_parse(data), binary=None, is_glb=False)


def _open_glb(data: memoryview) -> tuple[memoryview, memoryview | None]:
    """Return the JSON and the binary chunk of a GLB whose lengths are all true."""
    if len(data) < _HEADER.size:
        raise BadAvatar(Problem.BROKEN, "the file ends in its first bytes")
    _, version, length = _HEADER.unpack_from(data)
    if version != 2:
        raise BadAvatar(Problem.NOT_GLTF, f"version {version} of the container")
    if length != len(data):
        raise BadAvatar(Problem.BROKEN, f"it says {length} bytes and has {len(data)}")
    chunks = list(_chunks(data))
    if not chunks or chunks[0][0] != _JSON_CHUNK:
        raise BadAvatar(Problem.BROKEN, "it does not begin with its description")
    binary = chunks[1][1] if len(chunks) > 1 and chunks[1][0] == _BIN_CHUNK else None
    return chunks[0][1], binary


def _chunks(data: memoryview) -> list[tuple[int, memoryview]]:
    """Return type and content of every chunk."""
    found, at = [], _HEADER.size
    while at < len(data):
        if at + _CHUNK.size > len(data):
            raise BadAvatar(Problem.BROKEN, "a part is cut off")
        length, kind = _CHUNK.unpack_from(data, at)
        at += _CHUNK.size
        if at + length > len(data):
            raise BadAvatar(Problem.BROKEN, "a part is longer than the file")
        found.append((kind, data[at : at + length]))
        at += length
    return found


def _parse(text: bytes) -> dict[str, Any]:
    """Read the description of a file."""
    text = _DATA_URI.sub(_shortened, text)
    if len(text) > MAX_JSON_BYTES:
        raise BadAvatar(Problem.TOO_BIG, "its description is too long")
    if sum(text.count(sign) for sign in (b",", b"[", b"{")) > MAX_JSON_VALUES:
        raise BadAvatar(Problem.TOO_BIG, "its description has too many values")
    try:
        document = json.loads(text.decode(), parse_constant=_no_number)
    except UnicodeDecodeError as err:
        raise BadAvatar(Problem.NOT_GLTF, "its description is no text") from err
    except (ValueError, RecursionError) as err:
        raise BadAvatar(Problem.BROKEN, "its description is no JSON") from err
    if not isinstance(document, dict):
        raise BadAvatar(Problem.NOT_GLTF)
    return document


def _shortened(match: re.Match[bytes]) -> bytes:
    """Return embedded data as `data:MIME;bytes=N;base64,BEGINNING`."""
    mime, data = match.groups()
    count = len(data.rstrip(b"=")) * 3 // 4
    return b'"data:%s;bytes=%d;base64,%s"' % (mime, count, data[:_KEPT_OF_DATA])


def _no_number(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which JSON does not have."""
    raise ValueError(name)
