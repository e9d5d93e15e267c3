"""Speak with a Wyoming server that is not ours: phrase by phrase, because it tells no times.

Each phrase is a `synthesize` of its own, which every server knows; its sound is whole before its
marks are guessed, and the next phrase is made while this one plays.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.tts import Synthesize, SynthesizeVoice

from ..stage.estimating import estimate_marks
from ..stage.timeline import SpeechMarks
from .connection import UnreachableError, WireConnection, WireError
from .phrases import phrases
from .wav import AudioFormat

ANSWER_TIMEOUT_S = 30.0
"""A server that says nothing for so long while it owes a sound is lost."""

type Connect = Callable[[], AbstractAsyncContextManager[WireConnection]]


async def speak_phrases(
    connect: Connect, text: AsyncGenerator[str], *, language: str, voice: str | None
) -> AsyncGenerator[AudioFormat | SpeechMarks | bytes]:
    """Yield the format once, then for each phrase its guessed marks before its PCM."""
    offset, start_ms = 0, 0.0
    told: AudioFormat | None = None
    async for phrase in phrases(text):
        async with connect() as connection:
            audio, pcm = await _say(connection, phrase.strip(), language, voice)
        if audio is not None:
            if told is None:
                yield audio
                told = audio
            elif audio != told:
                raise WireError("The voice changed the format of its sound")
            end_ms = start_ms + audio.duration_ms(len(pcm))
            yield estimate_marks(phrase, offset, round(start_ms), round(end_ms), language=language)
            yield pcm
            start_ms = end_ms
        offset += len(phrase)


async def _say(
    connection: WireConnection, phrase: str, language: str, voice: str | None
) -> tuple[AudioFormat | None, bytes]:
    """Return the sound of a phrase (events `synthesize`, then `audio-start`, `-chunk`, `-stop`)."""
    wanted = SynthesizeVoice(name=voice) if voice else SynthesizeVoice(language=language)
    await connection.write(Synthesize(text=phrase, voice=wanted).event())
    audio: AudioFormat | None = None
    pcm = bytearray()
    while True:
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                event = await connection.read()
        except TimeoutError:
            raise UnreachableError("The speech server does not answer any more") from None
        if event is None:
            raise UnreachableError("The speech server broke off")
        if AudioStart.is_type(event.type):
            start = AudioStart.from_event(event)
            audio = AudioFormat(rate_hz=start.rate, width=start.width, channels=start.channels)
        elif AudioChunk.is_type(event.type):
            pcm += event.payload or b""
        elif AudioStop.is_type(event.type):
            return audio, bytes(pcm)
        elif Error.is_type(event.type):
            raise WireError(Error.from_event(event).text)
