"""A home's grammar: every sentence of it is one that Home Assistant understands."""

import json
from pathlib import Path
import random
import re
from typing import Any

from hassil import Intents, recognize
from hassil.intents import TextSlotList
from home_assistant_intents import get_intents
import pytest

from custom_components.waifu_rt3d.characters.consent_words import consent_in
from custom_components.waifu_rt3d.voice.grammar import (
    PART_LETTERS,
    Grammar,
    HomeNames,
    build_grammar,
    read_selection,
)
from custom_components.waifu_rt3d.voice.templates import speakable_template, values_of, with_verb

GOLDEN = json.loads(
    (Path(__file__).parents[2] / "contract" / "grammar.json").read_text(encoding="utf-8")
)
HOME = HomeNames(
    names={
        "light": ["kitchen light", "bedroom lamp", "hall light"],
        "switch": ["coffee machine"],
        "climate": ["thermostat"],
        "cover": ["living room blind", "garage door"],
        "media_player": ["radio"],
        "scene": ["movie night"],
    },
    areas=["kitchen", "bedroom", "living room", "hall"],
)
TOKEN = re.compile(r"[\[\]()|]|\{\w+\}|<\w+>|[^\s\[\](){}|<>]+")


@pytest.fixture(scope="module")
def intents() -> dict[str, Any]:
    """Return Home Assistant's English sentences."""
    found = get_intents("en")
    assert found is not None
    return dict(found)


@pytest.fixture(scope="module")
def grammar(intents: dict[str, Any]) -> Grammar:
    """Return the grammar of a small home."""
    selection = read_selection("en")
    assert selection is not None
    return build_grammar("en", intents, selection, HOME)


def sample(document: dict[str, Any], template: str, chance: random.Random) -> str:
    """Return one sentence of a template."""
    tokens = TOKEN.findall(template)

    def group(at: int) -> tuple[str, int]:
        ways, words = [], []
        while at < len(tokens) and tokens[at] not in "])":
            token = tokens[at]
            at += 1
            if token == "|":
                ways.append(words)
                words = []
            elif token in "[(":
                inner, at = group(at)
                words.append(inner if token == "(" or chance.random() < 0.5 else "")
                at += 1
            elif token[0] == "<":
                words.append(sample(document, document["rules"][token[1:-1]], chance))
            elif token[0] == "{":
                words.append(chance.choice(document["lists"][token[1:-1]]))
            else:
                words.append(token)
        return " ".join(chance.choice([*ways, words])), at

    return " ".join(group(0)[0].split())


def test_home_assistant_understands_every_sentence(
    intents: dict[str, Any], grammar: Grammar
) -> None:
    """Sentences drawn from every template are recognised by Home Assistant's own matcher."""
    chance = random.Random(2026)
    known = Intents.from_dict(intents)
    slots = {
        "name": TextSlotList.from_tuples(
            (name, name, {"domain": domain})
            for domain, names in HOME.names.items()
            for name in names
        ),
        "area": TextSlotList.from_strings(HOME.areas),
        "floor": TextSlotList.from_strings([]),
    }
    document = grammar.document
    failed = [
        sentence
        for template in document["sentences"]
        for sentence in {sample(document, template, chance) for _ in range(3)}
        if recognize(
            sentence, known, slot_lists=slots, intent_context={"area": "kitchen"}, language="en"
        )
        is None
        and consent_in(sentence, "en") is None
    ]
    assert not failed


@pytest.mark.parametrize(
    ("sentence", "template"),
    [
        ("turn on the kitchen light", "<turn> on <the> {name_"),
        ("set the bedroom lamp to fifty percent", "<numeric_value_set> <the> {name_light}"),
    ],
)
def test_common_command_has_its_template(grammar: Grammar, sentence: str, template: str) -> None:
    """What everybody says is in the grammar."""
    assert any(
        template in one.replace("(", "").replace(")", "") for one in grammar.document["sentences"]
    ), sentence


def test_grammar_stays_small(grammar: Grammar) -> None:
    """A home's grammar is some hundred sentences and fits into one part."""
    assert 80 < len(grammar.document["sentences"]) < 400
    assert len(grammar.text) < PART_LETTERS


def test_names_of_absent_domains_bring_no_sentences(intents: dict[str, Any]) -> None:
    """A home without covers has no sentence about them."""
    selection = read_selection("en")
    assert selection is not None
    document = build_grammar(
        "en", intents, selection, HomeNames(names={"light": ["lamp"]}, areas=[])
    ).document
    assert not [one for one in document["sentences"] if "cover" in one or "{area}" in one]
    assert document["lists"]["name_light"] == ["lamp"]


def test_document_is_closed(grammar: Grammar) -> None:
    """Every list and rule that is named is there, and none is there in vain."""
    document = grammar.document
    texts = [*document["sentences"], *document["rules"].values()]
    named = {name for text in texts for name in re.findall(r"[{<](\w+)[}>]", text)}
    assert named == {*document["lists"], *document["rules"]}
    assert all(document["lists"].values())


def test_golden_document_is_sent_as_the_golden_events() -> None:
    """The hash and the JSON are those of the contract."""
    events = Grammar(document=GOLDEN["document"]).events()
    assert len(events) == 1
    golden = [event["data"]["data"] for event in GOLDEN["events"]]
    assert events[0].data["name"] == "grammar"
    assert events[0].data["data"] == {
        "hash": golden[0]["hash"],
        "part": 0,
        "parts": 1,
        "json": "".join(part["json"] for part in golden),
    }


def test_large_document_is_sent_in_parts() -> None:
    """A part fits into a frame; joined they are the document."""
    names = [f"lamp {number} ä" for number in range(12_000)]
    grammar = Grammar(document={"v": 1, "lists": {"name": names}})
    data = [event.data["data"] for event in grammar.events()]
    assert len(data) == data[0]["parts"] > 2
    assert [part["part"] for part in data] == list(range(len(data)))
    assert "".join(part["json"] for part in data) == grammar.text


def test_other_languages_have_no_grammar() -> None:
    """There is no recogniser for them."""
    assert read_selection("de") is None
    assert read_selection("en-GB") is not None


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("<turn> on [<the>] {name}", "<turn> on [<the>] {name}"),
        ("{timer_hours:hours}( |-)hour[s] timer", "{timer_hours} (hour|hours) timer"),
        ("to {brightness}[([ ]%)| percent]", "to {brightness} [percent]"),
        ("<turn> [<the>] <light> (on;<here>)", "<turn> [<the>] <light> (on <here>|<here> on)"),
        ("all [[of ](the|my)] timers", "all [[of] (the|my)] timers"),
        ("set to 5°", None),
        ("wait (a;b;c)", None),
    ],
)
def test_template_is_rewritten(theirs: str, ours: str | None) -> None:
    """Glue, permutations, slots and signs become the contract's syntax, or nothing."""
    assert speakable_template(theirs) == ours


@pytest.mark.parametrize(
    ("template", "stricter"),
    [
        ("[<turn>] <the> {name} on", "(<turn>) <the> {name} on"),
        ("[<the>] {name} on", "[<the>] {name} on"),
        ("[<the>] {name}", None),
        ("{name} [{area}]", None),
    ],
)
def test_command_needs_a_word(template: str, stricter: str | None) -> None:
    """A bare name is no command."""
    assert with_verb(template) == stricter


def test_list_value_is_expanded() -> None:
    """Alternatives and endings of a value become values."""
    assert values_of("(cold|cool) white") == ["cold white", "cool white"]
    assert values_of("garage door[s]") == ["garage door", "garage doors"]
