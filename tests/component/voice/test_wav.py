"""WAV streams are taken apart however they are cut."""

import contextlib
import io
import wave

from hypothesis import given, strategies as st
import pytest

from custom_components.waifu_rt3d.voice.wav import AudioFormat, WavReader, header

FORMAT = AudioFormat(rate_hz=22050, width=2, channels=1)


def wav_file(pcm: bytes) -> bytes:
    """Return a complete file, written by the standard library."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(22050)
        file.writeframes(pcm)
    return buffer.getvalue()


@given(st.binary(max_size=200).map(lambda raw: raw[: len(raw) // 2 * 2]), st.integers(1, 60))
def test_any_cut_gives_the_same_pcm(pcm: bytes, size: int) -> None:
    """A stream cut at odd places yields its PCM, whole frames at a time."""
    data = wav_file(pcm)
    reader, got = WavReader(), []
    for at in range(0, len(data), size):
        piece = reader.feed(data[at : at + size])
        assert len(piece) % 2 == 0
        got.append(piece)
    assert b"".join(got) == pcm
    assert reader.format == FORMAT


def test_own_header_is_read_by_others() -> None:
    """The standard library reads our open-ended stream."""
    with wave.open(io.BytesIO(header(FORMAT) + b"\x01\x00" * 10), "rb") as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (22050, 2, 1)
        assert file.readframes(100) == b"\x01\x00" * 10


@pytest.mark.parametrize(
    "data",
    [b"ID3\x04" + b"\0" * 40, b"OggS" + b"\0" * 40, b"RIFF\0\0\0\0AVI " + b"\0" * 40],
)
def test_other_sound_is_refused(data: bytes) -> None:
    """What is no WAV gets one clear sentence."""
    with pytest.raises(ValueError, match="not a WAV stream"):
        WavReader().feed(data)


def test_what_follows_the_data_is_no_sound() -> None:
    """Tags behind the sound would be a crack at its end."""
    data = wav_file(b"\x01\x00" * 10) + b"LIST\x04\0\0\0INFO"
    assert WavReader().feed(data) == b"\x01\x00" * 10


@pytest.mark.parametrize("size", [0, 0x7FFFF000, 0x7FFFFFFF, 0xFFFFFFFF, 1000])
def test_size_that_is_none_means_to_the_end(size: int) -> None:
    """Streams don't know how long they will be, and some files were cut."""
    data = header(FORMAT)[:-4] + size.to_bytes(4, "little") + b"\x01\x00" * 10
    assert WavReader().feed(data) == b"\x01\x00" * 10


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (16, (4).to_bytes(4, "little")),
        (16, (0xFFFFFFF0).to_bytes(4, "little")),
        (22, (0).to_bytes(2, "little")),
        (22, (60_000).to_bytes(2, "little")),
        (24, (0).to_bytes(4, "little")),
        (24, (1).to_bytes(4, "little")),
        (24, (4_000_000_000).to_bytes(4, "little")),
        (34, (0).to_bytes(2, "little")),
    ],
    ids=[
        *("short format", "endless format", "no channels", "crowd"),
        *("no rate", "slow", "fast", "no bits"),
    ],
)
def test_header_that_lies_is_refused(at: int, value: bytes) -> None:
    """What can't be a voice's format gets one clear sentence."""
    true = header(FORMAT)
    with pytest.raises(ValueError, match="WAV stream"):
        WavReader().feed(true[:at] + value + true[at + len(value) :] + bytes(4000))


@given(st.binary(max_size=80))
def test_no_header_breaks_it(rest: bytes) -> None:
    """Whatever follows the first bytes, there is sound, nothing or a refusal."""
    with contextlib.suppress(ValueError):
        WavReader().feed(b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0" + rest)


def test_duration() -> None:
    """Bytes become milliseconds."""
    assert FORMAT.duration_ms(44100) == 1000
