"""How far a reading of an utterance is believed."""

import math
from typing import Final

from hypothesis import given, strategies as st

from waifu_speech.stt.doubt import disagreement, doubt_of
from waifu_speech.stt.reading import Part, Reading

PHONES_OF: Final = {"w0": ["L", "AY", "T"], "w1": ["K", "IH", "CH", "AH", "N"]}
FREE: Final = ("L", "AY", "T", "K", "IH", "CH", "AH", "N")
words = st.lists(st.sampled_from(["turn", "on", "the", "light"]), min_size=1, max_size=8).map(
    " ".join
)


def reading(*parts: tuple[str, int, float]) -> Reading:
    """Return a reading of parts, each with its frames and a frame's score."""
    at, found = 0, []
    for name, frames, score in parts:
        found.append(Part(name=name, start=at, end=at + frames, score=frames * score))
        at += frames
    names = " ".join(part.name for part in found)
    return Reading(words=names, score=sum(part.score for part in found), parts=tuple(found))


def free(*phones: str) -> Reading:
    """Return phones of eight frames each."""
    return reading(*((phone, 8, -100.0) for phone in phones))


COMMAND: Final = reading(("w0", 24, -100.0), ("w1", 40, -100.0))


@given(words, words)
def test_disagreement_is_a_share(first: str, second: str) -> None:
    """Equal words agree, others do less, and never more than wholly not."""
    assert disagreement(first, first) == 0.0
    assert 0.0 <= disagreement(first, second) <= 1.0


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_who_is_heard_otherwise_is_doubted_more(one: float, other: float) -> None:
    """The further other readings are, the more is doubted."""
    less, more = sorted((one, other))
    phones = free(*FREE)
    assert doubt_of(COMMAND, phones, PHONES_OF, less) <= doubt_of(COMMAND, phones, PHONES_OF, more)


@given(st.integers(0, 1), st.floats(1.0, 200.0))
def test_one_bad_word_raises_the_doubt(number: int, worse: float) -> None:
    """A name that the house has not hides among words that it has."""
    parts = [("w0", 24, -100.0), ("w1", 40, -100.0)]
    name, frames, score = parts[number]
    parts[number] = (name, frames, score - worse)
    phones = free(*FREE)
    assert doubt_of(reading(*parts), phones, PHONES_OF, 0.0) > doubt_of(
        COMMAND, phones, PHONES_OF, 0.0
    )


@given(st.sampled_from([2, 3, 4]))
def test_nobody_stretches_a_word_to_fill_the_sound(times: int) -> None:
    """A word that lasts as no word does is doubted, even if its sounds fit."""
    slow = reading(("w0", 24 * times, -100.0), ("w1", 40, -100.0))
    phones = free(*FREE)
    assert doubt_of(slow, phones, PHONES_OF, 0.0) > doubt_of(COMMAND, phones, PHONES_OF, 0.0)


def test_other_sounds_raise_the_doubt() -> None:
    """What is free to hear anything heard something else."""
    strange = free("SH", "OY", "B", "UW", "S", "M", "EH", "Z")
    assert doubt_of(COMMAND, strange, PHONES_OF, 0.0) > doubt_of(
        COMMAND, free(*FREE), PHONES_OF, 0.0
    )


def test_silence_is_no_command() -> None:
    """Without a word there is nothing to believe."""
    assert doubt_of(reading(("<sil>", 60, -100.0)), free("SIL"), PHONES_OF, 0.0) == math.inf
