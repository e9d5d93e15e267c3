"""The satellite's own sounds, made of sine tones, so that nothing has to be shipped."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from .sound import Kind, Sound


class Signal(StrEnum):
    """What a sound of ours means."""

    LISTENING = "listening"
    ERROR = "error"
    OFFLINE = "offline"
    TIMER = "timer"
    IDENTIFY = "identify"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """One tone; 0 Hz is a pause."""

    hz: float
    ms: int


PEAK: Final = 0.25
FADE_MS: Final = 8
MELODIES: Final[dict[Signal, tuple[Tone, ...]]] = {
    Signal.LISTENING: (Tone(hz=660, ms=70), Tone(hz=880, ms=90)),
    Signal.ERROR: (Tone(hz=330, ms=160), Tone(hz=262, ms=240)),
    Signal.OFFLINE: (Tone(hz=392, ms=140), Tone(hz=330, ms=140), Tone(hz=262, ms=260)),
    Signal.IDENTIFY: tuple(Tone(hz=hz, ms=110) for hz in (523, 659, 784, 1047)),
    Signal.TIMER: (
        *(Tone(hz=880, ms=120), Tone(hz=0, ms=80)) * 3,
        Tone(hz=0, ms=500),
    ),
}


def make_signal(signal: Signal, *, kind: Kind, rate_hz: int, repeat: int = 1) -> Sound:
    """Return a complete sound at the loudspeaker's rate."""
    sound = Sound(kind=kind, rate_hz=rate_hz)
    melody = b"".join(_samples(tone, rate_hz) for tone in MELODIES[signal])
    sound.feed(melody * repeat)
    sound.finish()
    return sound


def _samples(tone: Tone, rate_hz: int) -> bytes:
    """Return one tone with soft edges."""
    count = rate_hz * tone.ms // 1000
    time_s = np.arange(count) / rate_hz
    fade = max(1, rate_hz * FADE_MS // 1000)
    ramp = np.minimum(1.0, np.minimum(np.arange(count), np.arange(count)[::-1]) / fade)
    wave = np.sin(2 * np.pi * tone.hz * time_s) * ramp * PEAK * 32767
    return bytes(wave.astype("<i2").tobytes())
