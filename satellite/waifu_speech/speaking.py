"""Speak one request: text in pieces → segments → marks and sound on the wire (contracts §2)."""

import asyncio
from bisect import insort
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Final

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event
from wyoming.tts import SynthesizeStopped
from wyoming.user_event import UserEvent

from waifu_wire.server import Connection

from .engines import Engines
from .errors import EngineDiedError, SpeechError
from .marks import Mark, Source, Spoken
from .sentences import Segment, SentenceFinder
from .tts.delivery import PLAIN, Delivery
from .tts.jobs import decode_spoken
from .voices import Voice
from .words import has_words

MAX_TEXT: Final = 20_000
MAX_SEGMENT_TEXT: Final = 600
# The writer of the text made a pause, maybe for a tool: what is a whole sentence goes out.
PAUSE_S: Final = 0.35
CHUNK_SAMPLES: Final = 1024
# A client that takes its sound slowly must not make us keep a whole story.
MADE_AHEAD: Final = 2
SENTENCE_PAUSE_MS: Final = 280
CLAUSE_PAUSE_MS: Final = 110
_CLAUSE_ENDS: Final = tuple(",;:–—，、")


class TextTooLongError(SpeechError):
    """A request holds more text than anybody listens to."""


@dataclass(slots=True, kw_only=True)
class SpeechRequest:
    """What a client asked for; its text may still be coming."""

    voice: Voice
    marks: bool
    segmented: bool
    streamed: bool
    delivery: Delivery = PLAIN
    feelings: list[tuple[int, Delivery]] = field(default_factory=list)
    """From which offset on a text is said how, in their order."""
    pieces: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)
    length: int = 0

    def feel(self, delivery: Delivery, offset: int | None = None) -> None:
        """Say the text in another way from an offset on, by default what comes from here on."""
        start = self.length if offset is None else offset
        insort(self.feelings, (start, delivery), key=lambda feeling: feeling[0])

    def delivery_of(self, segment: Segment) -> Delivery:
        """Return how a segment is said: a feeling begins at a word, not at the space before it."""
        offset = segment.offset + len(segment.text) - len(segment.text.lstrip())
        return next(
            (how for start, how in reversed(self.feelings) if start <= offset), self.delivery
        )

    def add(self, text: str) -> None:
        """Take more text."""
        self.length += len(text)
        if self.length > MAX_TEXT:
            raise TextTooLongError(f"A reply may have {MAX_TEXT} characters, this one has more")
        self.pieces.put_nowait(text)

    def end(self) -> None:
        """Tell that the text is complete."""
        self.pieces.put_nowait(None)


