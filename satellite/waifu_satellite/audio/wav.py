"""Read WAV files for the microphone, and write what was played."""

from pathlib import Path
import wave

import numpy as np
import numpy.typing as npt

from waifu_satellite.format import MIC_RATE_HZ

from .base import AudioError

# A WAV header counts bytes in 32 bits.
MAX_WAV_BYTES = 2**32 - 4096


def read_for_microphone(path: Path) -> bytes:
    """Return the WAV's sound as 16 kHz, 16 bit, mono."""
    try:
        with wave.open(str(path), "rb") as file:
            rate_hz, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            pcm = file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as err:
        raise AudioError(f"{path} is not a WAV file that can be read ({err})") from err
    if width != np.dtype(np.int16).itemsize:
        raise AudioError(f"{path} has {8 * width} bits per sample; only 16 are understood")
    return resample(to_mono(pcm, channels), rate_hz, MIC_RATE_HZ)


def to_mono(pcm: bytes, channels: int) -> bytes:
    """Return the mean of the channels."""
    if channels == 1:
        return pcm
    samples = np.frombuffer(pcm[: len(pcm) // (2 * channels) * 2 * channels], dtype="<i2")
    mixed: npt.NDArray[np.int16] = samples.reshape(-1, channels).mean(axis=1).astype("<i2")
    return mixed.tobytes()


def resample(pcm: bytes, from_hz: int, to_hz: int) -> bytes:
    """Return a whole sound at another rate."""
    if from_hz == to_hz:
        return pcm
    # Imported where it is needed: a satellite whose rates agree never loads it.
    import soxr  # noqa: PLC0415 - see above

    samples = np.frombuffer(pcm, dtype="<i2")
    out: npt.NDArray[np.int16] = soxr.resample(samples, from_hz, to_hz).astype("<i2")
    return out.tobytes()


def write_wav(path: Path, pcm: bytes, rate_hz: int) -> None:
    """Write a mono WAV so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    with wave.open(str(draft), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(pcm)
    draft.replace(path)
