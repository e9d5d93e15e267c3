"""A simulated room: its loudspeaker is heard by its microphone, and somebody speaks into it.

65 ms of delay, a tail with a reverberation time of 0.25 s, a loudspeaker that is not quite linear.
"""

import asyncio
from typing import Any, Final

import numpy as np
import soxr

from waifu_satellite.audio.base import Deliver, Source
from waifu_satellite.clock import LoopClock
from waifu_satellite.format import FRAME_MS, FRAME_SAMPLES, MIC_RATE_HZ, mic_samples

type Floats = np.ndarray[Any, np.dtype[np.float64]]

SPEAKER_RATE_HZ: Final = 22_050
DELAY_S: Final = 0.065
REVERBERATION_S: Final = 0.25
LEAD_MS: Final = 60.0
NOISE: Final = 20.0
SOFT: Final = 20_000.0
FFT: Final = 8_192


class EchoRoom:
    """Microphone and loudspeaker of one room."""

    def __init__(self, clock: LoopClock, *, gain: float, length_s: float) -> None:
        """Let the echo be `gain` times what is played."""
        rng = np.random.default_rng(3)
        self.rate_hz = SPEAKER_RATE_HZ
        self.gain = gain
        self.played = np.zeros(mic_samples(length_s))
        """What came out of the loudspeaker, at the microphone's rate."""
        self._echo = np.zeros(mic_samples(length_s) + FFT)
        self._near = np.zeros(mic_samples(length_s))
        self._noise = rng.normal(0, NOISE, mic_samples(1.0))
        self._response = np.fft.rfft(_response(rng), FFT)
        self._clock = clock
        self._zero_ms = clock.now_ms()
        self.now = 0
        """The sample that the microphone hears next."""

    def say(self, voice: Floats, at: int) -> int:
        """Let somebody speak at a sample; return where they end."""
        self._near[at : at + len(voice)] += voice
        return at + len(voice)

    async def run(self, deliver: Deliver) -> None:
        """Deliver what is heard, frame by frame."""
        while True:
            due_ms = self._zero_ms + (self.now + FRAME_SAMPLES) * 1000 / MIC_RATE_HZ
            await asyncio.sleep(max(0.0, due_ms - self._clock.now_ms()) / 1000)
            deliver(self._hear(), due_ms - FRAME_MS)

    def _hear(self) -> bytes:
        """Return the next frame."""
        here = slice(self.now, self.now + FRAME_SAMPLES)
        said = self.played[here]
        if said.any():
            wet = np.fft.irfft(np.fft.rfft(said, FFT) * self._response, FFT)
            self._echo[self.now : self.now + FFT] += wet * self.gain
        noise = self._noise[self.now % (len(self._noise) - FRAME_SAMPLES) :][:FRAME_SAMPLES]
        heard = np.tanh(self._echo[here] / SOFT) * SOFT + self._near[here] + noise
        self.now += FRAME_SAMPLES
        return bytes(heard.clip(-32768, 32767).astype("<i2").tobytes())

    async def play(self, source: Source) -> None:
        """Play as a real device does: pulled ahead, and what did not sound yet can be stopped."""
        block = SPEAKER_RATE_HZ * FRAME_MS // 1000
        start_ms = self._clock.now_ms() + LEAD_MS
        at, pulled = self.sample(start_ms), 0
        converter = soxr.ResampleStream(SPEAKER_RATE_HZ, MIC_RATE_HZ, 1, dtype="int16")
        try:
            while True:
                at_ms = start_ms + pulled * 1000 / SPEAKER_RATE_HZ
                await asyncio.sleep(max(0.0, at_ms - LEAD_MS - self._clock.now_ms()) / 1000)
                pcm = np.frombuffer(source.pull(block, at_ms), dtype="<i2")
                pulled += len(pcm)
                sound = converter.resample_chunk(pcm, last=len(pcm) < block)
                self.played[at : at + len(sound)] = sound
                at += len(sound)
                if len(pcm) < block:
                    await asyncio.sleep(LEAD_MS / 1000)
                    return
        finally:
            # What the device has taken already sounds to the end of its period.
            now = self.sample(self._clock.now_ms())
            self.played[now + -now % FRAME_SAMPLES :] = 0.0

    async def close(self) -> None:
        """Nothing to let go of."""

    def sample(self, at_ms: float) -> int:
        """Return the sample of a time."""
        return round((at_ms - self._zero_ms) * MIC_RATE_HZ / 1000)


def _response(rng: np.random.Generator) -> Floats:
    """Return how the room answers to one click."""
    response = np.zeros(mic_samples(DELAY_S + REVERBERATION_S))
    direct = mic_samples(DELAY_S)
    response[direct] = 1.0
    time_s = np.arange(len(response) - direct - 1) / MIC_RATE_HZ
    tail = rng.standard_normal(len(time_s)) * np.exp(-6.9 * time_s / REVERBERATION_S)
    response[direct + 1 :] += 0.25 * 0.35 * tail
    return response


def loudness(samples: Floats) -> float:
    """Return the root mean square of what is not silent."""
    loud = samples[samples != 0]
    return float(np.sqrt(np.mean(loud**2))) if len(loud) else 0.0
