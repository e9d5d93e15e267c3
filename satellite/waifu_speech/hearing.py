"""Listen to one client: grammar and sound in, partial and final transcripts out."""

from typing import Any

from waifu_wire.server import Connection
from wyoming.asr import Transcribe
from wyoming.audio import AudioChunk, AudioStart

from .engines import Engines


class Hearing:
    """One client's recognition."""

    def __init__(self, connection: Connection, engines: Engines) -> None:
        self._connection = connection
        self._engines = engines

    def add_grammar(self, data: dict[str, Any]) -> None: ...
    async def transcribe(self, request: Transcribe) -> None: ...
    async def audio_start(self, start: AudioStart) -> None: ...
    async def audio(self, chunk: AudioChunk) -> None: ...
    async def audio_stop(self) -> None: ...
    async def close(self) -> None: ...
