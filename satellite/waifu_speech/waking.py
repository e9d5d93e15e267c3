"""Listen to one client for wake words (Wyoming `detect`, `detection`, `not-detected`)."""

import asyncio
import contextlib
import logging
from typing import Final

from wyoming.audio import AudioChunk, AudioChunkConverter, AudioStart
from wyoming.error import Error
from wyoming.event import Event
from wyoming.wake import Detect, Detection, NotDetected

from waifu_wire.server import Connection

from .engines import Engines, Line
from .errors import SpeechError
from .worker import split_payload

LOGGER = logging.getLogger(__name__)

RATE_HZ: Final = 16000
# A client that sends faster than the engine hears is held up, not kept.
_QUEUED_CHUNKS: Final = 64
_FORMATS: Final = ({1, 2, 4}, {1, 2})


class UnknownWakeWordError(SpeechError):
    """A wake word is asked for that is not installed."""


class Waking:
    """One client's stream of sound, in which words are looked for until it ends."""

    def __init__(self, connection: Connection, engines: Engines) -> None:
        """Take the client and what can serve it."""
        self._connection = connection
        self._engines = engines
        self._specs: list[str] = []
        self._sound: asyncio.Queue[bytes | None] | None = None
        self._task: asyncio.Task[None] | None = None
        self._convert = AudioChunkConverter(rate=RATE_HZ, width=2, channels=1)
        self.waits = False
        """Whether the sound that comes is looked through for wake words."""

    def detect(self, request: Detect) -> None:
        """Take which words are meant; none named are all of the first engine."""
        offered = self._engines.wake_words
        if not offered:
            raise UnknownWakeWordError("This server has no wake words")
        known = {word.name: word.spec for word in offered}
        if unknown := [name for name in request.names or () if name not in known]:
            raise UnknownWakeWordError(f"There is no wake word {unknown[0]!r}")
        first = [word.spec for word in offered if word.engine == offered[0].engine]
        self._specs = [known[name] for name in request.names or ()] or first
        self.waits = True

    async def take(self, event: Event) -> None:
        """Take an event of the sound."""
        if AudioStart.is_type(event.type):
            await self._start(AudioStart.from_event(event))
        elif AudioChunk.is_type(event.type):
            await self._hear(AudioChunk.from_event(event))
        elif self._sound is not None:
            await self._sound.put(None)
            self._sound = None

    async def close(self) -> None:
        """End the listening."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _start(self, start: AudioStart) -> None:
        """Begin a stream."""
        widths, channels = _FORMATS
        if not (
            8000 <= start.rate <= 96000 and start.width in widths and start.channels in channels
        ):
            raise SpeechError(f"Sound of {start.rate} Hz can't be listened to for a wake word")
        await self.close()
        self._sound = asyncio.Queue(_QUEUED_CHUNKS)
        self._task = asyncio.create_task(self._listen(self._sound), name="waifu speech wake words")

    async def _hear(self, chunk: AudioChunk) -> None:
        """Take sound."""
        if self._sound is None or self._task is None or self._task.done():
            return
        if (chunk.rate, chunk.width, chunk.channels) != (RATE_HZ, 2, 1):
            chunk = self._convert.convert(chunk)
        await self._sound.put(chunk.audio[: len(chunk.audio) // 2 * 2])

    async def _listen(self, sound: asyncio.Queue[bytes | None]) -> None:
        """Listen to one stream and tell what is found."""
        try:
            async with self._engines.waker() as line:
                await line.send(Event("start", {"specs": self._specs}))
                await line.receive()
                await self._pass_on(line, sound)
        except SpeechError as err:
            LOGGER.warning("%s", err)
            await self._connection.write(Error(text=str(err), code=type(err).__name__).event())
            await self._connection.finish()
        except ConnectionError:
            return
        except Exception:
            LOGGER.exception("Listening for wake words failed")
            self._connection.abort()

    async def _pass_on(self, line: Line, sound: asyncio.Queue[bytes | None]) -> None:
        """Send the sound to the engine while its findings go to the client."""
        sending = asyncio.create_task(_send_sound(line, sound), name="waifu speech wake sound")
        found = False
        try:
            while (event := await line.receive(timeout_s=None)).type != "final":
                found = True
                detection = Detection(name=event.data["name"], timestamp=event.data["at_ms"])
                await self._connection.write(detection.event())
        finally:
            sending.cancel()
            with contextlib.suppress(SpeechError):
                await asyncio.gather(sending, return_exceptions=True)
        if not found:
            await self._connection.write(NotDetected().event())


async def _send_sound(line: Line, sound: asyncio.Queue[bytes | None]) -> None:
    """Send a stream to the engine up to its end."""
    while (pcm := await sound.get()) is not None:
        for piece in split_payload(pcm):
            await line.send(Event("audio", payload=piece))
    await line.send(Event("stop"))
