"""Listen to one client for wake words (Wyoming `detect`, `detection`, `not-detected`)."""

from typing import override

from wyoming.event import Event
from wyoming.wake import Detect, Detection, NotDetected

from waifu_wire.server import Connection

from .engines import Engines, Line
from .errors import SpeechError
from .incoming import Sound, StreamListener, passing_on


class UnknownWakeWordError(SpeechError):
    """A wake word is asked for that is not installed."""


class Waking(StreamListener):
    """One client's stream of sound, in which words are looked for until it ends."""

    purpose = "listened to for wake words"

    def __init__(self, connection: Connection, engines: Engines) -> None:
        """Take the client and what can serve it."""
        super().__init__(connection)
        self._engines = engines
        self._specs: list[str] = []
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
        self.expect()

    @override
    async def listen(self, sound: Sound) -> None:
        """Look for the words up to the end of the stream."""
        async with self._engines.waker() as line:
            await line.send(Event("start", {"specs": self._specs}))
            await line.receive()
            await self._pass_on(line, sound)

    async def _pass_on(self, line: Line, sound: Sound) -> None:
        """Send the sound to the engine while its findings go to the client."""
        found = False
        # A room is listened to for as long as it likes, also while it is silent.
        async with passing_on(sound, line, patience_s=None):
            while (event := await line.receive(timeout_s=None)).type != "final":
                found = True
                detection = Detection(name=event.data["name"], timestamp=event.data["at_ms"])
                await self._connection.write(detection.event())
        if not found:
            await self._connection.write(NotDetected().event())
