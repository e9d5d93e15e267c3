"""Does the microphone hear the loudspeaker? A short sweep is played and looked for."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import numpy as np
from wyoming.event import Event

from . import protocol
from .format import MIC_RATE_HZ, SAMPLE_BYTES
from .hearing.vad import loudness_db
from .player import Player
from .sound import Kind, Sound
from .states import State

SWEEP_HZ: Final = (500.0, 2500.0)
SWEEP_S: Final = 0.3
FADE_S: Final = 0.02
PEAK: Final = 0.25
QUIET_S: Final = 0.5
"""The room is heard for so long before the sweep."""
OPEN_S: Final = 3.0
"""A microphone that was just opened may need so long for its first sound."""
HEAR_S: Final = 1.7
"""Sound servers and Bluetooth loudspeakers need up to a second and a half."""
UNFIT: Final = {State.MUTED: "muted", State.AUDIO_FAULT: "deaf"}

type Floats = np.ndarray[Any, np.dtype[np.float64]]
type JsonObject = dict[str, object]


class Loopback:
    """One test at a time; between tests no frame is kept."""

    def __init__(self, player: Player, send: Callable[[Event], None], *, device: bool) -> None:
        """Play, and tell the result to `send`; `device` tells whether the microphone is a real one."""
        self._player = player
        self._send = send
        self._device = device
        self._heard = bytearray()
        self._enough = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def ask(self, state: State) -> None:
        """Begin, or tell why nothing can be heard in this state."""
        if state is not State.IDLE:
            self._tell({"state": UNFIT.get(state, "busy")})
        elif self._task is None:
            loop = asyncio.get_running_loop()
            self._task = loop.create_task(self._run(), name="waifu satellite sound test")

    def hear(self, pcm: bytes) -> None:
        """Take a frame as the microphone gave it, with the loudspeaker's sound still in it."""
        if self._task is not None:
            self._heard += pcm
            if len(self._heard) >= QUIET_S * MIC_RATE_HZ * SAMPLE_BYTES:
                self._enough.set()

    def close(self) -> None:
        """End the test without a word."""
        if self._task is not None:
            self._task.cancel()
        self._end()

    async def _run(self) -> None:
        """Hear the room, play, hear again, tell."""
        with suppress(TimeoutError):
            async with asyncio.timeout(OPEN_S):
                await self._enough.wait()
        quiet = bytes(self._heard)
        sound = Sound(kind=Kind.CHIME, rate_hz=self._player.rate_hz)
        sound.feed((sweep(sound.rate_hz) * 32767).astype("<i2").tobytes())
        sound.finish()
        self._player.play(sound)
        await asyncio.sleep(HEAR_S)
        heard = bytes(self._heard[len(quiet) :])
        self._end()
        if not quiet or not heard:
            self._tell({"state": "deaf"})
        else:
            self._tell({"state": "done", "device": self._device, **judged(quiet, heard)})

    def _tell(self, data: JsonObject) -> None:
        """Tell what came out (contracts §4)."""
        self._send(protocol.sound_test(data))

    def _end(self) -> None:
        """Keep nothing."""
        self._task = None
        self._heard.clear()
        self._enough.clear()


def sweep(rate_hz: int) -> Floats:
    """Return a sine that rises, with soft edges: it is found even in a loud room."""
    time_s = np.arange(round(SWEEP_S * rate_hz)) / rate_hz
    low, high = SWEEP_HZ
    phase = 2 * np.pi * (low * time_s + (high - low) * time_s**2 / (2 * SWEEP_S))
    fade = np.minimum(1.0, np.minimum(time_s, time_s[::-1]) / FADE_S)
    wave: Floats = np.sin(phase) * fade * PEAK
    return wave


def judged(quiet: bytes, heard: bytes) -> JsonObject:
    """Return the levels, how alike what was heard is to the sweep (0…1), and when it came."""
    samples = np.frombuffer(heard, dtype="<i2").astype(np.float64)
    wanted = sweep(MIC_RATE_HZ)
    likeness = _likeness(samples, wanted)
    at = int(np.argmax(likeness)) if len(likeness) else 0
    window = samples[at : at + len(wanted)].astype("<i2").tobytes()
    return {
        "noise_db": round(loudness_db(quiet), 1),
        "level_db": round(loudness_db(window), 1),
        "match": round(float(likeness[at]) if len(likeness) else 0.0, 2),
        "delay_ms": round(at * 1000 / MIC_RATE_HZ),
    }


def _likeness(samples: Floats, wanted: Floats) -> Floats:
    """Return the normalised correlation at each place (a matched filter, in size alone)."""
    count = len(samples) - len(wanted) + 1
    if count < 1:
        return np.zeros(0)
    size = 1 << (len(samples) + len(wanted) - 1).bit_length()
    spectrum = np.fft.rfft(samples, size) * np.conj(np.fft.rfft(wanted, size))
    found = np.abs(np.fft.irfft(spectrum, size)[:count])
    energy = np.concatenate(([0.0], np.cumsum(samples**2)))
    local = energy[len(wanted) :] - energy[: len(energy) - len(wanted)]
    # Digital silence is like nothing.
    scale = np.sqrt(np.maximum(local[:count], 1.0) * np.sum(wanted**2))
    likeness: Floats = found / scale
    return likeness
