"""Phonemes become mouth shapes that cover the sound without gaps."""

from itertools import pairwise

from hypothesis import given, strategies as st
import pytest

from custom_components.waifu_rt3d.stage.visemes import Mark, Shape, mouths, visemes


def mark(phoneme: str, start_ms: int, end_ms: int) -> Mark:
    """Return a mark of the first word."""
    return Mark(phoneme=phoneme, start_ms=start_ms, end_ms=end_ms, char=0)


@pytest.mark.parametrize("phoneme", ["p", "b", "m"])
def test_lips_shut_fully(phoneme: str) -> None:
    """A bilabial gets the closed shape at full weight."""
    assert mouths(phoneme) == [(Shape.PP, 1.0)]


@pytest.mark.parametrize(
    ("phoneme", "shapes"),
    [
        ("aɪ", [Shape.AA, Shape.I]),
        ("oʊ", [Shape.O, Shape.U]),
        ("tʃ", [Shape.CH]),
        ("dʒ", [Shape.CH]),
        ("ts", [Shape.SS]),
        ("iː", [Shape.I]),
        ("ˈɑː", [Shape.AA]),
        ("ɹ̩", [Shape.RR]),
    ],
)
def test_compound_phonemes(phoneme: str, shapes: list[Shape]) -> None:
    """Diphthongs have two shapes, affricates one, marks of stress and length none."""
    assert [mouth[0] for mouth in mouths(phoneme) if mouth] == shapes


def test_unknown_notation_rests() -> None:
    """A symbol that nobody knows shuts the mouth instead of failing."""
    assert [v.shape for v in visemes([mark("☃", 0, 100)], 0, 100)] == [Shape.SIL]


def test_h_breathes_through_the_next_vowel() -> None:
    """An "h" takes the shape of what follows, weakly."""
    shapes = visemes([mark("h", 0, 60), mark("u", 60, 200)], 0, 200)
    assert [(v.shape, v.weight) for v in shapes] == [(Shape.U, 0.3), (Shape.U, 0.9)]


_marks = st.lists(
    st.tuples(st.sampled_from(["p", "aɪ", "h", "", "s", "tʃ", "☃", "oʊ"]), st.integers(0, 300)),
    max_size=30,
)


@given(_marks, st.integers(0, 5000))
def test_any_marks_cover_the_segment(pieces: list[tuple[str, int]], start_ms: int) -> None:
    """Whatever the engine says, the visemes are sorted, gapless and cover the segment."""
    at_ms, marks = start_ms, []
    for phoneme, length_ms in pieces:
        marks.append(mark(phoneme, at_ms, at_ms + length_ms))
        at_ms += length_ms
    end_ms = at_ms + 40
    shapes = visemes(marks, start_ms, end_ms)
    assert shapes[0].at_ms == start_ms
    assert shapes[-1].end_ms == end_ms
    for before, after in pairwise(shapes):
        assert before.end_ms == after.at_ms
    assert all(v.at_ms < v.end_ms and 0 <= v.weight <= 1 for v in shapes)


def test_overlapping_marks_are_cut() -> None:
    """Marks that overlap or leave the segment never make a broken timeline."""
    shapes = visemes([mark("a", 0, 150), mark("m", 100, 200), mark("o", 190, 900)], 50, 300)
    assert [(v.at_ms, v.end_ms) for v in shapes] == [(50, 150), (150, 200), (200, 300)]
