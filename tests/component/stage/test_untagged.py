"""Feelings of replies without tags."""

from custom_components.waifu_rt3d.stage.cues import Cue
from custom_components.waifu_rt3d.stage.markup import MarkupParser
from custom_components.waifu_rt3d.stage.untagged import Untagged


def felt(text: str, *, size: int = 1000, offset: int = 0) -> list[Cue]:
    """Return the added cues of a reply that comes in pieces."""
    parser, untagged = MarkupParser(offset), Untagged("en", offset)
    cues: list[Cue] = []
    for start in range(0, len(text), size):
        cues += untagged.heard(parser.feed(text[start : start + size]))
    cues += untagged.heard(parser.finish())
    return cues + list(untagged.finish())


def test_each_sentence_is_felt_at_its_beginning() -> None:
    """Cues stand before their sentence, the last one too."""
    text = "I am so happy for you! It is Tuesday. Sadly the party was cancelled"
    cues = felt(text)
    assert [(cue.name, cue.offset) for cue in cues] == [("happy", 0), ("sad", text.index("Sadly"))]


def test_cutting_changes_nothing() -> None:
    """Any size of the pieces gives the same cues."""
    text = "Wow, what a surprise! I love it. Don't worry, 3.5 litres are enough. Damn printer!\nHm"
    assert felt(text, size=1) == felt(text, size=7) == felt(text)


def test_a_model_that_tags_is_left_alone() -> None:
    """Its own feelings count, from the first tag on."""
    assert felt("[sad] I am happy! I love it.") == []
    late = "I am happy! It is Tuesday. [sad] I love it."
    assert [cue.name for cue in felt(late, size=1)] == ["happy"]


def test_the_same_feeling_is_not_repeated() -> None:
    """Three happy sentences are one feeling."""
    assert len(felt("I am happy! I am so glad! Wonderful!")) == 1


def test_offset_of_a_second_message() -> None:
    """Cues count on from the offset."""
    assert [cue.offset for cue in felt("I am happy!", offset=10)] == [10]
