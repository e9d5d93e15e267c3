"""Sentences of a text that is still being written."""

from hypothesis import given, strategies as st
import pytest

from waifu_speech.sentences import MAX_SEGMENT, SentenceFinder
from waifu_speech.words import has_words, speakable

TEXTS = st.lists(
    st.sampled_from([*'abcDE 12.,!?\n😊…–。:)"(', " ", "Dr", "e.g.", "3.5 ", " Yes. "]),
    max_size=120,
).map("".join)


def _cut(text: str, language: str = "en") -> list[str]:
    """Return the segments of a whole text."""
    finder = SentenceFinder(language)
    return [segment.text.strip() for segment in finder.add(text) + finder.finish()]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Yes. I did it.", ["Yes.", "I did it."]),
        ("Hmm. One. Two. Three.", ["Hmm.", "One.", "Two.", "Three."]),
        ("No! 😊 Next one", ["No!", "😊 Next one"]),
        ("See you 😊 Bye", ["See you 😊", "Bye"]),
        ("Hi 😊 mum!", ["Hi 😊 mum!"]),
        ("Great!😊 Now it is on.", ["Great!😊", "Now it is on."]),
        ("Nice (^_^) Let us go", ["Nice (^_^)", "Let us go"]),
        ("Well done. :) Now rest.", ["Well done.", ":) Now rest."]),
        ("Dr. Smith met Mr. J. R. Jones, e.g. at 3.5 p.m. in St. Ives.",
         ["Dr. Smith met Mr. J. R. Jones,", "e.g. at 3.5 p.m. in St. Ives."]),
        ("It is 5 p.m. Shall I cook?", ["It is 5 p.m.", "Shall I cook?"]),
        ("It is 21.5 degrees. Fine?", ["It is 21.5 degrees.", "Fine?"]),
        ("Look at www.example.com/a.b?c=d now. OK.", ["Look at www.example.com/a.b?c=d now.", "OK."]),
        ("Milk\nBread\nTwo eggs", ["Milk", "Bread", "Two eggs"]),
        ("1. Milk\n2. Bread", ["1. Milk", "2. Bread"]),
        ("- milk\n- bread", ["- milk", "- bread"]),
        ("Well... maybe. yes", ["Well...", "maybe.", "yes"]),
        ('She said "Stop!" Then she left.', ['She said "Stop!"', "Then she left."]),
        ("**Sure!** I am on it.", ["**Sure!**", "I am on it."]),
        ("你好。我很好！再见", ["你好。", "我很好！", "再见"]),
        ("I would love to, but the light is off.", ["I would love to,", "but the light is off."]),
        ("Well, yes.", ["Well, yes."]),
        ("😊", []),
        ("", []),
    ],
)  # fmt: skip
def test_text_is_cut_into_sentences(text: str, sentences: list[str]) -> None:
    """What people and companions write is cut where a speaker would breathe."""
    assert _cut(text) == sentences


def test_german_date_is_not_cut() -> None:
    """A number with a dot is an ordinal in German."""
    assert _cut("Am 3. Mai. Gut.", "de") == ["Am 3. Mai.", "Gut."]


@given(TEXTS, st.lists(st.integers(1, 7), min_size=1, max_size=20))
def test_cuts_are_the_same_whatever_the_pieces(text: str, sizes: list[int]) -> None:
    """Fed by letters, in pieces or at once, the segments are the same."""
    whole = SentenceFinder()
    expected = whole.add(text) + whole.finish()
    pieces = SentenceFinder()
    found = []
    at = turn = 0
    while at < len(text):
        size = sizes[turn % len(sizes)]
        found += pieces.add(text[at : at + size])
        at, turn = at + size, turn + 1
    assert found + pieces.finish() == expected


@given(TEXTS)
def test_segments_are_the_text(text: str) -> None:
    """No letter that can be said is lost, doubled or moved."""
    finder = SentenceFinder()
    segments = finder.add(text) + finder.finish()
    at = 0
    for segment in segments:
        assert text[segment.offset : segment.offset + len(segment.text)] == segment.text
        assert not has_words(text[at : segment.offset])
        assert len(segment.text) <= MAX_SEGMENT
        at = segment.offset + len(segment.text)
    assert not has_words(text[at:])


def test_endless_sentence_is_cut_at_a_space() -> None:
    """A text without any stop is spoken in pieces."""
    pieces = _cut("word " * 200)
    assert len(pieces) > 3
    assert all(piece.startswith("word") and piece.endswith("word") for piece in pieces)


def test_huge_word_is_cut() -> None:
    """A word of 100,000 letters neither hangs nor grows."""
    assert sum(len(piece) for piece in _cut("a" * 100_000)) == 100_000


@pytest.mark.parametrize(
    ("text", "spoken"),
    [("Yes.", 1), ("Sure! ", 1), ("Dr.", 0), ("and then", 0), ("", 0), ("😊", 0)],
)
def test_pause_releases_only_whole_sentences(text: str, spoken: int) -> None:
    """When the writer stops, what is a sentence goes out and the rest waits."""
    finder = SentenceFinder()
    assert len(finder.add(text) + finder.pause()) == spoken


@given(st.text(max_size=60))
def test_silent_signs_keep_every_offset(text: str) -> None:
    """Blanking never moves a letter."""
    blanked = speakable(text)
    assert len(blanked) == len(text)
    assert all(new in {" ", old} for new, old in zip(blanked, text, strict=True))


@pytest.mark.parametrize("face", [":)", ":-D", "<3", "^_^", "(^_^)", "😊", "👍🏽", "❤️", "(◕‿◕)"])
def test_faces_are_not_read_aloud(face: str) -> None:
    """Emoji and faces of signs are for the eye."""
    assert speakable(f"fine {face}").strip() == "fine"


@pytest.mark.parametrize("text", ["21 °C", "(or so)", "a:b", "I (we) go", "at 5:30", "x < 3"])
def test_plain_text_is_read_aloud(text: str) -> None:
    """What only looks like a face stays."""
    kept = [letter for letter in text if letter != "<"]
    assert [letter for letter in speakable(text) if letter != " "] == [
        letter for letter in kept if letter != " "
    ]
