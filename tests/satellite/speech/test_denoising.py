"""The room's noise is turned down, the voice in it is not."""

import numpy as np
import pytest

from waifu_speech.stt.denoising import FRAME, Sound, without_noise

RATE_HZ = 16000
VOICE_RMS = 3000.0


def voice_and_noise(noise_db: float) -> tuple[Sound, Sound]:
    """Return half a second each of silence, a buzz like a vowel and silence, and a noise beneath it."""
    at_s = np.arange(RATE_HZ // 2) / RATE_HZ
    buzz = sum(np.sin(2 * np.pi * 150 * number * at_s) / number for number in range(1, 20))
    buzz *= VOICE_RMS / np.sqrt(np.mean(buzz**2))
    quiet = np.zeros(RATE_HZ // 2)
    voice = np.concatenate([quiet, buzz, quiet])
    rms = VOICE_RMS / 10 ** (noise_db / 20)
    return voice, np.random.default_rng(1).normal(0, rms, len(voice))


def level_db(sound: Sound) -> float:
    """Return the level of a sound."""
    return float(10 * np.log10(np.mean(sound**2)))


@pytest.mark.parametrize("noise_db", [20, 30])
def test_noise_goes_down_and_the_voice_stays(noise_db: float) -> None:
    """The pauses by nearly 6 dB, which is all that it dares; the voice by less than half a decibel."""
    voice, noise = voice_and_noise(noise_db)
    cleaned = without_noise(voice + noise)
    pause, spoken = slice(1000, 7000), slice(9000, 15000)
    assert -6.1 < level_db(cleaned[pause]) - level_db(noise[pause]) < -5
    assert abs(level_db(cleaned[spoken]) - level_db(voice[spoken])) < 0.5
    # Nearer to the voice alone than what was heard.
    assert level_db((cleaned - voice)[spoken]) < level_db(noise[spoken])


def test_nothing_moves() -> None:
    """A click stays at its sample: the aligned times of phones depend on it."""
    _, noise = voice_and_noise(40)
    noise[5000] = 20_000
    assert int(np.argmax(np.abs(without_noise(noise)))) == 5000


@pytest.mark.parametrize("count", [0, 1, FRAME // 4, FRAME - 1, FRAME, 5 * FRAME + 3])
def test_length_stays(count: int) -> None:
    """Also of what is shorter than a frame."""
    sound = np.random.default_rng(2).normal(0, 100, count)
    cleaned = without_noise(sound)
    assert len(cleaned) == count
    assert np.all(np.isfinite(cleaned))


@pytest.mark.parametrize("value", [0.0, 32767.0, -32768.0])
def test_constant_sound_is_no_reason_to_fail(value: float) -> None:
    """Digital silence has no noise to be measured, a broken microphone nothing else."""
    cleaned = without_noise(np.full(RATE_HZ, value))
    assert np.all(np.isfinite(cleaned))
    assert np.max(np.abs(cleaned)) <= abs(value) * 1.01
