"""WAV streams of unknown length."""

from dataclasses import dataclass
import struct

_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
_OPEN_ENDED = 0xFFFFFFFF
"""Data size of a stream: every reader we know goes on to the end of the stream."""
_MAX_STREAMED = 0x7FFF0000
"""Servers that don't know the size yet write one about as large as 32 bits, signed or not, can say."""
_MAX_FORMAT_CHUNK = 64 * 1024
_RATES_HZ = range(4000, 192_001)
_MAX_CHANNELS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioFormat:
    """Raw PCM, signed little-endian integers."""

    rate_hz: int
    width: int
    """Bytes for each sample."""
    channels: int

    def duration_ms(self, size: int) -> float:
        """Return how long so many bytes sound."""
        return size * 1000 / (self.rate_hz * self.width * self.channels)


def header(audio: AudioFormat) -> bytes:
    """Return the 44 bytes before an open-ended stream."""
    frame = audio.width * audio.channels
    return _HEADER.pack(
        b"RIFF",
        _OPEN_ENDED,
        b"WAVE",
        b"fmt ",
        16,
        1,
        audio.channels,
        audio.rate_hz,
        audio.rate_hz * frame,
        frame,
        audio.width * 8,
        b"data",
        _OPEN_ENDED,
    )


class WavReader:
    """Take a WAV stream apart, however it is cut.

    `feed` returns PCM; `format` is known as soon as the first PCM comes. A data size is believed
    where it can be one: what follows (tags, mostly) is no sound. Sizes of zero, of a stream, or beyond
    the end of what comes mean "to the end".
    Raises ValueError for what is not PCM in a RIFF WAVE file.
    """

    def __init__(self) -> None:
        """Wait for the header."""
        self.format: AudioFormat | None = None
        self._buffer = b""
        self._in_file = False
        self._in_data = False
        self._left: int | None = None

    def feed(self, data: bytes) -> bytes:
        """Take bytes and return the PCM among them, whole frames only."""
        self._buffer += data
        while not self._in_data:
            if not self._next_chunk():
                return b""
        assert self.format is not None
        frame = self.format.width * self.format.channels
        whole = len(self._buffer) // frame * frame
        pcm, self._buffer = self._buffer[:whole], self._buffer[whole:]
        if self._left is not None:
            pcm = pcm[: self._left]
            self._left -= len(pcm)
        return pcm

    def _next_chunk(self) -> bool:
        """Go over one RIFF chunk; return whether it was there in full."""
        if not self._in_file:
            return self._enter_file()
        if len(self._buffer) < 8:
            return False
        name, size = struct.unpack_from("<4sI", self._buffer)
        if name == b"data":
            if self.format is None:
                raise ValueError("The WAV stream has no format before its data")
            self._buffer, self._in_data = self._buffer[8:], True
            frame = self.format.width * self.format.channels
            self._left = size // frame * frame if 0 < size < _MAX_STREAMED else None
            return True
        if name == b"fmt " and size > _MAX_FORMAT_CHUNK:
            raise ValueError("The WAV stream has a broken format")
        padded = size + size % 2
        if len(self._buffer) < 8 + padded:
            return False
        if name == b"fmt ":
            self.format = _parse_format(self._buffer[8 : 8 + size])
        self._buffer = self._buffer[8 + padded :]
        return True

    def _enter_file(self) -> bool:
        """Go over the RIFF header; return whether it was there in full."""
        if not b"RIFF".startswith(self._buffer[:4]):
            raise ValueError("The sound is not a WAV stream")
        if len(self._buffer) < 12:
            return False
        if self._buffer[8:12] != b"WAVE":
            raise ValueError("The sound is not a WAV stream")
        self._buffer, self._in_file = self._buffer[12:], True
        return True


def _parse_format(chunk: bytes) -> AudioFormat:
    """Return the format of a `fmt ` chunk."""
    if len(chunk) < 16:
        raise ValueError("The WAV stream has a broken format")
    tag, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", chunk)
    if tag not in (1, 0xFFFE) or bits not in (8, 16, 24, 32):
        raise ValueError("The WAV stream is not plain PCM")
    if rate_hz not in _RATES_HZ or not 0 < channels <= _MAX_CHANNELS:
        raise ValueError(
            f"The WAV stream says {rate_hz} Hz and {channels} channels: that is no voice"
        )
    return AudioFormat(rate_hz=rate_hz, width=bits // 8, channels=channels)
