"""Ask a speech server where a text is in a sound that somebody else made (contracts §2)."""

import asyncio
from dataclasses import dataclass

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error

from ..stage.timeline import SpeechMarks
from .connection import WireConnection, WireError
from .events import parse_marks, read_user_event, user_event
from .wav import AudioFormat

_PIECE = 32 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignRequest:
    """A text that is somewhere in a sound."""

    text: str
    offset: int
    """Of the text in the reply."""
    language: str
    rate_hz: int

    def as_data(self) -> dict[str, object]:
        """Return what the event `align` carries."""
        return {"text": self.text, "offset": self.offset, "language": self.language}


async def align(connection: WireConnection, request: AlignRequest, pcm: bytes) -> SpeechMarks:
    """Return the marks of a text in 16-bit mono sound, timed from its start.

    Raises WireError where the server does not find it, TimeoutError is the caller's.
    """
    reading = asyncio.ensure_future(_read_answer(connection))
    try:
        await connection.write(user_event("align", request.as_data()))
        await connection.write(AudioStart(rate=request.rate_hz, width=2, channels=1).event())
        for at in range(0, len(pcm), _PIECE):
            piece = pcm[at : at + _PIECE]
            chunk = AudioChunk(rate=request.rate_hz, width=2, channels=1, audio=piece)
            await connection.write(chunk.event())
        await connection.write(AudioStop().event())
        return await reading
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


async def _read_answer(connection: WireConnection) -> SpeechMarks:
    """Return the marks, or raise what the server says instead."""
    while (event := await connection.read()) is not None:
        if (data := read_user_event(event, "speech-marks")) is not None:
            return parse_marks(data)
        if (data := read_user_event(event, "not-aligned")) is not None:
            raise WireError(str(data.get("reason", "The text is not in the sound")))
        if Error.is_type(event.type):
            raise WireError(Error.from_event(event).text)
    raise WireError("The speech server broke off")


def mono_16_bit(audio: AudioFormat, pcm: bytes) -> bytes:
    """Return the first channel as 16 bit, whatever width the samples have."""
    frame = audio.width * audio.channels
    pcm = pcm[: len(pcm) // frame * frame]
    if audio.width == 1:
        # 8 bit is unsigned in WAV files.
        high = bytes(value ^ 0x80 for value in pcm[::frame])
        return bytes(byte for value in high for byte in (0, value))
    if (audio.width, audio.channels) == (2, 1):
        return pcm
    made = bytearray(len(pcm) // frame * 2)
    made[0::2] = pcm[audio.width - 2 :: frame]
    made[1::2] = pcm[audio.width - 1 :: frame]
    return bytes(made)
