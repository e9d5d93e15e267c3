"""Spoken words, noise, and a ramp in which each 10 ms has a number of its own."""

from pathlib import Path
import subprocess
from typing import Any

import numpy as np

from waifu_satellite.audio.wav import read_for_microphone
from waifu_satellite.format import MIC_RATE_HZ

ACCENTS = ("en-us", "en-gb", "en-gb-scotland", "en-029", "en-gb-x-rp", "en-gb-x-gbclan")
VARIANTS = ("", "+f1", "+f2", "+f3", "+f4", "+m1", "+m3", "+m5", "+m7")
VOICES = tuple(accent + variant for accent in ACCENTS for variant in VARIANTS)
RAMP_STEPS = 250
SPEED_WPM = 165

type Samples = np.ndarray[Any, np.dtype[np.int16]]
type Floats = np.ndarray[Any, np.dtype[np.float64]]


def spoken(folder: Path, text: str, voice: str, speed_wpm: int = SPEED_WPM) -> Samples:
    """Return a text spoken by espeak-ng, without silence around it."""
    path = folder / "spoken.wav"
    command = ["espeak-ng", "-v", voice, "-s", str(speed_wpm), "-w", str(path), text]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    samples = np.frombuffer(read_for_microphone(path), dtype="<i2")
    loud = np.nonzero(np.abs(samples) > 0.005 * 32768)[0]
    trimmed = samples[loud[0] : loud[-1] + 1].astype(np.float64)
    return (trimmed * (16_000 / float(np.abs(trimmed).max()))).astype(np.int16)


def ramp() -> Samples:
    """Return the ramp."""
    samples = np.repeat(3000 + 8 * np.arange(RAMP_STEPS), MIC_RATE_HZ // 100).astype("<i2")
    samples[1::2] *= -1
    return samples


def ramp_lost_ms(audio: bytes) -> float:
    """Return how much of the ramp is missing in what was sent."""
    numbers = np.abs(np.frombuffer(audio, dtype="<i2").astype(int))
    heard = np.unique(numbers[(numbers >= 3000) & (numbers % 8 == 0)])
    missing = np.setdiff1d(3000 + 8 * np.arange(RAMP_STEPS), heard)
    return 10.0 * len(missing)


def pink(count: int, rng: np.random.Generator) -> Floats:
    """Return pink noise."""
    spectrum = np.fft.rfft(rng.normal(size=count))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    spectrum[0] = 0
    return np.fft.irfft(spectrum, count)
