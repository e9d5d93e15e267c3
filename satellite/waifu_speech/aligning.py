"""Tell when each sound of a text is heard in a client's sound, whoever made it (contracts §2)."""

import asyncio
import logging
from typing import Any, Final

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event
from wyoming.user_event import UserEvent

from waifu_wire.server import Connection

from .engines import Engines
from .errors import NotAlignedError, SpeechError
from .marks import Source
from .worker import split_payload

LOGGER = logging.getLogger(__name__)

MAX_SOUND_S: Final = 60
MAX_TEXT: Final = 2000
_RATES_HZ: Final = range(8000, 96001)


class Aligning:
    """One client's requests, one after the other."""

    def __init__(self, connection: Connection, engines: Engines) -> None:
        """Take the client and what can serve it."""
        self._connection = connection
        self._engines = engines
        self._text = ""
        self._offset = 0
        self._rate_hz = 0
        self._sound = bytearray()
        self._tasks: set[asyncio.Task[None]] = set()
        self._end_ms = 0
        self.waits = False
        """Whether the sound that comes now belongs to a text that is to be aligned."""

    def begin(self, data: dict[str, Any]) -> None:
        """Take the text whose sound comes next."""
        if self._tasks:
            raise NotAlignedError("The last text is not aligned yet")
        language = str(data.get("language") or "en").replace("_", "-").split("-")[0].lower()
        if language not in self._engines.info.data["waifu_rt3d"]["align"]:
            raise NotAlignedError(f"This server can't align {language!r}")
        self._text, self._offset = str(data["text"]), int(data.get("offset") or 0)
        if len(self._text) > MAX_TEXT:
            raise NotAlignedError(f"A text to align has at most {MAX_TEXT} characters")
        self._sound = bytearray()
        self._rate_hz = 0
        self.waits = True

    def take(self, event: Event) -> None:
        """Take an event of the sound."""
        if AudioStart.is_type(event.type):
            start = AudioStart.from_event(event)
            if (start.width, start.channels) != (2, 1) or start.rate not in _RATES_HZ:
                raise NotAlignedError("Sound to align is mono, of 16 bit and 8 to 96 kHz")
            self._rate_hz = start.rate
        elif AudioChunk.is_type(event.type):
            self._sound += event.payload or b""
            if not self._rate_hz or len(self._sound) > MAX_SOUND_S * self._rate_hz * 2:
                raise NotAlignedError(f"A sound to align has at most {MAX_SOUND_S} s")
        elif AudioStop.is_type(event.type):
            self.waits = False
            task = asyncio.create_task(self._align(), name="waifu speech aligning")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _align(self) -> None:
        """Answer with marks, or with why there are none."""
        try:
            marks = await self._ask_engine()
        except SpeechError as err:
            answer = UserEvent(name="not-aligned", data={"reason": str(err)})
        except ConnectionError:
            return
        except Exception:
            LOGGER.exception("Aligning failed")
            self._connection.abort()
            return
        else:
            answer = UserEvent(name="speech-marks", data=self._answer(marks))
        await self._connection.write(answer.event())

    async def _ask_engine(self) -> list[tuple[str, int, int, int]]:
        """Return the marks that the engine finds."""
        pcm = bytes(self._sound[: len(self._sound) // 2 * 2])
        self._sound = bytearray()
        async with self._engines.aligner() as line:
            for piece in split_payload(pcm):
                await line.send(Event("sound", payload=piece))
            await line.send(Event("align", {"text": self._text, "rate_hz": self._rate_hz}))
            found = await line.receive()
        self._end_ms = len(pcm) // 2 * 1000 // max(1, self._rate_hz)
        return [(phoneme, start, end, char) for phoneme, start, end, char in found.data["marks"]]

    def _answer(self, marks: list[tuple[str, int, int, int]]) -> dict[str, Any]:
        """Return the marks as they go over the wire."""
        return {
            "text": self._text,
            "offset": self._offset,
            "start_ms": 0,
            "end_ms": self._end_ms,
            "source": Source.ALIGNED.value,
            "marks": [
                {
                    "phoneme": phoneme,
                    "start_ms": start_ms,
                    "end_ms": end_ms,
                    "char": self._offset + char,
                }
                for phoneme, start_ms, end_ms, char in marks
            ],
        }
