"""WAV streams are taken apart however they are cut."""

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


def test_duration() -> None:
    """Bytes become milliseconds."""
    assert FORMAT.duration_ms(44100) == 1000
