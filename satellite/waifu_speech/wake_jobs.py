"""What the worker of the wake words does with events: the satellite's engines, for rooms without one."""

from collections.abc import Iterable
from typing import Final

from wyoming.event import Event

from waifu_satellite.wake.base import Wake, WakeEngine, WakeError
from waifu_satellite.wake.engines import make_engines
from waifu_satellite.wake.listener import WakeListener

from .errors import SpeechError

RATE_HZ: Final = 16000


class WakeJobs:
    """Listen to one client after the other for the words that it wants."""

    def __init__(self) -> None:
        """Load nothing yet: models are loaded with the first client that wants them."""
        self._listeners: list[WakeListener] = []
        self._engines: dict[tuple[str, ...], list[WakeEngine]] = {}
        self._found: list[Wake] = []
        self._end = 0

    def handle(self, event: Event) -> list[Event]:
        """Return the answers to one event."""
        if event.type == "start":
            self._start(event.data["specs"])
            return [Event("started")]
        if event.type == "audio":
            return self._hear(event.payload or b"")
        return [Event("final")]

    def _start(self, wanted: Iterable[str]) -> None:
        """Listen for words from silence on."""
        specs = tuple(wanted)
        if specs not in self._engines:
            try:
                self._engines[specs] = make_engines(specs)
            except WakeError as err:
                raise SpeechError(str(err)) from err
        for engine in self._engines[specs]:
            engine.reset()
        self._listeners = [WakeListener(one, self._found.append) for one in self._engines[specs]]
        self._end = 0

    def _hear(self, pcm: bytes) -> list[Event]:
        """Take sound; tell the words in it."""
        self._end += len(pcm) // 2
        for listener in self._listeners:
            listener.feed(pcm, self._end)
        found, self._found[:] = list(self._found), []
        return [
            Event("detected", {"name": one.word.name, "at_ms": one.at_sample * 1000 // RATE_HZ})
            for one in found
        ]
