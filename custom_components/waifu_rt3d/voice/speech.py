"""The client of our speech server: speak with phoneme times, listen with partial transcripts."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Sequence
import contextlib
from dataclasses import dataclass, replace
from typing import override

from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event
from wyoming.tts import (
    SynthesizeChunk,
    SynthesizeStart,
    SynthesizeStop,
    SynthesizeStopped,
    SynthesizeVoice,
)

from ..stage.cues import Cue, CueKind
from ..stage.timeline import SpeechMarks
from .align import AlignRequest, align
from .connection import UnreachableError, WireConnection, WireError, connected, describe
from .download import Progress, download
from .events import parse_marks, read_user_event
from .foreign import speak_phrases
from .grammar import Grammar
from .owed import Owed
from .service import NO_HINTS, Hints, ServerInfo, SpeechService, Transcription
from .wav import AudioFormat

MICROPHONE = AudioFormat(rate_hz=16000, width=2, channels=1)


@dataclass(slots=True, kw_only=True)
class SpeechServer(SpeechService):
    """A Wyoming server that speaks and listens; each request has a connection of its own."""

    port: int
    key: bytes | None

    @classmethod
    async def open(cls, host: str, port: int, key: bytes | None) -> SpeechServer:
        """Ask a server what it is. Raises WireError with one sentence when it can't be used."""
        event = await describe(host, port, key)
        return cls(host=host, port=port, key=key, info=ServerInfo.from_event(event))

    @override
    async def refresh(self) -> None:
        """Ask again what it is. Raises WireError when it still can't be used."""
        self.info = ServerInfo.from_event(await describe(self.host, self.port, self.key))
        self.health.found()

    @override
    async def speak(
        self,
        text: AsyncGenerator[str],
        *,
        language: str,
        voice: str | None,
        cues: Sequence[Cue] = (),
    ) -> AsyncGenerator[AudioFormat | SpeechMarks | bytes]:
        """Speak a text that may still be written; closing this generator stops the server.

        Yields the format once, then for each segment its marks before its PCM. The connection is
        opened with the first words. Raises WireError when the server is lost.
        """
        if not self.info.speech_marks:
            foreign = speak_phrases(self._connected, text, language=language, voice=voice)
            async with contextlib.aclosing(foreign):
                async for item in foreign:
                    yield item
            return
        first = await _first_words(text)
        if first is None:
            return
        feelings = _Feelings(cues if self.info.feelings else ())
        async with self._connected() as connection:
            writer = asyncio.create_task(
                _write_text(connection, _after(first, text), language, voice, feelings),
                name="speech text",
            )
            try:
                async for item in _read_sound(connection, writer):
                    yield item
            finally:
                writer.cancel()
                with contextlib.suppress(asyncio.CancelledError, WireError):
                    await writer

    @override
    async def listen(
        self,
        audio: AsyncIterable[bytes],
        *,
        language: str,
        grammar: Grammar | None,
        hints: Hints = NO_HINTS,
    ) -> AsyncGenerator[Transcription]:
        """Understand 16 kHz mono 16 bit PCM; the server may end the listening early.

        Yields the guesses so far, then the final text. Raises WireError when the server is lost.
        """
        async with self._connected() as connection:
            writer = asyncio.create_task(
                _write_audio(connection, audio, language, grammar, self._allowed(hints)),
                name="speech audio",
            )
            try:
                async for item in _read_transcripts(connection, writer):
                    yield item
            finally:
                writer.cancel()
                with contextlib.suppress(asyncio.CancelledError, WireError):
                    await writer

    async def align(self, request: AlignRequest, pcm: bytes) -> SpeechMarks:
        """Return when each sound of a text is heard in 16-bit mono sound that somebody else made.

        Raises WireError where it is not found; the caller sets the time limit.
        """
        async with self._connected() as connection:
            return await align(connection, request, pcm)

    async def download(self, models: Sequence[str], progress: Progress) -> None:
        """Let the server fetch models, each as `engine:name`. Raises WireError with its reason."""
        async with self._connected() as connection:
            await download(connection, models, progress)

    def _allowed(self, hints: Hints) -> Hints:
        """Return the hints without what the server can't do."""
        return replace(hints, finds_end=hints.finds_end and self.info.endpoint)

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncGenerator[WireConnection]:
        """Keep a connection open; losing it makes the server ill, an `error` of its engine does not."""
        try:
            async with connected(self.host, self.port, self.key) as connection:
                yield connection
        except UnreachableError as err:
            self.health.lost(str(err))
            raise
        else:
            self.health.found()


