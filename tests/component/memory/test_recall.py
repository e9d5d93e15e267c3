"""Check that what matters is recalled, within its budget, for those it belongs to."""

from datetime import UTC
from typing import Any

import pytest

from custom_components.waifu_rt3d.memory import (
    HOUSEHOLD,
    BadQuery,
    NewMessage,
    NewTurn,
    NotFound,
    Origin,
    Role,
    Scope,
    Store,
)
from custom_components.waifu_rt3d.memory.bulk import WholeMessage, WholeSession

from .conftest import Clock, Talk, talk_in


async def small_talk(talk: Talk, count: int = 40) -> None:
    """Say many things that matter little."""
    for number in range(count):
        await talk.say(f"The weather is fine today, number {number}, and the sun shines.")
        await talk.answer(f"Yes, it shines nicely on day {number}, as it should.")


@pytest.fixture
async def remembered(talk: Talk) -> Talk:
    """Return a talk in which things were told between small talk."""
    await small_talk(talk)
    await talk.say("My sister Deborah is allergic to peanuts, so no peanut butter please.")
    await talk.answer("I will keep that in mind.")
    await talk.answer("How long have you had your turtle?")
    await talk.say("Since my grandfather died, he was eighty.")
    await small_talk(talk)
    return talk


async def test_what_was_told_is_recalled_with_its_date(remembered: Talk) -> None:
    """A question brings back the message that answers it, dated, with the words that found it."""
    found = await remembered.store.recall(remembered.scope, "What is my sister allergic to?")
    first = found.memories[0]
    assert "allergic to peanuts" in first.lines[-1].text
    assert {"sister", "allergic"} <= set(first.words)
    shown = found.as_text(person="Alice", character="Hana", zone=UTC)
    assert "2026-09-21" in shown
    assert "Alice: My sister Deborah" in shown


async def test_an_answer_is_found_by_its_question(remembered: Talk) -> None:
    """A message without any of the words is found by the one it answers, and shown with it."""
    found = await remembered.store.recall(remembered.scope, "Since when do I have the turtle?")
    texts = [line.text for line in found.memories[0].lines]
    assert texts == [
        "How long have you had your turtle?",
        "Since my grandfather died, he was eighty.",
    ]


@pytest.mark.parametrize("sentence", ["", "?!", "and what of the", "zebra xylophone"])
async def test_nothing_is_recalled_where_nothing_matters(remembered: Talk, sentence: str) -> None:
    """A sentence without telling words, or with unknown ones, brings nothing up."""
    found = await remembered.store.recall(remembered.scope, sentence)
    assert (found.memories, found.tokens) == ([], 0)
    assert found.as_text(person="a", character="b", zone=UTC) == ""


async def test_a_budget_is_kept(remembered: Talk) -> None:
    """No more tokens are used than allowed."""
    for number in range(30):
        await remembered.say(f"My sister told me story number {number} about peanuts and bread.")
    found = await remembered.store.recall(remembered.scope, "my sister, peanuts", budget_tokens=120)
    assert 0 < found.tokens <= 120
    nothing = await remembered.store.recall(remembered.scope, "my sister", budget_tokens=5)
    assert nothing.memories == []


async def test_what_the_model_sees_anyway_is_left_out(remembered: Talk) -> None:
    """Messages of the running history are not recalled a second time."""
    history = await remembered.store.history(remembered.scope, remembered.session.id, limit=500)
    seen = [message.id for message in history]
    found = await remembered.store.recall(remembered.scope, "my sister, peanuts", leave_out=seen)
    assert found.memories == []


async def test_notes_come_first(remembered: Talk) -> None:
    """What a person asked to remember comes before pieces of talk."""
    store, scope = remembered.store, remembered.scope
    await store.add_note(scope, "The garage code is on the blue card")
    await store.add_note(scope, "Deborah likes lilies")
    found = await store.recall(scope, "What does my sister Deborah like?")
    assert [one.note for one in found.memories][:2] == [
        "Deborah likes lilies",
        "The garage code is on the blue card",
    ]
    assert found.memories[2].note is None


async def test_notes_belong_to_a_character_unless_they_are_for_all(
    store: Store, clock: Clock
) -> None:
    """Each character knows its own notes, those for all, and the household's for all."""
    hana, rei = Scope.of("alice", "hana"), Scope.of("alice", "rei")
    await store.add_note(hana, "mine")
    await store.add_note(hana, "for all", for_all=True)
    await store.add_note(hana, "the house's", audience=HOUSEHOLD, for_all=True)
    assert {one.text for one in await store.notes(hana)} == {"mine", "for all", "the house's"}
    assert {one.text for one in await store.notes(rei)} == {"for all", "the house's"}
    assert {one.text for one in await store.notes(Scope.of("bob"))} == {"the house's"}
    with pytest.raises(NotFound):
        await store.add_note(hana, "for Bob", audience="bob")


async def test_notes_are_changed_and_forgotten(remembered: Talk) -> None:
    """A note changes by its person only; forgotten, it is gone, with its source if wished."""
    store, scope = remembered.store, remembered.scope
    source = await remembered.say("Remember that my locker number is fortyseven")
    note = await store.add_note(scope, "Locker: fortyseven", source_id=source)
    with pytest.raises(NotFound):
        await store.change_note(Scope.of("bob"), note, text="Locker: 1")
    with pytest.raises(BadQuery, match="needs words"):
        await store.change_note(scope, note, text="  ")
    await store.change_note(scope, note, text="Locker: 47", pinned=True)
    assert [(one.text, one.pinned) for one in await store.notes(scope)] == [("Locker: 47", True)]
    await store.forget_note(scope, note, with_source=True)
    assert await store.notes(scope) == []
    assert (await store.search(scope, "fortyseven OR locker")).hits == []
    found = await store.recall(scope, "What is my locker number?")
    assert all("locker" not in str(one.lines) for one in found.memories)


