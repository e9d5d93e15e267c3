"""What a model's text becomes: shown, spoken, and the cues between (contract `markup`)."""

from itertools import pairwise
import json
from pathlib import Path
import re
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.waifu_rt3d.stage.cues import HOLD_MS, Cue, CueKind
from custom_components.waifu_rt3d.stage.markup import MarkupParser, Piece

_GOLDEN = Path(__file__).parents[2] / "contract" / "markup.json"
CASES: list[dict[str, Any]] = json.loads(_GOLDEN.read_text())
PARTS = st.sampled_from(
    [
        *"[]*_`<>|#-\\!~. \n\t(){}:=/",
        *("[happy]", "[sad:0.4]", "[look:left]", "[[", "[see this]", "[flibber]", "(http://a.b/c)"),
        *(
            "waves",
            "smiles",
            "really",
            "happy",
            "Hello",
            "1,000",
            "3.5",
            "e.g.",
            "hug",
            "ht",
            "www.",
        ),
        *("<think>", "</think>", "<|", "|>", "<|happy|>", "[THINK]", "<b>", "</b>", "<!--", "-->"),
        *(
            "```",
            "**",
            "~~~",
            "---",
            "- ",
            "| ",
            "https://x.y/z",
            "【",
            "】",
            "你好",
            "é",
            "क्\u200dष",
        ),
        *(
            "😊",
            "👨\u200d👩\u200d👧",
            "1\ufe0f\u20e3",
            "\u200d",
            "<|channel|>",
            "<|message|>",
            "<|end|>",
        ),
    ]
)
TEXTS = st.lists(PARTS, max_size=40).map("".join)
WORDS = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyzäöüABC0123456789,.'?", min_size=1, max_size=9), min_size=1
).map(" ".join)


