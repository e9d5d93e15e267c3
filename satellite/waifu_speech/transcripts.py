"""Tell a client what is understood: Wyoming's streamed transcript, and our whole guesses."""

from typing import Any

from wyoming.asr import Transcribe, Transcript, TranscriptChunk, TranscriptStart, TranscriptStop
from wyoming.user_event import UserEvent

from waifu_wire.server import Connection


class Transcripts:
    """The transcript of one utterance on its way to the client.

    `transcript-chunk`s are words that will not change any more; `partial-transcript` is the whole
    guess (contracts §3). The `transcript` at the end is what counts.
    """

    def __init__(self, connection: Connection) -> None:
        """Take where it goes."""
        self._connection = connection
        self._started = False
        self._chunks = 0

    async def partial(self, data: dict[str, Any]) -> None:
        """Send a guess, and what it settles."""
        if data.get("settled"):
            await self._settle(data["settled"], data.get("language"))
        paused = {"paused": True} if data.get("paused") else {}
        guess = UserEvent(name="partial-transcript", data={"text": data["text"], **paused})
        await self._connection.write(guess.event())

    async def final(self, data: dict[str, Any]) -> None:
        """Send the rest and the end."""
        if data.get("settled") and (self._started or "language" in data):
            await self._settle(data["settled"], data.get("language"))
        if self._started:
            await self._connection.write(TranscriptStop().event())
        language = data.get("language") or "en"
        await self._connection.write(Transcript(text=data["text"], language=language).event())

    async def _settle(self, text: str, language: str | None) -> None:
        """Send words that stand."""
        if not self._started:
            self._started = True
            await self._connection.write(TranscriptStart(language=language).event())
        space = " " if self._chunks else ""
        self._chunks += 1
        await self._connection.write(TranscriptChunk(text=space + text).event())


def start_data(request: Transcribe, *, beam: int, whole_window: bool) -> dict[str, Any]:
    """Return how to listen, from what a client asks for (contracts §3) and the owner has set."""
    context = request.context or {}
    language = (
        request.language.replace("_", "-").split("-")[0].lower() if request.language else None
    )
    return {
        "language": language,
        "names": request.transcript_names or [],
        "terms": request.transcript_terms or [],
        "endpoint": context.get("endpoint") is True,
        "sensitivity": request.vad_sensitivity,
        "beam": beam,
        "whole_window": whole_window,
    }
