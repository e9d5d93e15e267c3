"""Grammar documents: what they accept, what is wrong with them, how words sound."""

import contextlib
import json
from pathlib import Path
import random

from hypothesis import given, strategies as st
import pytest

from waifu_speech.errors import SpeechError
from waifu_speech.stt.automaton import build_automaton
from waifu_speech.stt.pronounce import phones_of
from waifu_speech.stt.template import Choice, Node, Sequence, Word, parse_document, parse_template

GOLDEN = json.loads(
    (Path(__file__).parents[2] / "contract" / "grammar.json").read_text(encoding="utf-8")
)
WORDS = st.sampled_from("abc").map(Word)
NODES: st.SearchStrategy[Node] = st.recursive(
    WORDS,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda items: Sequence(tuple(items)))
        | st.lists(inner, min_size=1, max_size=3).map(lambda items: Choice(tuple(items)))
    ),
    max_leaves=8,
)


def accepts(document: object, sentence: str) -> bool:
    """Return whether a document's automaton takes a sentence."""
    return build_automaton(parse_document(json.dumps(document))).accepts(sentence.split())


@pytest.mark.parametrize("sentence", GOLDEN["accepts"])
def test_golden_sentence_is_accepted(sentence: str) -> None:
    """The golden grammar takes its sentences."""
    assert accepts(GOLDEN["document"], sentence)


@pytest.mark.parametrize("sentence", GOLDEN["refuses"])
def test_golden_sentence_is_refused(sentence: str) -> None:
    """The golden grammar refuses the others."""
    assert not accepts(GOLDEN["document"], sentence)


def test_golden_parts_are_the_document() -> None:
    """The parts joined are the document that the hash names."""
    joined = "".join(event["data"]["data"]["json"] for event in GOLDEN["events"])
    assert json.loads(joined) == GOLDEN["document"]


def written(node: Node) -> str:
    """Return a tree as a template."""
    if isinstance(node, Word):
        return node.text
    assert isinstance(node, Sequence | Choice)
    if isinstance(node, Sequence):
        return " ".join(written(item) for item in node.items)
    return f"({'|'.join(written(item) for item in node.items)})"


def expanded(node: Node) -> set[tuple[str, ...]]:
    """Return all sentences of a tree: the slow, sure way."""
    if isinstance(node, Word):
        return {(node.text,)}
    assert isinstance(node, Sequence | Choice)
    parts = [expanded(item) for item in node.items]
    if isinstance(node, Choice):
        return set().union(*parts)
    sentences: set[tuple[str, ...]] = {()}
    for part in parts:
        sentences = {first + then for first in sentences for then in part}
    return sentences


@given(NODES, st.integers(0, 2**32))
def test_automaton_takes_exactly_the_sentences(node: Node, seed: int) -> None:
    """The minimal automaton takes every sentence of the template and no other."""
    automaton = build_automaton(parse_document(json.dumps({"v": 1, "sentences": [written(node)]})))
    sentences = expanded(node)
    assert all(automaton.accepts(list(sentence)) for sentence in sentences)
    chance = random.Random(seed)
    for _ in range(20):
        words = tuple(chance.choices("abc", k=chance.randint(1, 6)))
        assert automaton.accepts(list(words)) == (words in sentences)


@given(st.text(alphabet="ab[](){}<>| ", max_size=40))
def test_any_template_is_read_or_refused(template: str) -> None:
    """Whatever is written, the reader answers with a tree or one sentence."""
    with contextlib.suppress(SpeechError):
        parse_template(template)


def test_too_many_sentences_are_refused() -> None:
    """A grammar that explodes does not take the machine with it."""
    lists = {f"l{n}": [f"{chr(97 + n)}{i} x" for i in range(900)] for n in range(10)}
    sentences = [f"{{l{n}}} {{l{m}}} y" for n in range(10) for m in range(10)]
    with pytest.raises(SpeechError, match="too many"):
        accepts({"v": 1, "lists": lists, "sentences": sentences * 10}, "a")


@pytest.mark.parametrize(
    ("ipa", "phones"),
    [
        ("kˈɪtʃən", "K IH CH AH N"),
        ("vˈoːntsɪmɜ", "V OW N T S IH M ER"),
        ("lˈaɪt", "L AY T"),
        ("", ""),
    ],
)
def test_ipa_becomes_phones(ipa: str, phones: str) -> None:
    """What espeak-ng writes is turned into the model's phones."""
    assert phones_of(ipa) == phones
