"""A wake word that another machine listens for: a Wyoming wake service (`detect`, `detection`)."""

import asyncio
from collections import deque
from collections.abc import Callable
import logging
from typing import Final

from wyoming.event import Event

from waifu_satellite.format import MIC_RATE_HZ, SAMPLE_BYTES
from waifu_wire.frames import FrameError, read_frame, write_frame

from .base import Score, Wake, WakeWord
from .catalogue import Known

LOGGER = logging.getLogger(__name__)

RETRY_FIRST_S: Final = 0.5
RETRY_MAX_S: Final = 10.0
CONNECT_S: Final = 5.0
# What has not been sent after so long is no longer worth sending.
MOST_WAITING: Final = 200
CHUNK_BYTES: Final = MIC_RATE_HZ * SAMPLE_BYTES * 80 // 1000
AUDIO: Final = {"rate": MIC_RATE_HZ, "width": SAMPLE_BYTES, "channels": 1}


class RemoteListener:
    """Streams the microphone to a service and takes what it detects."""

    def __init__(self, known: Known, on_wake: Callable[[Wake], None]) -> None:
        """Listen for one word; the address is in its spec (`wyoming:HOST:PORT:WORD`)."""
        _, host, port, _ = (*known.spec.split(":"), "", "", "")[:4]
        self._host, self._port = host, int(port) if port.isdecimal() else 0
        self.word = WakeWord(
            name=known.name, phrase=known.phrase, engine=known.engine, licence=known.licence,
            threshold=0.5,
        )  # fmt: skip
        self.on_scores: Callable[[list[Score]], None] | None = None
        self._on_wake = on_wake
        self._pcm = bytearray()
        self._end = 0
        self._waiting: deque[bytes] = deque(maxlen=MOST_WAITING)
        self._more = asyncio.Event()
        self._told = False
        loop = asyncio.get_running_loop()
        self._task = loop.create_task(self._run(), name="waifu satellite remote wake word")

    def feed(self, pcm: bytes, end: int) -> None:
        """Queue audio whose last sample has the index `end` - 1."""
        self._pcm += pcm
        self._end = end
        if len(self._pcm) >= CHUNK_BYTES:
            self._waiting.append(bytes(self._pcm))
            self._pcm.clear()
            self._more.set()

    def set_threshold(self, name: str, threshold: float) -> None:
        """Leave it as it is: how sure it must be is chosen where the service runs."""

    def close(self) -> None:
        """Leave the service."""
        self._task.cancel()

    async def _run(self) -> None:
        """Stay connected until closed."""
        retry_s = RETRY_FIRST_S
        while True:
            try:
                async with asyncio.timeout(CONNECT_S):
                    reader, writer = await asyncio.open_connection(self._host, self._port)
                retry_s = RETRY_FIRST_S
                await self._serve(reader, writer)
            except (OSError, TimeoutError, FrameError) as err:
                self._tell_once(err)
            await asyncio.sleep(retry_s)
            retry_s = min(RETRY_MAX_S, retry_s * 2)

    def _tell_once(self, err: Exception) -> None:
        """Log that the service is not there, once until it is back."""
        if not self._told:
            LOGGER.warning("The wake service %s:%d does not answer: %s", *self._address, err)
        self._told = True

    @property
    def _address(self) -> tuple[str, int]:
        """Return where the service is."""
        return self._host, self._port

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Send audio and take detections until the connection ends."""
        self._told = False
        self._waiting.clear()
        sending = asyncio.create_task(self._send(writer), name="waifu satellite wake audio")
        try:
            while (event := await read_frame(reader)) is not None:
                if event.type == "detection":
                    self._detected()
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            writer.close()

    async def _send(self, writer: asyncio.StreamWriter) -> None:
        """Send what is queued."""
        await write_frame(writer, Event(type="detect", data={"names": [self.word.name]}))
        await write_frame(writer, Event(type="audio-start", data=dict(AUDIO)))
        while True:
            await self._more.wait()
            self._more.clear()
            while self._waiting:
                chunk = Event(type="audio-chunk", data=dict(AUDIO), payload=self._waiting.popleft())
                await write_frame(writer, chunk)

    def _detected(self) -> None:
        """Say that the word was spoken, as far as is known just now."""
        self._on_wake(Wake(word=self.word, score=1.0, at_sample=self._end))
