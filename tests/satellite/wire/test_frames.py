"""Frames: what the writer makes, the reader and the wyoming library read; all else is refused."""

import asyncio
import contextlib
import json

from hypothesis import given, strategies as st
import pytest
from wyoming.event import Event, async_read_event

from waifu_wire.frames import (
    MAX_DATA_BYTES,
    MAX_LINE_BYTES,
    MAX_PAYLOAD_BYTES,
    FrameError,
    encode_frame,
    read_frame,
)

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
EVENTS = st.builds(
    Event,
    type=st.text(min_size=1, max_size=30).filter(lambda text: text.isprintable()),
    data=st.dictionaries(st.text(max_size=10), JSON_VALUES, max_size=4),
    payload=st.none() | st.binary(min_size=1, max_size=500),
)


def _reader(raw: bytes) -> asyncio.StreamReader:
    """Return a stream that holds `raw` and its end."""
    reader = asyncio.StreamReader(limit=MAX_LINE_BYTES)
    reader.feed_data(raw)
    reader.feed_eof()
    return reader


async def _read_all(raw: bytes) -> list[Event]:
    """Return all events of a stream."""
    reader = _reader(raw)
    events = []
    while (event := await read_frame(reader)) is not None:
        events.append(event)
    return events


@given(st.lists(EVENTS, max_size=4))
def test_events_survive_when_written_and_read(events: list[Event]) -> None:
    """What was written comes back, frame after frame."""
    raw = b"".join(encode_frame(event) for event in events)
    assert asyncio.run(_read_all(raw)) == events


@given(EVENTS)
def test_library_reads_our_frames(event: Event) -> None:
    """The wyoming library, a second implementation, reads the same event."""

    async def read() -> Event | None:
        return await async_read_event(_reader(encode_frame(event)))

    assert asyncio.run(read()) == event


@given(st.binary(max_size=400))
def test_garbage_is_refused_when_read(raw: bytes) -> None:
    """Whatever comes, the reader returns events or raises its one error."""
    with contextlib.suppress(FrameError):
        asyncio.run(_read_all(raw))


@given(EVENTS, st.data())
def test_cut_frame_is_refused_when_connection_ends(event: Event, data: st.DataObject) -> None:
    """A connection that ends inside a frame is an error, not the end of the stream."""
    raw = encode_frame(event)
    cut = data.draw(st.integers(1, len(raw) - 1))
    with pytest.raises(FrameError):
        asyncio.run(_read_all(raw[:cut]))


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ({"type": "x", "payload_length": 10_000_000_000}, "larger than 262144 bytes"),
        ({"type": "x", "payload_length": MAX_PAYLOAD_BYTES + 1}, "larger than"),
        ({"type": "x", "data_length": MAX_DATA_BYTES + 1}, "larger than"),
        ({"type": "x", "data_length": -1}, "not a length"),
        ({"type": "x", "data_length": True}, "not a length"),
        ({"type": "x", "data_length": "12"}, "not a length"),
        ({"type": 7}, "no type"),
        ({"data": {}}, "no type"),
        ({"type": "x", "data": [1]}, "not a JSON object"),
        ([], "not a JSON object"),
        ({"type": "x" * MAX_LINE_BYTES}, "longer than"),
    ],
)
def test_bad_header_is_refused_when_read(header: object, sentence: str) -> None:
    """A header beyond the bounds gets one clear sentence."""
    with pytest.raises(FrameError, match=sentence):
        asyncio.run(_read_all(json.dumps(header).encode() + b"\n"))


def test_deep_nesting_is_refused_when_read() -> None:
    """A header of brackets does not exhaust the stack."""
    with pytest.raises(FrameError, match="nested|not JSON"):
        asyncio.run(_read_all(b'{"type":' + b"[" * 60_000 + b"\n"))


@pytest.mark.parametrize("size", [MAX_PAYLOAD_BYTES, MAX_PAYLOAD_BYTES + 1])
def test_writer_keeps_the_bounds_of_the_reader(size: int) -> None:
    """The largest payload passes, one byte more is refused before it is sent."""
    event = Event(type="audio-chunk", payload=bytes(size))
    if size > MAX_PAYLOAD_BYTES:
        with pytest.raises(FrameError, match="too large"):
            encode_frame(event)
    else:
        assert asyncio.run(_read_all(encode_frame(event))) == [event]
