"""Check that messages come back as they were stored."""

from pathlib import Path
import sqlite3

import pytest

from custom_components.waifu_rt3d.memory import (
    Attachment,
    NewTurn,
    NotFound,
    Origin,
    Role,
    Scope,
    Store,
    ToolCall,
)

from .conftest import Clock, Talk, talk_in


async def test_everything_about_a_message_comes_back(talk: Talk) -> None:
    """A message keeps its text, cues, timeline, tools, bytes, times and attachments."""
    turn = NewTurn(
        turn_id="t1",
        session_id=talk.session.id,
        person="alice",
        audience="alice",
        character="hana",
        origin=Origin.CARD,
        started_ms=5,
    )
    await talk.store.start_turn(talk.scope, turn)
    call = ToolCall(call_id="c", name="HassTurnOn", arguments={"name": "lamp"}, result={"ok": 1})
    file = Attachment(kind="image", reference="media/cat.png", caption="a cat")
    cues = [{"kind": "emotion", "name": "happy", "offset": 0}]
    timeline = [{"segment": 0, "visemes": [{"at_ms": 0, "shape": "aa"}]}]
    stored = await talk.answer(
        "It is on.",
        display="*smiles* It is on.",
        turn_id="t1",
        sent=b"\x00It is on.",
        cues=cues,
        timeline=timeline,
        tool_calls=[call],
        attachments=[file],
        model="m",
        tokens_in=10,
        tokens_out=3,
        first_token_ms=120,
        duration_ms=900,
        extra={"seed": 7},
    )
    found = await talk.store.message(talk.scope, stored)
    assert (found.text, found.display, found.turn_id) == ("It is on.", "*smiles* It is on.", "t1")
    assert (found.sent, found.cues, found.timeline) == (b"\x00It is on.", cues, timeline)
    assert (found.tool_calls, found.attachments) == ([call], [file])
    assert (found.tokens_in, found.tokens_out, found.first_token_ms) == (10, 3, 120)
    assert (found.model, found.duration_ms, found.extra) == ("m", 900, {"seed": 7})
    assert (await talk.store.history(talk.scope, talk.session.id)) == [found]


async def test_history_is_the_newest_messages_in_order(talk: Talk) -> None:
    """History ends with the newest message; `before` pages upwards."""
    ids = [await talk.say(f"number {number}") for number in range(150)]
    assert await talk.texts(limit=3) == ["number 147", "number 148", "number 149"]
    older = await talk.store.history(talk.scope, talk.session.id, limit=2, before=ids[147])
    assert [message.text for message in older] == ["number 145", "number 146"]
    assert len(await talk.texts(limit=500)) == 150


async def test_history_survives_a_restart(store: Store, path: Path, clock: Clock) -> None:
    """What was acknowledged is there when the file is opened again."""
    talk = await talk_in(store, clock)
    await talk.say("Remember me")
    await store.close()
    again = await Store.open(path)
    history = await again.history(talk.scope, talk.session.id)
    await again.close()
    assert [message.text for message in history] == ["Remember me"]


async def test_what_was_heard_is_kept_when_the_person_cut_in(talk: Talk) -> None:
    """A reply keeps its whole text and the part that was heard."""
    reply = await talk.answer(
        "One. Two. Three.", heard="One.", cut_ms=640, timeline=[{"segment": 0}]
    )
    found = await talk.store.message(talk.scope, reply)
    assert (found.text, found.heard, found.cut_ms) == ("One. Two. Three.", "One.", 640)
    assert found.timeline == [{"segment": 0}]


async def test_a_turn_of_another_audience_is_refused(store: Store, clock: Clock) -> None:
    """A turn can't be put into a session of somebody else."""
    talk = await talk_in(store, clock, "bob")
    turn = NewTurn(
        turn_id="t",
        session_id=talk.session.id,
        person="alice",
        audience="alice",
        character="hana",
        origin=Origin.CARD,
        started_ms=5,
    )
    with pytest.raises(NotFound):
        await store.start_turn(Scope.of("alice"), turn)


async def test_a_parent_in_another_session_is_refused(store: Store, clock: Clock) -> None:
    """The tree of a session can't hang on another session's message."""
    one = await talk_in(store, clock, "alice")
    other = await talk_in(store, clock, "alice", "rei")
    foreign = await other.say("here")
    with pytest.raises(NotFound):
        await one.say("there", parent_id=foreign)


@pytest.mark.parametrize("private", [False, True])
async def test_messages_of_a_private_session_work_the_same(
    store: Store, clock: Clock, path: Path, private: bool
) -> None:
    """A private session has a history, but nothing of it is in any file."""
    talk = await talk_in(store, clock, private=private)
    await talk.say("zanzibarcode")
    await talk.say("answer", Role.ASSISTANT)
    assert await talk.texts() == ["zanzibarcode", "answer"]
    await store.close()
    written = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert (b"zanzibarcode" in written) is not private


async def test_a_session_never_stands_on_a_message_that_is_not_there(
    talk: Talk, path: Path
) -> None:
    """The file itself refuses it, whoever writes; a message that goes takes the place along."""
    first = await talk.say("Hello")
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="message of its own"):
        connection.execute("UPDATE session SET head_id = ?", (first + 1,))
    connection.execute("DELETE FROM message")
    assert connection.execute("SELECT head_id FROM session").fetchall() == [(None,)]
    connection.rollback()
    connection.close()