async def test_the_card_can_show_what_was_recalled_and_why(remembered: Talk) -> None:
    """What was recalled for a turn is kept, and shrinks when something is forgotten."""
    store, scope = remembered.store, remembered.scope
    turn: dict[str, Any] = {"audience": "alice", "character": "hana", "origin": Origin.CARD}
    await store.start_turn(
        scope,
        NewTurn(
            turn_id="t", session_id=remembered.session.id, person="alice", started_ms=1, **turn
        ),
    )
    note = await store.add_note(scope, "Deborah likes lilies")
    found = await store.recall(scope, "What is my sister Deborah allergic to?")
    await store.keep_recalled(scope, "t", remembered.session.id, found)
    shown = await store.recalled(scope, "t")
    assert [(one.note, one.lines, one.words) for one in shown] == [
        (one.note, one.lines, one.words) for one in found.memories
    ]
    with pytest.raises(NotFound):
        await store.recalled(Scope.of("bob"), "t")
    await store.forget_note(scope, note)
    assert [one.note_id for one in await store.recalled(scope, "t")][0] is None


async def test_nobody_is_told_what_another_said(remembered: Talk, clock: Clock) -> None:
    """Recall reaches only the scope's person, their character and the household."""
    store = remembered.store
    for scope in (Scope.of("bob"), Scope.of(HOUSEHOLD), Scope.of("alice", "rei")):
        assert (await store.recall(scope, "sister allergic peanuts")).memories == []
    house = await talk_in(store, clock, HOUSEHOLD, "hana")
    await house.say("The peanuts are in the upper drawer.")
    assert (await store.recall(Scope.of("bob", "hana"), "Where are the peanuts?")).memories


async def test_other_languages_are_recalled(talk: Talk) -> None:
    """Other endings, and scripts without spaces, don't hide what was said."""
    await talk.say("Unsere Hunde schlafen gern im Garten unter dem Apfelbaum.")
    await talk.say("私の猫の名前はミカンです。")
    await small_talk(talk)
    german = await talk.store.recall(talk.scope, "Wo schläft der Hund am liebsten?")
    assert "Apfelbaum" in german.memories[0].lines[-1].text
    japanese = await talk.store.recall(talk.scope, "猫の名前は何ですか")
    assert "ミカン" in japanese.memories[0].lines[-1].text


async def test_what_two_common_words_say_together_is_found_however_old(talk: Talk) -> None:
    """Neither word tells anything alone, and newer messages have each; the old one has both."""
    store = talk.store
    old = await talk.say("My brother hid the spare key under the beehive")
    words = ("key", "beehive")
    wholes = [
        WholeSession(
            audience="alice",
            character="hana",
            title="",
            created_ms=talk.clock.now_ms + part,
            updated_ms=talk.clock.now_ms + part,
            messages=[
                WholeMessage(
                    message=NewMessage(
                        session_id="",
                        role=Role.USER,
                        text=f"Something else about the {words[number % 2]} came up today",
                        created_ms=talk.clock.now_ms + part,
                    ),
                    parent=None,
                )
                for number in range(part, part + 500)
            ],
        )
        for part in range(0, 3000, 500)
    ]
    await store.put_in(talk.scope, wholes)
    found = await store.related(talk.scope, "Where is the key, the one with the beehive?", limit=5)
    assert found[0].message_id == old


async def test_marks_tell_what_was_said_beside_a_stranger_s_text(talk: Talk, clock: Clock) -> None:
    """The first mark counts, one that says nothing is none, and nobody learns of another's."""
    plain = await talk.say("plain")
    exposed = await talk.answer("exposed", extra={"other": 1, "exposed": "card-1"})
    both = await talk.answer("both", extra={"untrusted": 2, "exposed": "card-2"})
    empty = await talk.answer("empty", extra={"exposed": None})
    ids = [plain, exposed, both, empty]
    keys = ("exposed", "untrusted")
    assert await talk.store.marks(talk.scope, ids, keys) == {exposed: "card-1", both: "card-2"}
    assert await talk.store.marks(talk.scope, ids, ("untrusted", "exposed")) == {
        exposed: "card-1",
        both: 2,
    }
    assert await talk.store.marks(talk.scope, [plain], keys) == {}
    assert await talk.store.marks(talk.scope, [], keys) == {}
    stranger = await talk_in(talk.store, clock, "bob")
    assert await talk.store.marks(stranger.scope, ids, keys) == {}
    await talk.store.forget_message(talk.scope, both)
    assert await talk.store.marks(talk.scope, ids, keys) == {exposed: "card-1"}
    await talk.store.delete_session(talk.scope, talk.session.id)
    assert await talk.store.marks(talk.scope, ids, keys) == {}


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Meine Straße heißt Lindenweg", "Wie heißt meine Straße?"),
        ("Люблю йогурт с мёдом", "Какой йогурт люблю?"),
    ],
)
async def test_letters_that_the_index_keeps_are_recalled(talk: Talk, said: str, asked: str) -> None:
    """What stands with a sharp s or another script's accents comes back."""
    for number in range(20):
        await talk.say(f"Gerede Nummer {number}")
    await talk.say(said)
    assert (await talk.store.related(talk.scope, asked))[0].text == said