def parse(text: str, *cuts: int, offset: int = 0) -> Piece:
    """Return the joined outcome of a text that comes in pieces."""
    parser = MarkupParser(offset=offset)
    edges = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    pieces = [parser.feed(text[a:b]) for a, b in pairwise(edges)]
    pieces.append(parser.finish())
    return Piece(
        display="".join(piece.display for piece in pieces),
        speech="".join(piece.speech for piece in pieces),
        cues=tuple(cue for piece in pieces for cue in piece.cues),
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
@pytest.mark.parametrize("size", [1, 3, 10_000])
def test_golden_case(case: dict[str, Any], size: int) -> None:
    """Every case of the contract gives its three outputs, whatever the size of the chunks."""
    piece = parse(case["text"], *range(0, len(case["text"]), size))
    assert piece.speech == case["speech"]
    assert piece.display == case["display"]
    cues = [
        {"kind": c.kind, "name": c.name, "intensity": c.intensity, "offset": c.offset}
        for c in piece.cues
    ]
    assert cues == case["cues"]


@settings(max_examples=3000, deadline=None)
@given(text=TEXTS, cuts=st.lists(st.integers(0, 200), max_size=8))
def test_any_chunking_gives_the_same(text: str, cuts: list[int]) -> None:
    """Whole, by character, or cut anywhere: the outcome is one."""
    whole = parse(text)
    assert parse(text, *cuts) == whole
    assert parse(text, *range(len(text))) == whole


@settings(max_examples=500, deadline=None)
@given(text=TEXTS)
def test_outputs_are_sound(text: str) -> None:
    """Speech has single spaces and clean ends; cues are in order and inside it."""
    piece = parse(text)
    assert "  " not in piece.speech
    assert piece.speech == piece.speech.strip(" \n\t")
    offsets = [cue.offset for cue in piece.cues]
    assert offsets == sorted(offsets)
    assert all(0 <= offset <= len(piece.speech) for offset in offsets)


@settings(max_examples=300, deadline=None)
@given(text=WORDS)
def test_plain_text_passes_at_once(text: str) -> None:
    """Text without markup is neither changed nor held, but for what may begin an address."""
    assert parse(text).speech == text
    fed = MarkupParser().feed(text).speech
    assert text.startswith(fed)
    held = text[len(fed) :].strip().lower()
    assert not held or "https://".startswith(held) or "www.".startswith(held)


@settings(max_examples=300, deadline=None)
@given(words=st.lists(st.sampled_from(["rain", "1,000", "Dr.", "naïve", "猫", "e.g."]), min_size=1),
       where=st.integers(0, 50))  # fmt: skip
def test_cue_stands_before_its_word(words: list[str], where: int) -> None:
    """A tag between two words gives a cue at the start of the second, and no trace in the speech."""
    index = where % (len(words) + 1)
    piece = parse(" ".join([*words[:index], "[sad]", *words[index:]]))
    assert piece.speech == " ".join(words)
    start = len(" ".join(words[:index])) + bool(0 < index < len(words))
    assert [cue.offset for cue in piece.cues] == [start]


@settings(max_examples=500, deadline=None)
@given(words=st.lists(st.sampled_from(["rain", "happen", "so", "Paris", "it's"]), max_size=60),
       opener=st.sampled_from(["[", "<|", "*", "**", "_", "`", "<", "[[", "![", "(", "~~", "|"]))  # fmt: skip
def test_unclosed_mark_swallows_no_word(words: list[str], opener: str) -> None:
    """What is opened and never closed costs no word that is complete."""
    piece = parse(f"Well then {opener}" + " ".join([*words, "the end."]))
    spoken = re.findall(r"[\w']+", piece.speech)
    assert spoken == re.findall(r"[\w']+", " ".join(["Well then", *words, "the end."]))


def test_offsets_go_on_in_a_second_message() -> None:
    """The offset given at the start is that of the first character."""
    piece = parse("[happy] Hi [sad] you", offset=12)
    assert [cue.offset for cue in piece.cues] == [12, 15]


def test_cues_are_held_by_their_kind() -> None:
    """Feelings stay with the words, gestures take their own time."""
    piece = parse("[happy][wave][look:up] Hi")
    assert [cue.hold_ms for cue in piece.cues] == [HOLD_MS[cue.kind] for cue in piece.cues]
    assert piece.cues[0] == Cue(kind=CueKind.EMOTION, name="happy", offset=0, hold_ms=4000)


def test_unknown_tags_are_counted() -> None:
    """What a model invents can be told to the owner."""
    parser = MarkupParser()
    parser.feed("[zorp] a [Zorp] b [flibber] c [page 4]")
    parser.finish()
    assert parser.unknown == {"zorp": 2, "flibber": 1}


def test_only_the_tag_is_held_back() -> None:
    """The voice gets every word as soon as it cannot be markup any more."""
    parser = MarkupParser()
    assert parser.feed("Sure, I can ").speech == "Sure, I can"
    assert parser.feed("*real").speech == ""
    assert parser.feed("ly* help").speech == " really help"
    assert parser.feed(" **you").speech == " you"
    assert parser.feed("** [ha").speech == ""
    assert parser.feed("ppy] now").speech == " now"


def test_mid_sentence_stress_is_spoken_before_it_ends() -> None:
    """Nobody waits for the end of a long stressed phrase."""
    parser = MarkupParser()
    assert "not a good idea" in parser.feed("That is *not a good idea at").speech


@pytest.mark.parametrize("part", ["[", "*", "*waves ", "[a](b", "<|a", "`a", "\n- [", "http://"])
def test_hostile_text_takes_bounded_time(part: str) -> None:
    """Thousands of openers hold no more than their bounds; the parser lets go of all of it."""
    parser = MarkupParser()
    parser.feed(part * (4000 // len(part)))
    assert len(parser._held) <= 2100
    parser.finish()
    assert parser._held == ""


@pytest.mark.parametrize(
    ("pieces", "display"),
    [
        (["\ud83d", "\ude00 hi"], "\U0001f600 hi"),
        (["a\ud83d\ude00b"], "a\U0001f600b"),
        (["hi \ud83d"], "hi \ufffd"),
        (["\ude00", "hi"], "\ufffdhi"),
        (["\ud83d", "x"], "\ufffdx"),
    ],
)
def test_characters_that_were_cut_in_two_are_joined(pieces: list[str], display: str) -> None:
    """A server that escapes UTF-16 may send halves; a half alone is no text and is replaced."""
    parser = MarkupParser()
    shown = [parser.feed(piece).display for piece in pieces]
    assert "".join([*shown, parser.finish().display]) == display
