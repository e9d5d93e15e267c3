"""A client's sound on its way to an engine: checked, converted, held up where it comes too fast."""

import abc
import asyncio
from collections.abc import AsyncIterator
import contextlib
import logging
from typing import ClassVar, Final

from wyoming.audio import AudioChunk, AudioChunkConverter, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event

from waifu_wire.server import Connection

from .engines import Line
from .errors import SpeechError
from .worker import split_payload

LOGGER = logging.getLogger(__name__)

RATE_HZ: Final = 16000
LOWEST_HZ: Final = 8000
HIGHEST_HZ: Final = 96000
WIDTHS: Final = frozenset({1, 2, 4})
CHANNELS: Final = frozenset({1, 2})
_QUEUED_CHUNKS: Final = 256
# An engine that does not end a stream of its own accord is killed.
_ENDING_S: Final = 5.0

type Sound = asyncio.Queue[bytes | None]


class StreamListener(abc.ABC):
    """Listens to one client, one stream of sound after the other; subclasses ask an engine."""

    error: ClassVar[type[SpeechError]] = SpeechError
    """What a sound that can't be heard is answered with."""
    purpose: ClassVar[str]

    def __init__(self, connection: Connection) -> None:
        """Take the client."""
        self._connection = connection
        self._sound: Sound | None = None
        self._task: asyncio.Task[None] | None = None
        self._expects = False
        self._seconds = 0.0
        self._longest_s = float("inf")
        self._convert = AudioChunkConverter(rate=RATE_HZ, width=2, channels=1)

    async def take(self, event: Event) -> None:
        """Take an event of the sound. Raises SpeechError where it can't be listened to."""
        if self._expects or AudioStart.is_type(event.type):
            await self._start(_format(event))
        if AudioChunk.is_type(event.type):
            await self._hear(AudioChunk.from_event(event))
        elif AudioStop.is_type(event.type):
            await self._end()

    def expect(self) -> None:
        """Take what comes next as a new stream.

        Not everybody begins one with `audio-start`: wyoming-satellite's wake service never gets it.
        """
        self._expects = True

    @property
    def is_busy(self) -> bool:
        """Return whether a stream is being listened to."""
        return self._task is not None and not self._task.done()

    async def close(self) -> None:
        """End the listening, whatever its state."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def prepare(self) -> float:
        """Choose who listens to the stream that begins; return how long it may be (s)."""
        return float("inf")

    @abc.abstractmethod
    async def listen(self, sound: Sound) -> None:
        """Let an engine hear a stream up to its end, and tell the client what it finds."""

    async def _start(self, start: AudioStart) -> None:
        """Begin a stream."""
        if self._expects and self._sound is not None and self._task is not None:
            await self._end()
            await asyncio.wait({self._task}, timeout=_ENDING_S)
        self._expects = False
        longest_s = self.prepare()
        rate_is_heard = LOWEST_HZ <= start.rate <= HIGHEST_HZ
        if not (rate_is_heard and start.width in WIDTHS and start.channels in CHANNELS):
            raise self.error(
                f"Sound of {start.rate} Hz, {start.width} bytes and {start.channels} channels"
                f" can't be {self.purpose}"
            )
        await self.close()
        self._seconds, self._longest_s = 0.0, longest_s
        self._sound = asyncio.Queue(_QUEUED_CHUNKS)
        self._task = asyncio.create_task(
            self._listen(self._sound), name=f"waifu speech {self.purpose}"
        )

    async def _end(self) -> None:
        """End the stream, where there is one: what was in it is still told."""
        if self._sound is not None:
            await self._sound.put(None)
            self._sound = None

    async def _hear(self, chunk: AudioChunk) -> None:
        """Take sound; what is beyond the longest stream is dropped.

        A client that sends faster than the engine hears is held up here.
        """
        if self._sound is None or not self.is_busy:
            return
        if (chunk.rate, chunk.width, chunk.channels) != (RATE_HZ, 2, 1):
            chunk = self._convert.convert(chunk)
        pcm = chunk.audio[: len(chunk.audio) // 2 * 2]
        self._seconds += len(pcm) / 2 / RATE_HZ
        if self._seconds <= self._longest_s:
            await self._sound.put(pcm)

    async def _listen(self, sound: Sound) -> None:
        """Listen to one stream."""
        try:
            async with answering(self._connection, "Listening"):
                await self.listen(sound)
        finally:
            # The client may be held up by a full queue that nobody reads any more.
            while not sound.empty():
                sound.get_nowait()


def _format(event: Event) -> AudioStart:
    """Return how the sound is made that begins with an event; a stream may be nothing but its end."""
    if AudioStop.is_type(event.type):
        return AudioStart(rate=RATE_HZ, width=2, channels=1)
    data = event.data
    return AudioStart(rate=data["rate"], width=data["width"], channels=data["channels"])


@contextlib.asynccontextmanager
async def answering(connection: Connection, what: str) -> AsyncIterator[None]:
    """Tell the client what goes wrong inside; drop it where nobody expected that."""
    try:
        yield
    except SpeechError as err:
        await fail(connection, err)
    except ConnectionError:
        return
    except Exception:
        LOGGER.exception("%s failed", what)
        connection.abort()


async def fail(connection: Connection, err: SpeechError) -> None:
    """Tell the client what went wrong and close.

    Home Assistant's own client waits for `audio-stop` whatever comes: only a closed connection
    ends its request with an error.
    """
    LOGGER.warning("%s", err)
    await connection.write(Error(text=str(err), code=type(err).__name__).event())
    await connection.finish()


@contextlib.asynccontextmanager
async def passing_on(sound: Sound, line: Line, *, patience_s: float | None) -> AsyncIterator[None]:
    """Send a stream to an engine while the context is open, up to its end or a client's silence."""
    sending = asyncio.create_task(_send(sound, line, patience_s), name="waifu speech sound")
    try:
        yield
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)


async def _send(sound: Sound, line: Line, patience_s: float | None) -> None:
    """Send a stream to an engine."""
    pcm: bytes | None = b""
    while pcm is not None:
        try:
            async with asyncio.timeout(patience_s):
                pcm = await sound.get()
        except TimeoutError:
            pcm = None
        for piece in split_payload(pcm or b""):
            await line.send(Event("audio", payload=piece))
    await line.send(Event("stop"))
