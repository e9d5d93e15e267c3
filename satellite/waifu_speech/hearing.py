"""Listen to one client: grammar and sound in, partial and final transcripts out."""

import asyncio
import hashlib
import logging
from typing import Any, Final

from wyoming.asr import Transcribe
from wyoming.audio import AudioChunk, AudioChunkConverter, AudioStart
from wyoming.error import Error
from wyoming.event import Event

from waifu_wire.server import Connection

from .engines import Engines, Line
from .errors import SpeechError
from .grammars import GrammarParts
from .recognisers import HearingError, Recogniser, find_recogniser
from .stt.minimal import minimal_grammar
from .transcripts import Transcripts, start_data
from .worker import split_payload

LOGGER = logging.getLogger(__name__)

RATE_HZ: Final = 16000
# Nobody speaks a command for so long; what comes later is not heard any more.
MAX_COMMAND_S: Final = 30.0
MAX_DICTATION_S: Final = 20 * 60.0
# A client that went silent without `audio-stop` must not keep a recogniser.
MAX_WAIT_S: Final = 20.0
_QUEUED_CHUNKS: Final = 256


class Hearing:
    """One client's recognition, one utterance at a time."""

    def __init__(self, connection: Connection, engines: Engines) -> None:
        """Take the client and what can serve it."""
        self._connection = connection
        self._engines = engines
        self._parts = GrammarParts(engines.grammars)
        self._grammar: str | None = None
        self._recogniser: Recogniser | None = None
        self._request = Transcribe()
        self._sound: asyncio.Queue[bytes | None] | None = None
        self._seconds = 0.0
        self._longest_s = MAX_COMMAND_S
        self._task: asyncio.Task[None] | None = None
        self._convert = AudioChunkConverter(rate=RATE_HZ, width=2, channels=1)

    def add_grammar(self, data: dict[str, Any]) -> None:
        """Take a part of the grammar."""
        self._grammar = self._parts.add(data) or self._grammar

    def transcribe(self, request: Transcribe) -> None:
        """Choose the recogniser that fits; raise a sentence where there is none."""
        self._recogniser = find_recogniser(
            self._engines.recognisers, request.name, request.language
        )
        self._request = request

    async def audio_start(self, start: AudioStart) -> None:
        """Begin an utterance."""
        if self._recogniser is None:
            self._recogniser = find_recogniser(self._engines.recognisers, None, None)
        if not (
            8000 <= start.rate <= 96000 and start.width in {1, 2, 4} and start.channels in {1, 2}
        ):
            raise HearingError(
                f"Sound of {start.rate} Hz, {start.width} bytes and {start.channels} channels"
                " can't be recognised"
            )
        await self.close()
        self._seconds = 0.0
        self._sound = asyncio.Queue(_QUEUED_CHUNKS)
        recogniser = self._recogniser
        self._longest_s = MAX_COMMAND_S if recogniser.commands_only else MAX_DICTATION_S
        self._task = asyncio.create_task(
            self._listen(recogniser, self._sound), name="waifu speech hearing"
        )

    async def audio(self, chunk: AudioChunk) -> None:
        """Take sound; what is beyond the longest utterance is dropped."""
        if self._sound is None or self._task is None or self._task.done():
            return
        if (chunk.rate, chunk.width, chunk.channels) != (RATE_HZ, 2, 1):
            chunk = self._convert.convert(chunk)
        pcm = chunk.audio[: len(chunk.audio) // 2 * 2]
        self._seconds += len(pcm) / 2 / RATE_HZ
        if self._seconds <= self._longest_s:
            await self._sound.put(pcm)

    async def audio_stop(self) -> None:
        """End the utterance."""
        if self._sound is not None:
            await self._sound.put(None)
            self._sound = None

    async def close(self) -> None:
        """End the recognition, whatever its state."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _listen(self, recogniser: Recogniser, sound: asyncio.Queue[bytes | None]) -> None:
        """Recognise one utterance and send its transcript."""
        try:
            async with self._engines.recogniser(recogniser) as line:
                if recogniser.commands_only:
                    await self._start_commands(line)
                else:
                    await line.send(Event("start", self._start_data()))
                await self._recognize(line, sound)
        except SpeechError as err:
            LOGGER.warning("%s", err)
            await self._connection.write(Error(text=str(err), code=type(err).__name__).event())
            await self._connection.finish()
        except ConnectionError:
            return
        except Exception:
            LOGGER.exception("Listening failed")
            self._connection.abort()

    def _start_data(self) -> dict[str, Any]:
        """Return how free speech is listened to."""
        engines = self._engines
        return start_data(self._request, beam=engines.beam, whole_window=engines.whole_window)

    async def _start_commands(self, worker: Line) -> None:
        """Begin an utterance with our grammar, sent where the worker does not have it yet."""
        document = self._engines.grammars.get(self._grammar or "") or minimal_grammar()
        digest = hashlib.sha256(document.encode()).hexdigest()
        await worker.send(Event("start", {"hash": digest}))
        if (await worker.receive()).data["known"]:
            return
        pieces = split_payload(document.encode())
        for number, piece in enumerate(pieces, start=1):
            last = number == len(pieces)
            await worker.send(Event("grammar", {"hash": digest, "last": last}, piece))
        await worker.receive()
        await worker.send(Event("start", {"hash": digest}))
        await worker.receive()

    async def _recognize(self, line: Line, sound: asyncio.Queue[bytes | None]) -> None:
        """Send the sound on while what is understood comes back and goes to the client."""
        sending = asyncio.create_task(_send_sound(line, sound), name="waifu speech sound")
        transcripts = Transcripts(self._connection)
        try:
            while (event := await line.receive(timeout_s=None)).type != "final":
                await transcripts.partial(event.data)
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
        await transcripts.final(event.data)


async def _send_sound(worker: Line, sound: asyncio.Queue[bytes | None]) -> None:
    """Send an utterance to the engine, up to its end or a client's silence."""
    while True:
        try:
            async with asyncio.timeout(MAX_WAIT_S):
                pcm = await sound.get()
        except TimeoutError:
            pcm = None
        if pcm is None:
            await worker.send(Event("stop"))
            return
        for piece in split_payload(pcm):
            await worker.send(Event("audio", payload=piece))
