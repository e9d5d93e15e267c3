"""Check that sessions are found again, listed, changed and deleted."""

from pathlib import Path

import pytest

from custom_components.waifu_rt3d.memory import (
    HOUSEHOLD,
    NewMessage,
    NewTurn,
    NotAllowed,
    NotFound,
    Origin,
    Role,
    Scope,
    SessionFilter,
    Store,
)

from .conftest import Clock, Talk, talk_in


async def test_a_conversation_id_leads_to_its_session(store: Store, clock: Clock) -> None:
    """An id means one session for one audience, character and device only."""
    first = await talk_in(store, clock, conversation_id="c1", device="kitchen")
    await first.say("hello")
    clock.advance(seconds=30 * 24 * 3600)
    again = await talk_in(store, clock, conversation_id="c1", device="kitchen")
    assert again.session.id == first.session.id
    other = await talk_in(store, clock, "bob", conversation_id="c1", device="kitchen")
    assert other.session.id != first.session.id


async def test_a_new_conversation_goes_on_where_we_stopped(store: Store, clock: Clock) -> None:
    """A new id soon after goes on in the same session; long after it begins a new one."""
    first = await talk_in(store, clock, conversation_id="c1")
    await first.say("hello")
    clock.advance(seconds=3600)
    soon = await talk_in(store, clock, conversation_id="c2")
    clock.advance(seconds=24 * 3600)
    late = await talk_in(store, clock, conversation_id="c3")
    assert soon.session.id == first.session.id
    assert late.session.id != first.session.id


@pytest.mark.parametrize("back_s", [3600, 24 * 3600, 2 * 24 * 3600, 400 * 24 * 3600])
async def test_new_session_stands_first_when_the_clock_was_set_back(
    store: Store, clock: Clock, back_s: int
) -> None:
    """What was begun last is what people look for first, whatever the clock shows."""
    first = await talk_in(store, clock, conversation_id="c1")
    await first.say("hello")
    clock.advance(seconds=-back_s)
    later = await store.create_session(first.scope, character=first.session.character)
    listed = await store.sessions(first.scope, SessionFilter(empty=True))
    assert [one.id for one in listed] == [later.id, first.session.id]
    # its time is the clock's: nobody is shown a time that was never shown
    assert (later.created_ms, later.updated_ms) == (clock.now_ms, clock.now_ms)


async def test_sessions_stand_in_the_order_of_their_last_words_wherever_the_clock_is_set(
    store: Store, clock: Clock
) -> None:
    """A day ahead, two days back, an hour ahead: who was talked to last stands first, of all characters."""
    hana = await talk_in(store, clock, character="hana")
    rei = await talk_in(store, clock, character="rei")
    scope = Scope(person="alice")
    for moved_s, talk in ((86_400, hana), (-2 * 86_400, rei), (3600, hana), (-7200, rei)):
        clock.advance(seconds=moved_s)
        await talk.say("hello")
        other = hana if talk is rei else rei
        listed = [one.id for one in await store.sessions(scope, SessionFilter(empty=True))]
        assert listed == [talk.session.id, other.session.id]


async def test_a_branch_stands_first_when_the_clock_was_set_back(talk: Talk, clock: Clock) -> None:
    """A branch is the newest talk."""
    asked = await talk.say("hello")
    clock.advance(seconds=-86_400)
    branch = await talk.store.branch_session(talk.scope, asked)
    listed = await talk.store.sessions(talk.scope)
    assert [one.id for one in listed] == [branch.id, talk.session.id]


async def test_the_title_comes_from_the_first_question(talk: Talk) -> None:
    """A session gets a title by itself until a person gives one."""
    await talk.say("Can you help me to bake bread? I have flour.")
    assert (await talk.store.session(talk.scope, talk.session.id)).title == (
        "Can you help me to bake bread?"
    )
    await talk.store.suggest_title(talk.scope, talk.session.id, "Baking bread")
    await talk.store.rename_session(talk.scope, talk.session.id, "  My   bread ")
    await talk.store.suggest_title(talk.scope, talk.session.id, "Something else")
    assert (await talk.store.session(talk.scope, talk.session.id)).title == "My bread"
    await talk.store.rename_session(talk.scope, talk.session.id, "")
    assert (await talk.store.session(talk.scope, talk.session.id)).title == (
        "Can you help me to bake bread?"
    )


