"""The pause after a command: found by level, in whatever pieces the sound comes."""

import numpy as np
import pytest

from waifu_speech.stt.denoising import Sound
from waifu_speech.stt.silence import SilenceFinder

RATE_HZ = 16000
ROOM_RMS = 30.0
VOICE_RMS = 3000.0


def sound(*parts: tuple[float, float]) -> Sound:
    """Return noise in parts of (level, seconds)."""
    rng = np.random.default_rng(3)
    return np.concatenate(
        [np.zeros(0), *(rng.normal(0, rms, round(RATE_HZ * s)) for rms, s in parts)]
    )


def finder(*parts: tuple[float, float]) -> SilenceFinder:
    """Return what has heard such a sound."""
    found = SilenceFinder()
    found.add(sound(*parts))
    return found


@pytest.mark.parametrize(
    ("parts", "paused"),
    [
        ([], False),
        ([(ROOM_RMS, 2.0)], False),
        # A knock is no voice.
        ([(ROOM_RMS, 0.5), (VOICE_RMS, 0.15), (ROOM_RMS, 0.5)], False),
        ([(ROOM_RMS, 0.5), (VOICE_RMS, 1.0)], False),
        # The closed lips of a stop are no pause.
        ([(ROOM_RMS, 0.5), (VOICE_RMS, 1.0), (ROOM_RMS, 0.15)], False),
        ([(ROOM_RMS, 0.5), (VOICE_RMS, 1.0), (ROOM_RMS, 0.25)], True),
        # Without a pause before it either: the room is heard only behind the voice.
        ([(VOICE_RMS, 1.0), (ROOM_RMS, 0.4)], True),
        # A fan 20 dB beneath the voice.
        ([(VOICE_RMS / 10, 0.5), (VOICE_RMS, 1.0), (VOICE_RMS / 10, 0.3)], True),
        # Somebody murmurs on.
        ([(ROOM_RMS, 0.5), (VOICE_RMS, 1.0), (VOICE_RMS / 10, 0.5)], False),
        ([(ROOM_RMS, 0.5), (VOICE_RMS, 1.0), (ROOM_RMS, 0.5), (VOICE_RMS, 0.1)], False),
    ],
)
def test_pause_is_what_follows_a_voice(parts: list[tuple[float, float]], *, paused: bool) -> None:
    """And lasts longer than a stop consonant."""
    assert finder(*parts).has_paused is paused


@pytest.mark.parametrize("piece", [1, 159, 160, 1000, 100_000])
def test_pieces_do_not_matter(piece: int) -> None:
    """Frames are cut from the sound, not from what arrives at once."""
    whole = sound((ROOM_RMS, 0.1), (VOICE_RMS, 0.3), (ROOM_RMS, 0.25))
    found = SilenceFinder()
    for at in range(0, len(whole), piece):
        found.add(whole[at : at + piece])
    assert found.frames == 65
    assert found.has_paused


def test_silence_is_counted_from_a_frame_on() -> None:
    """So a pause that was acted on holds until somebody goes on speaking."""
    found = finder((ROOM_RMS, 0.5), (VOICE_RMS, 1.0), (ROOM_RMS, 0.5))
    at = found.frames
    assert found.is_silent_since(at)
    found.add(sound((ROOM_RMS, 0.3)))
    assert found.is_silent_since(at)
    assert not found.is_silent_since(100)
    found.add(sound((VOICE_RMS, 0.05)))
    assert not found.is_silent_since(at)
