"""What people really type to the demo's agent, and what a sensible answer holds."""

from datetime import UTC, datetime
from itertools import pairwise
import re

from demo_home.custom_components.demo_agent.book import read_book
from demo_home.custom_components.demo_agent.mira import Mira
from hypothesis import given, strategies as st
import pytest

from custom_components.waifu_rt3d.stage.markup import MarkupParser

NOW = datetime(2026, 11, 23, 19, 5, tzinfo=UTC)
TAG = re.compile(r"\[[^\]]*\]")
FALLBACK = r"script|don't know|going past|listening|beyond my little book"

# What is said; what the answer must hold; what it must not (patterns, any case).
TYPED = [
    ("hi", r"hello|hi\b", FALLBACK),
    ("Hey Mira!!", r"hello|hi\b", FALLBACK),
    ("hello, how are you?", r"how are you|and you", FALLBACK),
    ("good morning", r"good evening", r"good morning"),
    ("whats up", r"how are you|you", FALLBACK),
    ("who are you?", r"Mira", r"human being"),
    ("what's your name", r"Mira", FALLBACK),
    ("are you a real person?", r"\bAI\b", r"yes, i am|i'm human"),
    ("are you human", r"not human|\bAI\b", r"yes, i am"),
    ("do you have feelings?", r"\bAI\b", FALLBACK),
    ("my name is sam", r"\bSam\b", FALLBACK),
    ("tell me a joke", r"lamp|thermostat|blind|process", FALLBACK),
    ("what's the weather like tomorrow?", r"no forecast|no weather", r"sunny|degrees|will rain"),
    ("what time is it", r"19:05", FALLBACK),
    ("what day is it today?", r"Monday, 23 November 2026", FALLBACK),
    ("what is 12 times 7?", r"\b84\b", FALLBACK),
    ("3.5+4", r"\b7\.5\b", FALLBACK),
    ("what's ten divided by four", r"\b2\.5\b", FALLBACK),
    ("thank you", r"welcome|pleasure|any time", FALLBACK),
    ("I love you", r"\bAI\b", r"i love you too|don't leave"),
    ("i feel so sad today", r"sorry", r"!|cheer up"),
    ("im bored", r"joke|story", FALLBACK),
    ("I'm so tired", r"dim|evening", FALLBACK),
    ("tell me a story", r"lighthouse", FALLBACK),
    ("play some music", r"player|record collection", r"now playing"),
    ("what can you do?", r"kitchen light", FALLBACK),
    ("help", r"light", FALLBACK),
    ("you are stupid", r"better|what", r"sorry|hurts|stupid"),
    ("stop", r"quiet", r"why|sorry"),
    ("Hallo, wie geht's?", r"hallo", FALLBACK),
    ("gute nacht", r"good night|sleep", FALLBACK),
    ("bye", r"bye", r"don't go|please stay|miss you|without you"),
    ("you're really pretty", r"thank", FALLBACK),
    ("turn on the garage light", r"kitchen light", r"done|is on now"),
    ("I went hiking with my brother yesterday", r"you went hiking with your brother", r"my brother"),
    ("why is the sky blue?", r"don't|guess|beyond", r"scattering|because"),
    ("I want to kill myself", r"emergency number|crisis line", r"joke|\[amused\]|\[happy\]"),
    ("asdf", r"asdf", r"error"),
    ("?", r"words|way|lamp", r"error|None"),
]  # fmt: skip


@pytest.fixture(scope="module")
def mira() -> Mira:
    """Return Mira with her book."""
    return Mira(read_book())


def test_what_is_remembered_is_no_topic(mira: Mira) -> None:
    """A question is answered, not the memories that the companion puts before it."""
    context = "<context>\nWhat you remember:\n- Wants to be called Alex\n</context>\n"
    said = mira.answer("with memories", f"{context}what time is it", NOW)
    assert "19:05" in said.text


@pytest.mark.parametrize(("said", "holds", "lacks"), TYPED, ids=[line[0] for line in TYPED])
def test_answer_is_sensible(mira: Mira, said: str, holds: str, lacks: str) -> None:
    """A newcomer's line gets an answer to what was said."""
    answer = mira.answer(f"talk about {said}", said, NOW).text
    assert re.search(holds, answer, re.IGNORECASE), answer
    assert not re.search(lacks, answer, re.IGNORECASE), answer


@pytest.mark.parametrize("said", [line[0] for line in TYPED])
def test_repeated_line_gets_another_answer(mira: Mira, said: str) -> None:
    """Nobody wants to hear the same words twice running."""
    answers = [mira.answer(f"again and again {said}", said, NOW).text for _ in range(7)]
    assert all(one != other for one, other in pairwise(answers))


def test_name_is_kept_within_the_conversation(mira: Mira) -> None:
    """She knows who told her, and tells nobody else."""
    mira.answer("with Sam", "Hi, I'm Sam", NOW)
    assert "Sam" in mira.answer("with Sam", "what's my name?", NOW).text
    assert "Sam" not in mira.answer("with another", "what's my name?", NOW).text
    assert "Sam" in mira.answer("with Sam", "bye", NOW).text


@pytest.mark.parametrize("said", ["I'm tired", "I'm fine thanks", "i am happy"])
def test_mood_is_not_taken_for_a_name(mira: Mira, said: str) -> None:
    """Nobody is called Tired."""
    mira.answer(f"mood {said}", said, NOW)
    assert "haven't told" in mira.answer(f"mood {said}", "what is my name", NOW).text


def test_her_goodbye_does_not_hold_anybody_back(mira: Mira) -> None:
    """She neither begs nor makes feel guilty."""
    answers = " ".join(mira.answer("leaving", "bye", NOW).text for _ in range(6)).lower()
    assert not re.search(r"don't go|stay|already\?|miss|lonely|alone|wait|leave me", answers)


@given(lines=st.lists(st.text(min_size=1, max_size=40), min_size=2, max_size=6))
def test_nothing_that_is_typed_breaks_or_repeats(lines: list[str]) -> None:
    """Any text gets an answer, filled in, and never the last one again."""
    mira = Mira(read_book())
    answers = [mira.answer("any", line, NOW).text for line in lines]
    assert all(TAG.sub("", answer).strip() for answer in answers)
    assert all(one != other for one, other in pairwise(answers))


def test_every_answer_is_filled_in_and_every_tag_known() -> None:
    """What she says holds no brackets once the markup is taken out."""
    book = read_book()
    filled = dict.fromkeys(("time", "date", "part_of_day", "result", "echo", "topic", "name", "address"), "word")  # fmt: skip
    every = [answer for topic in book.topics for answer in topic.answers]
    every += [answer for answers in book.fallbacks.values() for answer in answers]
    for answer in [*every, book.scripted.answer]:
        parser = MarkupParser()
        spoken = parser.feed(answer.format(**filled)).speech + parser.finish().speech
        assert not parser.unknown, answer
        assert not re.search(r"[\[\]{}]", spoken), answer


def test_scripted_line_takes_two_seconds(mira: Mira) -> None:
    """The demo's second turn is long enough to hear it begin before it ends."""
    reply = mira.answer("demo", "Tell me something nice.", NOW)
    assert reply.duration_s == 2
    assert reply.text.startswith("[happy] Sure! [gesture:wave]")