async def _first_words(text: AsyncGenerator[str]) -> str | None:
    """Return the first text that is not only space, `None` if there is none at all."""
    head = ""
    async for piece in text:
        head += piece
        if head.strip():
            return head
    return None


async def _after(first: str, text: AsyncGenerator[str]) -> AsyncGenerator[str]:
    """Yield a text whose beginning was read already."""
    yield first
    async for piece in text:
        yield piece


class _Feelings:
    """The emotions among the cues of a text that is still written."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        """Take the cues, a list that grows."""
        self._cues = cues
        self._sent = 0

    def new(self) -> list[Event]:
        """Return those that came since the last time, each as a `synthesize-chunk` of no text."""
        came = self._cues[self._sent :]
        self._sent += len(came)
        return [_feeling(cue) for cue in came if cue.kind is CueKind.EMOTION]


def _feeling(cue: Cue) -> Event:
    """Return the event that lets the text from a cue on be said in its feeling."""
    feeling = {"name": cue.name, "intensity": cue.intensity, "offset": cue.offset}
    return Event(type="synthesize-chunk", data={"text": "", "feeling": feeling})


async def _write_text(
    connection: WireConnection,
    text: AsyncGenerator[str],
    language: str,
    voice: str | None,
    feelings: _Feelings,
) -> None:
    """Send the text as it comes (events `synthesize-start`, `-chunk`, `-stop`).

    A feeling goes before the text that came with it: the server says a sentence as soon as it is
    complete.
    """
    start = SynthesizeStart(
        voice=SynthesizeVoice(name=voice) if voice else SynthesizeVoice(language=language),
        context={"speech_marks": True},
    )
    await connection.write(start.event())
    async for piece in text:
        for feeling in feelings.new():
            await connection.write(feeling)
        if piece:
            await connection.write(SynthesizeChunk(text=piece).event())
    for feeling in feelings.new():
        await connection.write(feeling)
    await connection.write(SynthesizeStop().event())


async def _read_sound(
    connection: WireConnection, writer: asyncio.Task[None]
) -> AsyncGenerator[AudioFormat | SpeechMarks | bytes]:
    """Yield format, marks and PCM until `synthesize-stopped`."""
    started, owed = False, Owed(connection, writer, pings=True)
    while True:
        event = await owed.next()
        if AudioStart.is_type(event.type) and not started:
            started = True
            start = AudioStart.from_event(event)
            yield AudioFormat(rate_hz=start.rate, width=start.width, channels=start.channels)
        elif AudioChunk.is_type(event.type):
            yield event.payload or b""
        elif (data := read_user_event(event, "speech-marks")) is not None:
            yield parse_marks(data)
        elif SynthesizeStopped.is_type(event.type):
            return
        elif Error.is_type(event.type):
            raise WireError(Error.from_event(event).text)


async def _write_audio(
    connection: WireConnection,
    audio: AsyncIterable[bytes],
    language: str,
    grammar: Grammar | None,
    hints: Hints,
) -> None:
    """Send grammar and microphone (events `grammar`, `transcribe`, `audio-*`)."""
    for event in grammar.events() if grammar else ():
        await connection.write(event)
    transcribe = Transcribe(
        language=language,
        context={"endpoint": True} if hints.finds_end else None,
        transcript_names=list(hints.names) or None,
    )
    await connection.write(transcribe.event())
    start = AudioStart(
        rate=MICROPHONE.rate_hz, width=MICROPHONE.width, channels=MICROPHONE.channels
    )
    await connection.write(start.event())
    async for chunk in audio:
        event = AudioChunk(
            rate=MICROPHONE.rate_hz,
            width=MICROPHONE.width,
            channels=MICROPHONE.channels,
            audio=chunk,
        ).event()
        await connection.write(event)
    await connection.write(AudioStop().event())


async def _read_transcripts(
    connection: WireConnection, writer: asyncio.Task[None]
) -> AsyncGenerator[Transcription]:
    """Yield partial transcripts, then the `transcript`."""
    # without pings: a server whose ears are all in use reads nothing until one is free
    owed = Owed(connection, writer)
    while True:
        event = await owed.next()
        if (data := read_user_event(event, "partial-transcript")) is not None:
            paused = data.get("paused") is True
            yield Transcription(text=str(data.get("text", "")), final=False, paused=paused)
        elif Transcript.is_type(event.type):
            yield Transcription(text=Transcript.from_event(event).text, final=True)
            return
        elif Error.is_type(event.type):
            raise WireError(Error.from_event(event).text)
