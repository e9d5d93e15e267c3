"""Serve one client: read its events, speak and listen in tasks that end with it."""

import asyncio
from typing import Any, Final

from wyoming.asr import Transcribe
from wyoming.event import Event
from wyoming.info import Describe
from wyoming.ping import Ping, Pong
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop
from wyoming.user_event import UserEvent
from wyoming.wake import Detect

from waifu_wire.server import Connection

from .aligning import Aligning
from .describe import with_refused
from .downloading import Downloading
from .engines import Engines
from .errors import SpeechError
from .hearing import Hearing
from .incoming import answering, fail
from .speaking import SpeechRequest, SpeechStream
from .tts.delivery import Delivery, read_delivery
from .waking import Waking

MAX_WAITING_REQUESTS: Final = 8
_SOUND: Final = frozenset({"audio-start", "audio-chunk", "audio-stop"})


class BadRequestError(SpeechError):
    """A client's event makes no sense here."""


class Session:
    """One client's requests, answered in their order."""

    def __init__(self, connection: Connection, engines: Engines) -> None:
        """Take the client and what can serve it."""
        self._connection = connection
        self._engines = engines
        self._requests: asyncio.Queue[SpeechRequest] = asyncio.Queue()
        self._streaming: SpeechRequest | None = None
        self._speaking: asyncio.Task[None] | None = None
        self._hearing = Hearing(connection, engines)
        self._aligning = Aligning(connection, engines)
        self._waking = Waking(connection, engines)
        self._downloading = Downloading(connection, engines)

    async def run(self) -> None:
        """Serve until the client leaves."""
        try:
            while (event := await self._connection.read()) is not None:
                await self._handle_checked(event)
        finally:
            await self._hearing.close()
            await self._aligning.close()
            await self._waking.close()
            await self._downloading.close()
            if self._speaking is not None:
                self._speaking.cancel()
                await asyncio.gather(self._speaking, return_exceptions=True)

    async def _handle_checked(self, event: Event) -> None:
        """Handle one event; a bad one gets a sentence."""
        try:
            await self._handle(event)
        except SpeechError as err:
            await fail(self._connection, err)
        except (KeyError, TypeError, ValueError, AttributeError):
            # The library's event classes index into whatever the client sent.
            bad = BadRequestError(f"The event {event.type[:40]!r} lacks what it needs")
            await fail(self._connection, bad)

    async def _handle(self, event: Event) -> None:
        """Send one event where it belongs; unknown ones are ignored, as Wyoming asks."""
        if Describe.is_type(event.type):
            await self._connection.write(
                with_refused(self._engines.info, self._connection.refused())
            )
        elif Ping.is_type(event.type):
            await self._connection.write(Pong(text=Ping.from_event(event).text).event())
        elif Synthesize.is_type(event.type):
            self._synthesize(event)
        elif SynthesizeStart.is_type(event.type):
            self._streaming = self._request(event, streamed=True)
        elif SynthesizeChunk.is_type(event.type):
            self._add_chunk(event.data)
        elif SynthesizeStop.is_type(event.type):
            self._stream().end()
            self._streaming = None
        elif UserEvent.is_type(event.type):
            self._handle_user_event(UserEvent.from_event(event))
        elif Detect.is_type(event.type):
            self._waking.detect(Detect.from_event(event))
        elif Transcribe.is_type(event.type):
            self._waking.waits = False
            self._hearing.transcribe(Transcribe.from_event(event))
        elif event.type in _SOUND:
            await self._handle_sound(event)

    def _handle_user_event(self, event: UserEvent) -> None:
        """Take what only our clients send."""
        if event.name == "grammar":
            self._hearing.add_grammar(event.data or {})
        elif event.name == "align":
            self._aligning.begin(event.data or {})
        elif event.name == "download":
            self._downloading.begin(event.data or {})

    async def _handle_sound(self, event: Event) -> None:
        """Give sound to what waits for it: a text to align, wake words, else a recogniser."""
        if self._aligning.waits:
            self._aligning.take(event)
        elif self._waking.waits:
            await self._waking.take(event)
        else:
            await self._hearing.take(event)

    def _synthesize(self, event: Event) -> None:
        """Take a whole text; within a stream it only repeats the chunks for older servers."""
        if self._streaming is not None:
            return
        request = self._request(event, streamed=False)
        request.add(_text(event.data))
        request.end()

    def _add_chunk(self, data: dict[str, Any]) -> None:
        """Take more text, and the feeling in which it is said from here on."""
        request = self._stream()
        if "feeling" in data:
            feeling = data["feeling"]
            request.feel(_felt(request.delivery, feeling), _offset(feeling))
        request.add(_text(data))

    def _stream(self) -> SpeechRequest:
        """Return the streamed request that is open."""
        if self._streaming is None:
            raise BadRequestError("Text came without `synthesize-start`")
        return self._streaming

    def _request(self, event: Event, *, streamed: bool) -> SpeechRequest:
        """Queue a request and see that somebody works on the queue."""
        if self._requests.qsize() >= MAX_WAITING_REQUESTS:
            raise BadRequestError("Too many requests wait on this connection")
        voice = event.data.get("voice") or {}
        context = event.data.get("context") or {}
        delivery = read_delivery({"speaker": voice.get("speaker"), **context})
        request = SpeechRequest(
            delivery=_felt(delivery, context.get("feeling")),
            voice=self._engines.catalog.find(voice.get("name"), voice.get("language")),
            marks=context.get("speech_marks") is True,
            segmented=context.get("segmented") is True,
            streamed=streamed,
        )
        self._requests.put_nowait(request)
        if self._speaking is None:
            self._speaking = asyncio.create_task(self._speak(), name="waifu speech speaking")
        return request

    async def _speak(self) -> None:
        """Answer the requests one after the other."""
        async with answering(self._connection, "Speaking"):
            while True:
                request = await self._requests.get()
                await SpeechStream(self._connection, self._engines, request).run()


def _text(data: dict[str, Any]) -> str:
    """Return the text of an event."""
    text = data["text"]
    if not isinstance(text, str):
        raise TypeError(text)
    return text


def _offset(feeling: dict[str, Any] | None) -> int | None:
    """Return where in the request's text a feeling begins, nothing where that is not said."""
    offset = (feeling or {}).get("offset")
    return None if offset is None else int(offset)


def _felt(delivery: Delivery, feeling: dict[str, Any] | None) -> Delivery:
    """Return the delivery of somebody with that feeling, `{"name", "intensity"}`."""
    if not feeling:
        return delivery
    return delivery.felt(str(feeling["name"]), float(feeling.get("intensity", 1.0)))
