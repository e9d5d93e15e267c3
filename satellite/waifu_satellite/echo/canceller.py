"""Cancels the echo while there is one, and notices that somebody speaks into her speech."""

from typing import Final, Protocol

import numpy as np

from waifu_satellite.format import FRAME_BYTES, FRAME_MS, FRAME_SAMPLES
from waifu_satellite.hearing.vad import loudness_db

from .reference import EchoReference, Samples
from .timebase import SampleClock

# The filter goes on for longer than its tail after the sound, so that its memory is empty then.
AFTER_FRAMES: Final = 500 // FRAME_MS
SILENCE: Final = np.zeros(FRAME_SAMPLES, dtype=np.int16)


class Canceller(Protocol):
    """What takes an echo out of one frame."""

    def cancel(self, heard: bytes, said: bytes) -> bytes:
        """Return what was heard without what was said."""


class Echo:
    """The microphone on its way to the ears."""

    def __init__(self, canceller: Canceller | None) -> None:
        """Cancel with a filter; without one only the clock is kept."""
        self._clock = SampleClock()
        self.reference = EchoReference(self._clock)
        self._canceller = canceller
        self._near = NearSpeech()
        self._after = 0
        self._hardware: list[bytes] = []

    @property
    def near_speech(self) -> bool:
        """Return whether somebody speaks while she does."""
        return self._near.heard

    @property
    def only_hers(self) -> bool:
        """Return whether what is heard is her own voice, and surely nobody else's."""
        return self._after > 0 and self._near.absent

    def device_reference(self, pcm: bytes) -> None:
        """Take what the device itself says it played with the next frame (a loopback channel)."""
        self._hardware.append(pcm)

    def clean(self, pcm: bytes, index: int, at_ms: float) -> bytes:
        """Return a frame, whose first sample has an index, without her voice."""
        self._clock.note(index, at_ms)
        said = self._said(index)
        if said is None and self._after == 0:
            self._near.rest()
            return pcm
        self._after = AFTER_FRAMES if said is not None else self._after - 1
        if self._canceller is None or len(pcm) != FRAME_BYTES:
            return pcm
        said = SILENCE if said is None else said
        cleaned = self._canceller.cancel(pcm, said.tobytes())
        self._near.hear(loudness_db(cleaned), loudness_db(_difference(pcm, cleaned)))
        return cleaned

    def _said(self, index: int) -> Samples | None:
        """Return what was said with a frame."""
        said = self.reference.read(index, FRAME_SAMPLES)
        if self._hardware:
            pcm = b"".join(self._hardware)[-FRAME_BYTES:]
            self._hardware.clear()
            # A loopback channel is never digitally silent.
            hardware = np.frombuffer(pcm, dtype="<i2").astype(np.int16)
            return hardware if said is not None or self._after else None
        return said


def _difference(heard: bytes, cleaned: bytes) -> bytes:
    """Return what was taken out of a frame."""
    taken: Samples = np.frombuffer(heard, "<i2") - np.frombuffer(cleaned, "<i2")
    return taken.tobytes()


class NearSpeech:
    """Tells a voice in the room from what the filter leaves of her own.

    What is left follows what the filter takes out, with the room's tail and at any volume, at a
    distance that hardly changes: a voice that comes closer than that is another one.
    """

    OVER_REST_DB: Final = 6.0
    FOLLOW: Final = 0.05
    RISE_DB: Final = 0.05
    FRAMES: Final = 3
    HOLD_FRAMES: Final = 1000 // FRAME_MS
    LEARN_FRAMES: Final = 600 // FRAME_MS
    QUIET_DB: Final = -55.0
    KNOWN_DB: Final = -10.0

    def __init__(self) -> None:
        """Start without an opinion."""
        self._distance_db = 0.0
        self._learned = 0
        self._run = 0
        self._hold = 0

    @property
    def heard(self) -> bool:
        """Return whether a voice in the room is heard."""
        return self._hold > 0

    @property
    def absent(self) -> bool:
        """Return whether nobody else speaks, as far as a filter that knows the room can tell."""
        return not self.heard and self._distance_db < self.KNOWN_DB

    def rest(self) -> None:
        """Take that she is silent."""
        self._run = self._hold = 0

    def hear(self, left_db: float, taken_db: float) -> None:
        """Take the loudness of what is left of a frame, and of what was taken out of it."""
        self._hold = max(0, self._hold - 1)
        if max(left_db, taken_db) < self.QUIET_DB:
            self._run = 0
            return
        distance_db = left_db - max(taken_db, self.QUIET_DB)
        near = distance_db > self._distance_db + self.OVER_REST_DB and left_db > self.QUIET_DB
        self._learned += 1
        self._run = self._run + 1 if near and self._learned > self.LEARN_FRAMES else 0
        if self._run >= self.FRAMES:
            self._hold = self.HOLD_FRAMES
        step_db = self.FOLLOW * (distance_db - self._distance_db)
        self._distance_db += self.RISE_DB if near else step_db
