"""Read and write Wyoming frames with bounds (contracts §1: transport).

A frame is one JSON line, then `data_length` bytes of JSON, then `payload_length` bytes. The reader
of the wyoming library believes any length it is told, so a stray client could ask for gigabytes.
"""

import asyncio
import json
from typing import Final

from wyoming.event import Event
from wyoming.version import __version__ as WYOMING_VERSION

MAX_LINE_BYTES: Final = 64 * 1024
MAX_DATA_BYTES: Final = 256 * 1024
MAX_PAYLOAD_BYTES: Final = 256 * 1024

type JsonObject = dict[str, object]


class FrameError(Exception):
    """The other side sent something that is not a Wyoming frame within the bounds."""


async def read_frame(reader: asyncio.StreamReader) -> Event | None:
    """Return the next event, or None when the stream ends between two frames."""
    line = await _read_line(reader)
    if line is None:
        return None
    header = _parse_object(line, "header")
    event_type = header.get("type")
    if not isinstance(event_type, str) or not event_type:
        raise FrameError("The frame has no type")
    data = header.get("data") or {}
    if not isinstance(data, dict):
        raise FrameError("The frame's data is not a JSON object")
    data_length = _length(header, "data_length", MAX_DATA_BYTES)
    payload_length = _length(header, "payload_length", MAX_PAYLOAD_BYTES)
    if data_length:
        block = await _read_exactly(reader, data_length)
        data = {**data, **_parse_object(block, "data")}
    payload = await _read_exactly(reader, payload_length) if payload_length else None
    return Event(type=event_type, data=data, payload=payload)


def encode_frame(event: Event) -> bytes:
    """Return the event as the bytes of one frame."""
    # Half of a surrogate pair, which JSON can hold, is no text: "?" takes its place.
    data = (
        json.dumps(event.data, ensure_ascii=False).encode(errors="replace") if event.data else b""
    )
    payload = event.payload or b""
    header: JsonObject = {"type": event.type, "version": WYOMING_VERSION}
    if data:
        header["data_length"] = len(data)
    if payload:
        header["payload_length"] = len(payload)
    line = json.dumps(header, ensure_ascii=False).encode() + b"\n"
    if len(line) > MAX_LINE_BYTES or len(data) > MAX_DATA_BYTES or len(payload) > MAX_PAYLOAD_BYTES:
        raise FrameError(f"The event {event.type[:40]!r} is too large for one frame")
    return line + data + payload


async def write_frame(writer: asyncio.StreamWriter, event: Event) -> None:
    """Send one event in a single write, so that writers in several tasks never interleave."""
    writer.write(encode_frame(event))
    await writer.drain()


async def _read_line(reader: asyncio.StreamReader) -> bytes | None:
    """Return the header line without its newline, None at the end of the stream."""
    try:
        line = await reader.readuntil(b"\n")
    except asyncio.IncompleteReadError as err:
        if not err.partial:
            return None
        raise FrameError("The connection ended inside a frame") from None
    except asyncio.LimitOverrunError:
        raise FrameError(f"The frame's header is longer than {MAX_LINE_BYTES} bytes") from None
    if len(line) > MAX_LINE_BYTES:
        raise FrameError(f"The frame's header is longer than {MAX_LINE_BYTES} bytes")
    return line[:-1]


async def _read_exactly(reader: asyncio.StreamReader, length: int) -> bytes:
    """Return `length` bytes of the frame's body."""
    try:
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError:
        raise FrameError("The connection ended inside a frame") from None


def _parse_object(raw: bytes, part: str) -> JsonObject:
    """Return the JSON object in `raw`."""
    try:
        value = json.loads(raw.decode())
    except ValueError:
        raise FrameError(f"The frame's {part} is not JSON") from None
    except RecursionError:
        raise FrameError(f"The frame's {part} is nested too deeply") from None
    if not isinstance(value, dict):
        raise FrameError(f"The frame's {part} is not a JSON object")
    return value


def _length(header: JsonObject, field: str, limit: int) -> int:
    """Return a length from the header, 0 where it is missing."""
    value = header.get(field)
    if value is None:
        return 0
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise FrameError(f"The frame's {field} is not a length")
    if value > limit:
        raise FrameError(f"The frame's {field} is larger than {limit} bytes")
    return value