async def test_the_list_shows_pinned_first_and_hides_archived(store: Store, clock: Clock) -> None:
    """Sessions are listed by pin and last word; archived and empty ones only when asked for."""
    talks = [await talk_in(store, clock, "alice", name) for name in ("a", "b", "c")]
    for one in talks:
        await one.say(f"talk with {one.session.character}")
    await talk_in(store, clock, "alice", "empty")
    scope = Scope.of("alice")
    await store.pin_session(scope, talks[0].session.id, pinned=True)
    await store.archive_session(scope, talks[1].session.id, archived=True)
    assert [one.character for one in await store.sessions(scope)] == ["a", "c"]
    archived = await store.sessions(scope, SessionFilter(archived=True))
    assert [one.character for one in archived] == ["b"]
    by_word = await store.sessions(scope, SessionFilter(words="TALK c"))
    assert [one.character for one in by_word] == ["c"]


@pytest.mark.parametrize("words", ["uber STRASSE", "Straße über", "🚲", "😀 uber", "100%"])
async def test_titles_are_found_folded(talk: Talk, words: str) -> None:
    """Case, accents and a sharp s don't matter, a picture and a percent sign are what they are."""
    await talk.say("Mit dem 🚲 ÜBER die Straße")
    listed = await talk.store.sessions(talk.scope, SessionFilter(words=words))
    assert len(listed) == (words in {"uber STRASSE", "Straße über", "🚲"})


async def test_a_deleted_session_can_be_restored(talk: Talk) -> None:
    """Deleting hides at once; restoring brings everything back."""
    await talk.say("keep me")
    await talk.store.delete_session(talk.scope, talk.session.id)
    with pytest.raises(NotFound):
        await talk.texts()
    assert await talk.store.sessions(talk.scope) == []
    await talk.store.restore_session(talk.scope, talk.session.id)
    assert await talk.texts() == ["keep me"]


async def test_others_see_only_what_is_the_household_s(store: Store, clock: Clock) -> None:
    """A person sees their own and the household's sessions, a wall tablet the household's."""
    for audience in ("alice", "bob", HOUSEHOLD):
        await (await talk_in(store, clock, audience)).say("hello")

    async def seen(scope: Scope) -> set[str]:
        return {one.audience for one in await store.sessions(scope)}

    assert await seen(Scope.of("alice")) == {"alice", HOUSEHOLD}
    assert await seen(Scope.of(HOUSEHOLD)) == {HOUSEHOLD}
    assert await seen(Scope(person="alice", household=False)) == {"alice"}
    assert await seen(Scope.of("nobody")) == {HOUSEHOLD}


async def test_who_may_only_read_can_change_nothing(talk: Talk) -> None:
    """A scope without the right to write is refused with a sentence."""
    await talk.say("hello")
    reader = Scope(person="alice", write=False)
    with pytest.raises(NotAllowed, match="not change"):
        await talk.store.rename_session(reader, talk.session.id, "mine")
    with pytest.raises(NotAllowed):
        await talk.store.delete_session(reader, talk.session.id)


async def test_switching_lets_a_conversation_go_on_elsewhere(store: Store, clock: Clock) -> None:
    """After a switch the same conversation id leads to the chosen session."""
    old = await talk_in(store, clock, conversation_id="c1")
    await old.say("old")
    new = await store.create_session(Scope.of("alice"), character="hana", title="New one")
    await store.switch_session(Scope.of("alice"), new.id, "c1")
    assert (await talk_in(store, clock, conversation_id="c1")).session.id == new.id


async def test_question_of_a_turn_that_a_restart_cut_off_is_kept(path: Path) -> None:
    """What was said before the answer was whole is a message after the next start, once."""
    scope = Scope(person="alice")
    store = await Store.open(path)
    session = await store.create_session(scope, character="hana")
    for turn_id in ("cut", "whole"):
        new = NewTurn(
            turn_id=turn_id,
            session_id=session.id,
            person="alice",
            audience="alice",
            character="hana",
            origin=Origin.CARD,
            started_ms=1_790_000_000_000,
        )
        await store.start_turn(scope, new)
        await store.ask_in_turn(scope, turn_id, session.id, f"Is this {turn_id}?")
    said = NewMessage(
        session_id=session.id,
        role=Role.USER,
        text="Is this whole?",
        author="alice",
        turn_id="whole",
        created_ms=1_790_000_000_000,
    )
    await store.add_message(scope, said)
    await store.end_turn(scope, "whole", session.id)
    # one that comes too late changes nothing
    await store.ask_in_turn(scope, "whole", session.id, "Is this whole?")
    await store.close()
    for _ in range(2):
        store = await Store.open(path)
        history = await store.history(scope, session.id)
        assert [one.text for one in history] == ["Is this whole?", "Is this cut?"]
        assert [one.author for one in history] == ["alice", "alice"]
        assert len((await store.search(scope, "cut")).hits) == 1
        await store.check()
        await store.close()