class SpeechStream:
    """The answer to one request."""

    def __init__(self, connection: Connection, engines: Engines, request: SpeechRequest) -> None:
        """Take where the answer goes and what it is to."""
        self._connection = connection
        self._engines = engines
        self._request = request
        self._rate_hz = 0
        self._samples = 0
        self._pause_ms = 0

    async def run(self) -> None:
        """Speak until the text ends."""
        made: asyncio.Queue[tuple[Segment, Spoken] | None] = asyncio.Queue(MADE_AHEAD)
        making = asyncio.create_task(self._make(made), name="waifu speech synthesis")
        try:
            while (item := await made.get()) is not None:
                await self._send(*item)
            await making
        finally:
            making.cancel()
            await asyncio.gather(making, return_exceptions=True)
        await self._start(self._request.voice.rate_hz)
        await self._connection.write(AudioStop(timestamp=self._at_ms).event())
        if self._request.streamed:
            await self._connection.write(SynthesizeStopped().event())

    @property
    def _at_ms(self) -> int:
        """Return how long the sound is so far."""
        return self._samples * 1000 // self._rate_hz if self._rate_hz else 0

    async def _make(self, made: asyncio.Queue[tuple[Segment, Spoken] | None]) -> None:
        """Make the sound of each segment while the one before it is sent."""
        try:
            async for segment in self._segments():
                await made.put((segment, await self._synthesize(segment)))
        finally:
            await made.put(None)

    def _segments(self) -> AsyncIterator[Segment]:
        """Yield what to speak, piece by piece or sentence by sentence."""
        if self._request.segmented:
            return segments_as_sent(self._request.pieces)
        language = self._request.voice.language
        return segments_by_sentence(self._request.pieces, SentenceFinder(language))

    async def _synthesize(self, segment: Segment) -> Spoken:
        """Return the sound of a segment; an engine that dies gets a second chance."""
        voice = self._request.voice
        if not has_words(segment.text):
            return Spoken(rate_hz=voice.rate_hz, pcm=b"", marks=(), source=Source.EXACT)
        try:
            return await self._ask_engine(segment)
        except EngineDiedError:
            return await self._ask_engine(segment)

    async def _ask_engine(self, segment: Segment) -> Spoken:
        """Return the sound that the voice's engine makes of a segment."""
        voice = self._request.voice
        request = {
            "text": segment.text,
            "voice": voice.name,
            "delivery": self._request.delivery_of(segment).as_data(),
        }
        async with self._engines.voice(voice) as line:
            await line.send(Event("speak", request))
            head = await line.receive()
            pieces = [await line.receive() for _ in range(head.data["pieces"])]
        pcm = b"".join(piece.payload or b"" for piece in pieces)
        return decode_spoken(head.data, pcm)

    async def _start(self, rate_hz: int) -> None:
        """Announce the sound, once."""
        if not self._rate_hz:
            self._rate_hz = rate_hz
            await self._connection.write(
                AudioStart(rate=rate_hz, width=2, channels=1, timestamp=0).event()
            )

    async def _send(self, segment: Segment, spoken: Spoken) -> None:
        """Send a segment: its marks, then its sound."""
        await self._start(spoken.rate_hz)
        if spoken.pcm:
            spoken = _after_pause(spoken, self._pause_ms if self._samples else 0)
            self._pause_ms = _pause_after(segment.text)
        if self._request.marks:
            await self._connection.write(self._marks_event(segment, spoken))
        step = CHUNK_SAMPLES * 2
        for at in range(0, len(spoken.pcm), step):
            await self._send_chunk(spoken.pcm[at : at + step])

    async def _send_chunk(self, pcm: bytes) -> None:
        """Send a piece of sound."""
        chunk = AudioChunk(
            rate=self._rate_hz, width=2, channels=1, audio=pcm, timestamp=self._at_ms
        )
        self._samples += len(pcm) // 2
        await self._connection.write(chunk.event())

    def _marks_event(self, segment: Segment, spoken: Spoken) -> Event:
        """Return the segment's `speech-marks`, timed from the start of the stream."""
        start_ms = self._at_ms
        end_ms = (self._samples + len(spoken.pcm) // 2) * 1000 // self._rate_hz
        marks = [
            {
                "phoneme": mark.phoneme,
                "start_ms": start_ms + mark.start_ms,
                "end_ms": min(end_ms, start_ms + mark.end_ms),
                "char": segment.offset + mark.char,
            }
            for mark in spoken.marks
        ]
        data = {
            "text": segment.text,
            "offset": segment.offset,
            "start_ms": start_ms,
            "end_ms": end_ms,
            "source": str(spoken.source),
            "marks": marks,
        }
        return UserEvent(name="speech-marks", data=data).event()


async def segments_as_sent(pieces: asyncio.Queue[str | None]) -> AsyncIterator[Segment]:
    """Yield each piece as one segment; only what nobody could hear in one go is cut."""
    offset = 0
    while (piece := await pieces.get()) is not None:
        for segment in _bounded(Segment(text=piece, offset=offset)):
            yield segment
        offset += len(piece)


async def segments_by_sentence(
    pieces: asyncio.Queue[str | None], finder: SentenceFinder
) -> AsyncIterator[Segment]:
    """Yield sentences as soon as they are complete, or when the writer makes a pause."""
    while True:
        try:
            async with asyncio.timeout(PAUSE_S):
                piece = await pieces.get()
        except TimeoutError:
            for segment in finder.pause():
                yield segment
            piece = await pieces.get()
        for segment in finder.finish() if piece is None else finder.add(piece):
            yield segment
        if piece is None:
            return


def _bounded(segment: Segment) -> list[Segment]:
    """Return the segment, in sentences where it is very long."""
    if len(segment.text) <= MAX_SEGMENT_TEXT:
        return [segment]
    finder = SentenceFinder()
    parts = finder.add(segment.text) + finder.finish()
    return [replace(part, offset=segment.offset + part.offset) for part in parts]


def _pause_after(text: str) -> int:
    """Return how long (ms) to be silent after a segment before the next one."""
    end = text.rstrip().rstrip("\"')]}*_”’»")
    if not end:
        return 0
    if end.endswith(_CLAUSE_ENDS):
        return CLAUSE_PAUSE_MS
    return 0 if end[-1].isalnum() and not text[-1:].isspace() else SENTENCE_PAUSE_MS


def _after_pause(spoken: Spoken, pause_ms: int) -> Spoken:
    """Return the segment with silence before it."""
    if not pause_ms:
        return spoken
    silence = bytes(spoken.rate_hz * pause_ms // 1000 * 2)
    char = spoken.marks[0].char if spoken.marks else 0
    moved = [
        replace(mark, start_ms=mark.start_ms + pause_ms, end_ms=mark.end_ms + pause_ms)
        for mark in spoken.marks
    ]
    pause = Mark(phoneme="", start_ms=0, end_ms=pause_ms, char=char)
    if moved and not moved[0].phoneme:
        pause = replace(pause, end_ms=moved.pop(0).end_ms)
    return replace(spoken, pcm=silence + spoken.pcm, marks=(pause, *moved))
