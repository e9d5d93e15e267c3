"""Listen to one client: grammar and sound in, partial and final transcripts out."""

import hashlib
from typing import Any, Final, override

from wyoming.asr import Transcribe
from wyoming.event import Event

from waifu_wire.server import Connection

from .engines import Engines, Line
from .grammars import GrammarParts
from .incoming import Sound, StreamListener, passing_on
from .recognisers import HearingError, Recogniser, find_recogniser
from .stt.minimal import minimal_grammar
from .transcripts import Transcripts, start_data
from .worker import split_payload

# Nobody speaks a command for so long; what comes later is not heard any more.
MAX_COMMAND_S: Final = 30.0
MAX_DICTATION_S: Final = 20 * 60.0
# A client that went silent without `audio-stop` must not keep a recogniser.
MAX_WAIT_S: Final = 20.0


class Hearing(StreamListener):
    """One client's recognition, one utterance at a time."""

    error = HearingError
    purpose = "recognised"

    def __init__(self, connection: Connection, engines: Engines) -> None:
        """Take the client and what can serve it."""
        super().__init__(connection)
        self._engines = engines
        self._parts = GrammarParts(engines.grammars)
        self._grammar: str | None = None
        self._recogniser: Recogniser | None = None
        self._request = Transcribe()

    def add_grammar(self, data: dict[str, Any]) -> None:
        """Take a part of the grammar."""
        self._grammar = self._parts.add(data) or self._grammar

    def transcribe(self, request: Transcribe) -> None:
        """Choose the recogniser that fits; raise a sentence where there is none."""
        self._recogniser = find_recogniser(
            self._engines.recognisers, request.name, request.language
        )
        self._request = request
        if not self.is_busy:
            self.expect()

    @override
    def prepare(self) -> float:
        """Listen with the recogniser that was asked for, else with the best."""
        if self._recogniser is None:
            self._recogniser = find_recogniser(self._engines.recognisers, None, None)
        return MAX_COMMAND_S if self._recogniser.commands_only else MAX_DICTATION_S

    @override
    async def listen(self, sound: Sound) -> None:
        """Recognise one utterance and send its transcript."""
        recogniser = self._recogniser
        assert recogniser is not None
        async with self._engines.recogniser(recogniser) as line:
            if recogniser.commands_only:
                await self._start_commands(line)
            else:
                await line.send(Event("start", self._start_data()))
            await self._recognize(line, sound)

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

    async def _recognize(self, line: Line, sound: Sound) -> None:
        """Send the sound on while what is understood comes back and goes to the client."""
        transcripts = Transcripts(self._connection)
        async with passing_on(sound, line, patience_s=MAX_WAIT_S):
            while (event := await line.receive(timeout_s=None)).type != "final":
                await transcripts.partial(event.data)
        await transcripts.final(event.data)
