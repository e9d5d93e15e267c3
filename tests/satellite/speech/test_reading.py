"""A sound is heard at another pitch in its own time."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from spoken import spoken

from waifu_speech.stt.reading import Reading, read
from waifu_speech.stt.recognizer import open_free_phones
from waifu_speech.stt.sphinx import SAMPLES_PER_FRAME

PITCHES = (0.94, 1.06)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a spoken sentence in a quiet room."""
    voice = spoken(tmp_path_factory.mktemp("said"), "turn on the kitchen light").astype(float)
    return voice + np.random.default_rng(4).normal(0, 30, len(voice))


@pytest.fixture(scope="module")
def readings(sound: Any) -> dict[float, Reading]:
    """Return the phones of the sentence at each pitch."""
    free = open_free_phones()
    found = {pitch: read(free, sound, pitch) for pitch in (1.0, *PITCHES)}
    return {pitch: reading for pitch, reading in found.items() if reading is not None}


@pytest.mark.parametrize("pitch", PITCHES)
def test_times_are_those_of_the_sound(
    sound: Any, readings: dict[float, Reading], pitch: float
) -> None:
    """Lower or higher, the last sound ends where the sound does."""
    last = readings[pitch].parts[-1]
    assert last.end == pytest.approx(len(sound) / SAMPLES_PER_FRAME, abs=4)
    assert last.end == pytest.approx(readings[1.0].parts[-1].end, abs=4)


@pytest.mark.parametrize("pitch", [1.0, *PITCHES])
def test_parts_follow_one_another(readings: dict[float, Reading], pitch: float) -> None:
    """No frame is heard twice, and none is left out."""
    parts = readings[pitch].parts
    assert all(one.end == next_.start for one, next_ in pairwise(parts))


def test_nothing_is_heard_in_no_sound() -> None:
    """An empty sound has no reading."""
    assert read(open_free_phones(), np.zeros(0)) is None
