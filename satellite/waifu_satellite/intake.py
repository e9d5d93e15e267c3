"""Takes the audio that Home Assistant sends and makes a sound of it."""

from collections.abc import Callable
import logging
from typing import TYPE_CHECKING, Final

import numpy as np
from wyoming.event import Event

from .audio.wav import to_mono
from .player import Player
from .sound import Kind, Sound

if TYPE_CHECKING:
    import soxr

LOGGER = logging.getLogger(__name__)

# Ten minutes at 48 kHz: Home Assistant sends as fast as it can, a stream without end must stop.
MAX_SOUND_S: Final = 600.0
MIN_RATE_HZ: Final = 4_000
MAX_RATE_HZ: Final = 192_000


class Intake:
    """One incoming stream at a time: `audio-start`, `audio-chunk`…, `audio-stop`."""

    def __init__(self, player: Player, on_start: Callable[[Sound], None]) -> None:
        """Put each stream into the player; tell `on_start` just before."""
        self._player = player
        self._on_start = on_start
        self._sound: Sound | None = None
        self._resampler: soxr.ResampleStream | None = None
        self._channels = 1
        self._received_s = 0.0
        self._rate_hz = 0
        self._carry = b""
        self._turn_id: str | None = None

    @property
    def receiving(self) -> Sound | None:
        """Return the sound that is still arriving."""
        return self._sound

    def expect(self, turn_id: str | None) -> None:
        """Take the turn that the next stream belongs to (`reply-audio`)."""
        self._turn_id = turn_id

    def start(self, event: Event) -> None:
        """Begin a stream."""
        self.stop()
        rate_hz, width, channels = _format(event)
        turn_id, self._turn_id = self._turn_id, None
        sound = Sound(kind=Kind.STREAM, rate_hz=self._player.rate_hz, turn_id=turn_id)
        self._sound = sound
        self._channels = channels
        self._rate_hz = rate_hz
        self._carry = b""
        self._received_s = 0.0
        self._resampler = _resampler(rate_hz, self._player.rate_hz)
        self._on_start(sound)
        self._player.play(sound)
        if width != 2 or channels < 1 or not MIN_RATE_HZ <= rate_hz <= MAX_RATE_HZ:
            LOGGER.warning("A sound of %s Hz, %s bytes can't be played", rate_hz, width)
            self.stop()

    def chunk(self, event: Event) -> None:
        """Add samples to the stream; without one they are the rest of a stopped sound."""
        if self._sound is None or not event.payload:
            return
        # A chunk may be cut inside a sample, the next one brings the rest.
        pcm = self._carry + event.payload
        whole = len(pcm) // (2 * self._channels) * 2 * self._channels
        self._carry = pcm[whole:]
        pcm = to_mono(pcm[:whole], self._channels)
        self._received_s += len(pcm) / 2 / self._rate_hz
        if self._received_s > MAX_SOUND_S:
            LOGGER.warning("A sound is longer than %d s, the rest is dropped", MAX_SOUND_S)
            self.stop()
            return
        self._sound.feed(self._converted(pcm, last=False))
        self._player.fed()

    def stop(self) -> None:
        """End the stream (`audio-stop`)."""
        if self._sound is None:
            return
        sound, self._sound = self._sound, None
        if self._resampler is not None:
            sound.feed(self._converted(b"", last=True))
        sound.finish()
        self._player.fed()

    def drop(self) -> None:
        """Ignore what still comes of the present stream."""
        self._sound = None
        self._turn_id = None

    def _converted(self, pcm: bytes, *, last: bool) -> bytes:
        """Return samples at the loudspeaker's rate."""
        if self._resampler is None:
            return pcm
        samples = np.frombuffer(pcm, dtype="<i2")
        return bytes(self._resampler.resample_chunk(samples, last=last).astype("<i2").tobytes())


def _format(event: Event) -> tuple[int, int, int]:
    """Return rate, width and channels of an `audio-start`; 0 where one is no number."""
    values = [event.data.get(key) for key in ("rate", "width", "channels")]
    rate_hz, width, channels = (value if isinstance(value, int) else 0 for value in values)
    return rate_hz, width, channels


def _resampler(from_hz: int, to_hz: int) -> "soxr.ResampleStream | None":
    """Return a resampler where the rates differ."""
    if from_hz == to_hz or not MIN_RATE_HZ <= from_hz <= MAX_RATE_HZ:
        return None
    # Imported where it is needed: a loudspeaker at the voice's own rate never loads it.
    import soxr  # noqa: PLC0415 - see above

    return soxr.ResampleStream(from_hz, to_hz, 1, dtype="int16")
