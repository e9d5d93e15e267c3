"""Pairing keys as people type them, and frames that lie."""

import asyncio

import pytest
from wyoming.event import Event

from custom_components.waifu_rt3d.voice.frames import (
    MAX_LINE_BYTES,
    MAX_PAYLOAD_BYTES,
    FrameError,
    encode_frame,
    read_frame,
)
from custom_components.waifu_rt3d.voice.pairing import (
    PairingKeyError,
    format_key,
    make_key,
    parse_key,
)


def test_key_survives_being_written_down() -> None:
    """Case, spaces and dashes do not matter."""
    key = make_key()
    assert parse_key(format_key(key).lower().replace("-", " ")) == key


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("ABCD", "26 letters and digits, this one has 4"),
        ("1" * 26, "only the letters A-Z and digits 2-7"),
        ("A" * 25 + "B", "The last letter"),
    ],
)
def test_mistyped_key_is_told(typed: str, sentence: str) -> None:
    """Each way to be wrong has its own sentence."""
    with pytest.raises(PairingKeyError, match=sentence):
        parse_key(typed)


async def read(raw: bytes) -> Event | None:
    """Read a frame from these bytes."""
    reader = asyncio.StreamReader(limit=MAX_LINE_BYTES)
    reader.feed_data(raw)
    reader.feed_eof()
    return await read_frame(reader)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"{", "ended inside a frame"),
        (b"x" * (MAX_LINE_BYTES + 10) + b"\n", "header is longer"),
        (b"x" * (3 * MAX_LINE_BYTES), "header is longer"),
        (b"[1]\n", "header is not a JSON object"),
        (b"[" * 60_000 + b"\n", "nested too deeply|not JSON"),
        (b'{"type":"x","data_length":3}\n[1]', "data is not a JSON object"),
        (b'{"type":"x","payload_length":9}\nabc', "ended inside a frame"),
    ],
)
async def test_frame_that_lies_is_refused(raw: bytes, sentence: str) -> None:
    """One sentence, and nothing of it is believed."""
    with pytest.raises(FrameError, match=sentence):
        await read(raw)


def test_too_much_for_one_frame_is_not_sent() -> None:
    """The other side would refuse it."""
    with pytest.raises(FrameError, match="'sound' is too large"):
        encode_frame(Event("sound", payload=b"x" * (MAX_PAYLOAD_BYTES + 1)))
