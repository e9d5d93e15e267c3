"""Where nobody tells times, text and sound allow a guess."""

from array import array
from itertools import pairwise
import math

from hypothesis import given, strategies as st
import pytest

from custom_components.waifu_rt3d.stage.estimating import estimate_marks, heard_runs
from custom_components.waifu_rt3d.stage.spelling import sounds_of

RATE_HZ = 16000


def tone(ms: int) -> bytes:
    """Return a voice of a kind."""
    count = RATE_HZ * ms // 1000
    return array("h", (int(8000 * math.sin(at / 8)) for at in range(count))).tobytes()


def quiet(ms: int) -> bytes:
    """Return silence."""
    return bytes(RATE_HZ * ms // 1000 * 2)


def test_mouth_is_shut_where_nobody_speaks() -> None:
    """Words lie in the stretches of sound, and the pause is at the comma."""
    pcm = quiet(200) + tone(500) + quiet(400) + tone(1000) + quiet(300)
    runs = heard_runs(pcm, RATE_HZ)
    assert runs == [(200, 700), (1100, 2100)]
    text = "Good morning, the kettle is on the table."
    marks = estimate_marks(text, 0, 0, 2400, runs=runs).marks
    inside = [any(a <= mark.start_ms and mark.end_ms <= b for a, b in runs) for mark in marks]
    assert all(inside)
    assert min(mark.start_ms for mark in marks if mark.char >= text.index("the")) == 1100
    assert marks[0].start_ms == 200
    assert marks[-1].end_ms == 2100


@pytest.mark.parametrize(
    ("word", "language", "sounds"),
    [
        ("night", "en", "n aɪ t"),
        ("Thought", "en", "θ oʊ t"),
        ("make", "en", "m eɪ k"),
        ("kitchen", "en", "k ɪ tʃ ɛ n"),
        ("lamp", "en", "l æ m p"),
        ("42", "en", "f ɔː ɹ t uː"),
        ("Schule", "de", "ʃ ʊ l ə"),
        ("Straße", "de", "ʃ t ʁ a s ə"),
        ("zwei", "de", "t s v aɪ"),
        ("хорошо", "ru", "h o r o s o"),
        ("ありがとう", "ja", "a r i g a t o u"),
        ("😊", "en", "t a"),
    ],
)
def test_spelling_becomes_sounds(word: str, language: str, sounds: str) -> None:
    """Rules for English and German, letters for the rest, something for everything."""
    assert " ".join(sounds_of(word, language)) == sounds


@given(
    st.text(max_size=120),
    st.sampled_from(["en", "de", "fr", "ja", "xx"]),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 900)), max_size=6),
)
def test_marks_never_leave_the_runs(
    text: str, language: str, pieces: list[tuple[int, int]]
) -> None:
    """Sorted, without overlap, inside what is heard, at words of the text."""
    runs: list[tuple[int, int]] = []
    for gap, length in pieces:
        start = (runs[-1][1] if runs else 0) + gap
        runs.append((start, start + length))
    end_ms = runs[-1][1] if runs else 1000
    marks = estimate_marks(text, 5, 0, end_ms, language=language, runs=runs).marks
    assert all(5 <= mark.char < 5 + len(text) for mark in marks)
    assert all(mark.start_ms < mark.end_ms <= end_ms for mark in marks)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(marks))
    for mark in marks:
        assert not runs or any(a <= mark.start_ms and mark.end_ms <= b for a, b in runs)


@given(st.binary(max_size=4000), st.sampled_from([0, 8000, 48000]))
def test_any_sound_has_runs_or_none(pcm: bytes, rate_hz: int) -> None:
    """Odd lengths and strange rates are no fault."""
    assert all(start < end for start, end in heard_runs(pcm, rate_hz))
