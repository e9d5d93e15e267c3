"""Plays one sound after the other, and tells when each was heard."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
import logging

from .audio.base import AudioError, AudioOut
from .clock import Clock
from .echo.reference import EchoReference
from .sound import Kind, Place, Sound

LOGGER = logging.getLogger(__name__)

# So much is collected before a stream begins to sound, against gaps between its chunks.
PREBUFFER_MS = 60.0
# A stream whose next chunk does not come for so long has ended.
STARVED_S = 10.0
# 12 dB: she is still understood, and a voice in the room is louder than her echo.
DUCKED_GAIN = 0.25


class Stopped(StrEnum):
    """Why a sound ended (contracts §4: `playback-stopped`)."""

    FINISHED = "finished"
    CANCELLED = "cancelled"
    BARGE_IN = "barge_in"
    MUTED = "muted"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A sound's first sample is at the loudspeaker."""

    sound: Sound
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A sound is at this place."""

    sound: Sound
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A sound is over."""

    sound: Sound
    place: Place
    reason: Stopped
    last: bool
    """Nothing else that counts as talk is waiting."""


type Report = Started | Position | Ended


class Player:
    """The queue in front of the loudspeaker."""

    def __init__(self, clock: Clock, out: AudioOut, report: Callable[[Report], None]) -> None:
        """Play on `out`, tell `report` in the event loop."""
        self._clock = clock
        self._out = out
        self._report = report
        self._loop = asyncio.get_running_loop()
        self._queue: deque[Sound] = deque()
        self._task: asyncio.Task[None] | None = None
        self._fed = asyncio.Event()
        self._volume = 1.0
        self._ducked = False
        self.reference: EchoReference | None = None
        """Where the echo canceller learns what is said."""

    @property
    def rate_hz(self) -> int:
        """Return the rate that sounds must have."""
        return self._out.rate_hz

    @property
    def playing(self) -> bool:
        """Return whether a sound is in the loudspeaker or on its way."""
        return bool(self._queue)

    @property
    def volume(self) -> float:
        """Return how loud sounds are, 0…1."""
        return self._volume

    @volume.setter
    def volume(self, volume: float) -> None:
        """Play louder or softer, from the next 20 ms on."""
        self._volume = min(1.0, max(0.0, volume))
        self._set_volumes()

    def duck(self, *, ducked: bool) -> None:
        """Speak softly while somebody else speaks."""
        if ducked != self._ducked:
            self._ducked = ducked
            self._set_volumes()

    def _set_volumes(self) -> None:
        """Tell every sound how loud it is now."""
        gain = DUCKED_GAIN if self._ducked else 1.0
        for sound in self._queue:
            # A bell that rings softer is not heard by who is to hear it.
            sound.volume = self._volume * (1.0 if sound.kind is Kind.RING else gain)

    def play(self, sound: Sound) -> None:
        """Put a sound at the end of the queue."""
        sound.on_place = lambda place, first: self._from_device(sound, place, first)
        self._queue.append(sound)
        self._set_volumes()
        if self._task is None:
            self._task = self._loop.create_task(self._run(), name="waifu satellite player")

    def fed(self) -> None:
        """Tell that a sound got samples or its end."""
        self._fed.set()

    def stop(self, reason: Stopped, kinds: frozenset[Kind] = frozenset(Kind)) -> None:
        """Silence every sound of these kinds at once."""
        now_ms = self._clock.now_ms()
        gone = [sound for sound in self._queue if sound.kind in kinds]
        if not gone:
            return
        if self._queue[0].kind in kinds and self._task is not None:
            self._task.cancel()
            self._task = None
            if self.reference is not None:
                self.reference.cut(now_ms)
        self._queue = deque(sound for sound in self._queue if sound.kind not in kinds)
        for sound in gone:
            self._ended(sound, sound.place_at(now_ms), reason)
        if self._queue and self._task is None:
            self._task = self._loop.create_task(self._run(), name="waifu satellite player")

    async def close(self) -> None:
        """Be silent and let go of the loudspeaker."""
        task = self._task
        self.stop(Stopped.ERROR)
        if task is not None:
            await asyncio.gather(task, return_exceptions=True)
        await self._out.close()

    async def _run(self) -> None:
        """Play what is in the queue."""
        while self._queue and self._task is asyncio.current_task():
            sound = self._queue[0]
            try:
                await self._prebuffer(sound)
                if self.reference is not None:
                    self.reference.begin(sound.rate_hz)
                    sound.tap = self.reference.take
                starving = self._loop.create_task(self._end_when_starved(sound))
                try:
                    await self._out.play(sound)
                finally:
                    starving.cancel()
                reason = Stopped.FINISHED
            except AudioError as err:
                LOGGER.warning("The loudspeaker failed: %s", err)
                reason = Stopped.ERROR
            except Exception:
                LOGGER.exception("Playing a sound failed")
                reason = Stopped.ERROR
            self._queue.popleft()
            now_ms = self._clock.now_ms()
            finished = reason is Stopped.FINISHED
            place = sound.end(now_ms) if finished else sound.place_at(now_ms)
            self._ended(sound, place, reason)
        if self._task is asyncio.current_task():
            self._task = None

    async def _prebuffer(self, sound: Sound) -> None:
        """Wait until enough of the sound is there to begin."""
        while not sound.complete and sound.ready_ms < PREBUFFER_MS:
            if not await self._more(STARVED_S):
                sound.finish()

    async def _end_when_starved(self, sound: Sound) -> None:
        """End a stream that gets neither samples nor an end."""
        while not sound.complete:
            if not await self._more(STARVED_S) and sound.ready_ms == 0.0:
                LOGGER.warning("A sound stopped arriving, it ends here")
                sound.finish()

    async def _more(self, timeout_s: float) -> bool:
        """Return whether something came within the time."""
        self._fed.clear()
        try:
            async with asyncio.timeout(timeout_s):
                await self._fed.wait()
        except TimeoutError:
            return False
        return True

    def _from_device(self, sound: Sound, place: Place, first: bool) -> None:
        """Report a place; may be called in the device's own thread."""
        event = Started(sound=sound, place=place) if first else Position(sound=sound, place=place)
        self._loop.call_soon_threadsafe(self._report_if_playing, event)

    def _report_if_playing(self, event: Started | Position) -> None:
        """Report unless the sound has been stopped meanwhile."""
        if self._queue and self._queue[0] is event.sound:
            self._report(event)

    def _ended(self, sound: Sound, place: Place, reason: Stopped) -> None:
        """Report a sound's end."""
        last = not any(waiting.kind in {Kind.STREAM, Kind.NOTICE} for waiting in self._queue)
        self._report(Ended(sound=sound, place=place, reason=reason, last=last))
