"""One sound on its way from Home Assistant to the loudspeaker."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
import threading

import numpy as np

from .format import SAMPLE_BYTES

POSITION_EVERY_MS = 250


class Kind(StrEnum):
    """Why a sound is played."""

    STREAM = "stream"
    """From Home Assistant: it is reported and answered by `played`."""
    NOTICE = "notice"
    """Our own sentence or signal, which is a state of its own."""
    CHIME = "chime"
    """Our own signal beside whatever goes on."""
    RING = "ring"
    """A timer's ringing, until it is stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which sample of a sound is at the loudspeaker at which time."""

    audio_ms: float
    at_ms: float


class Sound:
    """Samples that may still be arriving, pulled by the loudspeaker (also from its own thread)."""

    def __init__(self, *, kind: Kind, rate_hz: int, turn_id: str | None = None) -> None:
        """Make a sound at the loudspeaker's rate."""
        self.kind = kind
        self.turn_id = turn_id
        self.rate_hz = rate_hz
        self.volume = 1.0
        self.tap: Callable[[bytes, float | None], None] | None = None
        """Gets what the loudspeaker gets, as loud as that, and when it sounds."""
        self.on_place: Callable[[Place, bool], None] | None = None
        """Called with a place and whether it is the first sample."""
        self.started: Place | None = None
        self._pcm = bytearray()
        self._taken = 0
        self._complete = False
        self._last: tuple[int, float, int] = (0, 0.0, 0)
        self._reported_ms = 0.0
        self._gain: float | None = None
        self._lock = threading.Lock()

    @property
    def complete(self) -> bool:
        """Return whether all of it has arrived."""
        return self._complete

    @property
    def ready_ms(self) -> float:
        """Return how much is waiting to be played."""
        return self._ms(len(self._pcm) // SAMPLE_BYTES - self._taken)

    def feed(self, pcm: bytes) -> None:
        """Add samples at the loudspeaker's rate."""
        with self._lock:
            self._pcm += pcm

    def finish(self) -> None:
        """Say that nothing more will come."""
        self._complete = True

    def pull(self, samples: int, at_ms: float | None) -> bytes:
        """Return the next samples, filled up with silence while more is still to come."""
        with self._lock:
            start = self._taken * SAMPLE_BYTES
            pcm = bytes(self._pcm[start : start + samples * SAMPLE_BYTES])
        got = len(pcm) // SAMPLE_BYTES
        if at_ms is None:
            self._taken += got
        else:
            self._note(got, at_ms)
        if not self._complete:
            pcm += bytes((samples - got) * SAMPLE_BYTES)
        before, self._gain = self._gain, self.volume
        pcm = _louder(pcm, self.volume if before is None else before, self.volume)
        if self.tap is not None:
            self.tap(pcm, at_ms)
        return pcm

    def heard(self, place: Place) -> bytes:
        """Return the samples up to a place."""
        with self._lock:
            return bytes(self._pcm[: round(place.audio_ms * self.rate_hz / 1000.0) * SAMPLE_BYTES])

    def end(self, now_ms: float) -> Place:
        """Return where the last sample that was pulled has sounded."""
        # A device that never told its time has just finished.
        at_ms = now_ms if self.started is None else self._end_ms()
        return Place(audio_ms=self._ms(self._taken), at_ms=at_ms)

    def place_at(self, now_ms: float) -> Place:
        """Return what was last heard at a time, however far ahead the device has pulled."""
        if self.started is None:
            return Place(audio_ms=0.0, at_ms=now_ms)
        first, at_ms, samples = self._last
        heard = (now_ms - at_ms) * self.rate_hz / 1000.0
        heard = min(max(heard, -float(first)), float(samples))
        return Place(audio_ms=self._ms(first + heard), at_ms=min(now_ms, self._end_ms()))

    def _end_ms(self) -> float:
        """Return when the last sample that was pulled has sounded."""
        _first, at_ms, samples = self._last
        return at_ms + self._ms(samples)

    def _note(self, got: int, at_ms: float) -> None:
        """Remember where the loudspeaker is and report it now and then."""
        self._last = (self._taken, at_ms, got)
        place = Place(audio_ms=self._ms(self._taken), at_ms=at_ms)
        self._taken += got
        if self._taken == 0 or self.on_place is None:
            return
        if self.started is None:
            self.started = Place(audio_ms=0.0, at_ms=at_ms - place.audio_ms)
            self.on_place(self.started, True)
        elif place.audio_ms - self._reported_ms >= POSITION_EVERY_MS:
            self._reported_ms += POSITION_EVERY_MS
            self.on_place(place, False)

    def _ms(self, samples: float) -> float:
        """Return how long some samples sound."""
        return samples * 1000.0 / self.rate_hz


def _louder(pcm: bytes, before: float, volume: float) -> bytes:
    """Return the samples at another volume, gliding there from the one before without a click."""
    if before == volume == 1.0 or not pcm:
        return pcm
    samples = np.frombuffer(pcm, dtype="<i2")
    gains = np.linspace(before, volume, len(samples)) if before != volume else volume
    return (samples * gains).clip(-32768, 32767).astype("<i2").tobytes()
