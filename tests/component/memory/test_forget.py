"""Check that what is forgotten is gone from every table, index, file and copy."""

from pathlib import Path
import sqlite3

import pytest

from custom_components.waifu_rt3d.memory import HOUSEHOLD, NewMessage, NotFound, Role, Scope, Store
from custom_components.waifu_rt3d.memory.forget import Retention

from .conftest import Clock, Talk, talk_in

DAY_S = 86_400


def rows(path: Path) -> dict[str, int]:
    """Count the rows of every table that holds talk."""
    connection = sqlite3.connect(path)
    tables = (
        "session", "message", "turn", "sent", "speech", "tool_call", "attachment", "note",
        "recalled", "conversation",
    )  # fmt: skip
    counted = {
        name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608 - tables of our own
        for name in tables
    }
    connection.close()
    return counted


def quoting(path: Path, word: str) -> list[str]:
    """Return the files that still hold a word."""
    return [file.name for file in path.parent.iterdir() if word.encode() in file.read_bytes()]


async def test_a_deleted_session_is_gone_after_a_minute(
    store: Store, clock: Clock, path: Path
) -> None:
    """After the minute no row, index entry or byte of it is left, also in the good copy."""
    kept = await talk_in(store, clock, "alice", "rei")
    await kept.say("something else")
    talk = await talk_in(store, clock, "alice", "hana", conversation_id="c")
    for number in range(900):
        await talk.say(f"quixotic {number}", sent=b"quixotic", cues=[{"name": "quixotic"}])
    await store.nightly()
    assert quoting(path, "quixotic")
    await store.delete_session(talk.scope, talk.session.id)
    clock.advance(seconds=59)
    await store.purge()
    await store.restore_session(talk.scope, talk.session.id)
    await store.delete_session(talk.scope, talk.session.id)
    clock.advance(seconds=61)
    forgotten = await store.purge()
    assert (forgotten.sessions, forgotten.messages) == (1, 900)
    with pytest.raises(NotFound):
        await store.restore_session(talk.scope, talk.session.id)
    counted = rows(path)
    assert (counted["message"], counted["session"], counted["sent"], counted["speech"]) == (
        1,
        1,
        0,
        0,
    )
    assert counted["conversation"] == 0
    assert quoting(path, "quixotic") == []
    await store.check()


async def test_everything_about_a_person_can_be_deleted(
    store: Store, clock: Clock, path: Path
) -> None:
    """Own sessions, notes and rules go, and what they said to the household, with its replies."""
    own = await talk_in(store, clock, "alice", conversation_id="x")
    await own.say("abracadabra one")
    await own.answer("abracadabra two")
    await store.add_note(own.scope, "abracadabra note")
    await store.set_retention(own.scope, Retention(days=9))
    house = await talk_in(store, clock, HOUSEHOLD)
    bob = Talk(store=store, clock=clock, session=house.session, scope=house.scope)
    before = await bob.say("Bob was here")
    alice_asked = await house.store.add_message(house.scope, _by_alice(house, "abracadabra three"))
    await house.answer("abracadabra four")
    await bob.say("Bob again")
    await store.nightly()

    forgotten = await store.forget_person(Scope(person="alice"))

    assert forgotten.messages == 4
    assert sorted(forgotten.spoken) == ["abracadabra four", "abracadabra two"]
    assert await house.texts() == ["Bob was here", "Bob again"]
    history = await store.history(house.scope, house.session.id)
    assert history[1].parent_id == before
    assert quoting(path, "abracadabra") == []
    assert quoting(path, "alice") == []
    with pytest.raises(NotFound):
        await store.message(house.scope, alice_asked)
    with pytest.raises(NotFound):
        await store.forget_person(Scope(person="alice"))
    await store.check()


def _by_alice(talk: Talk, text: str) -> NewMessage:
    """Return a message of Alice's in the household's session."""
    talk.clock.advance(seconds=1)
    return NewMessage(
        session_id=talk.session.id,
        role=Role.USER,
        text=text,
        created_ms=talk.clock.now_ms,
        author="alice",
    )


async def test_one_message_can_be_forgotten(talk: Talk, path: Path) -> None:
    """The tree closes over the gap, the title no longer quotes it."""
    first = await talk.say("My hiddenword is here")
    await talk.answer("I see your hiddenword")
    await talk.say("Something else")
    await talk.answer("Fine")
    await talk.store.forget_message(talk.scope, first)
    assert await talk.texts() == ["Something else", "Fine"]
    session = await talk.store.session(talk.scope, talk.session.id)
    assert (session.title, session.messages) == ("Something else", 2)
    assert quoting(path, "hiddenword") == []


async def test_forgetting_where_one_stands_steps_back(talk: Talk) -> None:
    """After the last message is forgotten, talk goes on from the one before."""
    await talk.say("one")
    await talk.answer("two")
    last = await talk.say("three")
    await talk.store.forget_message(talk.scope, last)
    await talk.say("four")
    assert await talk.texts() == ["one", "two", "four"]


async def test_sessions_past_their_time_go_at_night(store: Store, clock: Clock) -> None:
    """Days and messages limit what is kept of a person; pinned sessions and others' stay."""
    talks = []
    for number in range(4):
        talk = await talk_in(store, clock, "alice", f"c{number}")
        for _ in range(10):
            await talk.say("hello")
        talks.append(talk)
        clock.advance(seconds=10 * DAY_S)
    other = await talk_in(store, clock, "bob", "c0")
    await other.say("hello")
    alice = Scope.of("alice")

    async def kept() -> list[str]:
        return sorted(one.character for one in await store.sessions(alice))

    await store.nightly()
    assert await kept() == ["c0", "c1", "c2", "c3"]
    await store.pin_session(alice, talks[0].session.id, pinned=True)
    await store.set_retention(alice, Retention(days=25))
    await store.nightly()
    assert await kept() == ["c0", "c2", "c3"]
    await store.set_retention(alice, Retention(messages=15))
    assert await store.retention(alice) == Retention(messages=15)
    await store.nightly()
    assert await kept() == ["c0", "c3"]
    assert await other.texts() == ["hello"]
