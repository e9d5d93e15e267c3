"""Read the recordings that people bring: each fault is one sentence."""

from pathlib import Path
import wave

import numpy as np
from numpy.typing import NDArray

_LOWEST_HZ, _HIGHEST_HZ = 4000, 192_000
_LONGEST_S = 600


class BadRecordingError(ValueError):
    """A file that can't be judged; the message is one sentence."""


def read_bytes(path: Path) -> bytes:
    """Return what a file holds; raise a sentence where there is none."""
    if not path.exists():
        raise BadRecordingError(f"There is no file {path}.")
    if path.is_dir():
        raise BadRecordingError(f"{path} is a folder, not a file.")
    try:
        return path.read_bytes()
    except OSError as err:
        raise BadRecordingError(f"{path} can't be read: {err.strerror}.") from err


def read_sound(path: Path) -> tuple[NDArray[np.float64], int]:
    """Return a WAV file's sound (mono, −1…1) and its rate (Hz); PCM of 8 to 32 bits."""
    read_bytes(path)
    try:
        with wave.open(str(path), "rb") as sound:
            width, channels, rate_hz = (
                sound.getsampwidth(),
                sound.getnchannels(),
                sound.getframerate(),
            )
            raw = sound.readframes(sound.getnframes())
    except (wave.Error, EOFError) as err:
        reason = str(err) or "it ends too soon"
        raise BadRecordingError(f"{path.name} is no PCM WAV file: {reason}.") from err
    if not _LOWEST_HZ <= rate_hz <= _HIGHEST_HZ:
        raise BadRecordingError(f"{path.name} has a rate of {rate_hz} Hz, which is none of speech.")
    samples = _samples(raw[: len(raw) // (width * channels) * width * channels], width)
    mono = samples.reshape(-1, channels).mean(axis=1)
    if len(mono) > _LONGEST_S * rate_hz:
        raise BadRecordingError(f"{path.name} is longer than {_LONGEST_S // 60} minutes.")
    if not np.abs(mono).max(initial=0) > 0:
        raise BadRecordingError(f"{path.name} is silent: there is nothing to follow.")
    return mono, rate_hz


def _samples(raw: bytes, width: int) -> NDArray[np.float64]:
    """Return PCM as numbers between −1 and 1."""
    if width == 1:  # 8-bit WAV alone is unsigned
        return (np.frombuffer(raw, np.uint8).astype(np.float64) - 128) / 128
    # Behind empty low bytes, every width is a 32-bit number.
    padded = np.zeros((len(raw) // width, 4), np.uint8)
    padded[:, 4 - width :] = np.frombuffer(raw, np.uint8).reshape(-1, width)
    return padded.view("<i4")[:, 0].astype(np.float64) / 2**31


def read_words(text: str) -> str:
    """Return a text, or what stands in the text file of that name."""
    path = Path(text)
    is_file = len(text) < 4000 and "\0" not in text and path.suffix == ".txt"
    words = text.strip()
    if is_file or (len(text) < 255 and path.is_file()):
        try:
            words = read_bytes(path).decode("utf-8-sig").strip()
        except UnicodeDecodeError as err:
            raise BadRecordingError(f"{path.name} is no text in UTF-8.") from err
    if not any(letter.isalnum() for letter in words):
        raise BadRecordingError("The text has no word: write what the recording says.")
    return words
