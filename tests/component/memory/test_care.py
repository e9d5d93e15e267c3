"""Check that a damaged file is mended, and that copies and backups are sound."""

from contextlib import closing
import gzip
from pathlib import Path
import shutil
import sqlite3

import pytest

from custom_components.waifu_rt3d.memory import (
    NewMessage,
    NewTurn,
    Origin,
    Role,
    Scope,
    Store,
    StoreDamaged,
    StoreTooNew,
    care,
)

from .conftest import Clock, Talk, talk_in


def spoil(path: Path, places: range) -> None:
    """Overwrite a part of a file."""
    data = bytearray(path.read_bytes())
    for place in places:
        if place < len(data):
            data[place] = 0xA5
    path.write_bytes(bytes(data))


def page_with(path: Path, text: bytes) -> range:
    """Return where the page is that holds a text."""
    first = path.read_bytes().index(text) // 4096 * 4096
    return range(first, first + 4096)


async def written(path: Path, clock: Clock, *, night: bool) -> Talk:
    """Write a database with some talk and close it."""
    store = await Store.open(path, now_ms=clock)
    talk = await talk_in(store, clock)
    for number in range(300):
        await talk.say(f"message {number} with some words to fill the pages of the file")
    if night:
        await store.nightly()
    await talk.say("after the night")
    await store.close()
    return talk


@pytest.mark.parametrize("places", [range(100), range(4096, 4096 * 20), range(0, 1 << 20, 511)])
async def test_a_damaged_file_is_replaced_by_its_copy(
    path: Path, clock: Clock, places: range
) -> None:
    """Damage is found at the start, the file put aside, and the last good copy goes on."""
    talk = await written(path, clock, night=True)
    spoil(path, places)
    store = await Store.open(path, now_ms=clock)
    assert store.recovery is not None
    assert store.recovery.copied_ms is not None
    assert store.recovery.moved_to.exists()
    history = await store.history(talk.scope, talk.session.id, limit=999)
    assert len(history) == 300 + store.recovery.salvaged
    await store.add_message(talk.scope, _next(talk))
    await store.close()
    again = await Store.open(path, now_ms=clock)
    assert again.recovery is None
    await again.close()


def _next(talk: Talk) -> NewMessage:
    """Return one more message."""
    return NewMessage(session_id=talk.session.id, role=Role.USER, text="on", created_ms=1)


@pytest.mark.parametrize("rubbish", [b"", b"not a database at all, just text" * 200])
async def test_without_a_copy_an_empty_store_begins(
    path: Path, clock: Clock, rubbish: bytes
) -> None:
    """The house keeps working: a file that can't be read gives way to a new one."""
    path.write_bytes(rubbish)
    store = await Store.open(path, now_ms=clock)
    assert (store.recovery is not None) == bool(rubbish)
    assert await store.sessions(Scope.of("alice")) == []
    await store.close()


async def test_damage_that_comes_later_is_told(path: Path, clock: Clock) -> None:
    """The nightly check finds damage and leaves the good copy as it is."""
    talk = await written(path, clock, night=True)
    store = await Store.open(path, now_ms=clock)
    copy = path.with_name("companion.db.good")
    before = copy.read_bytes()
    await store.hold()
    spoil(path, range(4096 * 3, 4096 * 30))
    with pytest.raises(StoreDamaged):
        await store.nightly()
    assert copy.read_bytes() == before
    await store.close()
    assert talk.session.id


async def test_a_later_version_s_file_is_left_alone(path: Path, clock: Clock) -> None:
    """A database of a later schema is refused with a sentence and not changed."""

    await written(path, clock, night=False)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match="Update the integration"):
        await Store.open(path, now_ms=clock)
    assert path.read_bytes() == before


async def test_a_backup_taken_while_people_talk_is_sound(
    store: Store, clock: Clock, path: Path, tmp_path: Path
) -> None:
    """Files copied one after the other during a hold open with everything said before it."""
    talk = await talk_in(store, clock)
    for number in range(50):
        await talk.say(f"before {number}")
    await store.hold()
    target = tmp_path / "restored"
    target.mkdir()
    shutil.copy(path, target / "companion.db")
    for number in range(400):
        await talk.say(f"meanwhile {number} " + "x" * 900)
    shutil.copy(path.with_name("companion.db-wal"), target / "companion.db-wal")
    await store.release()
    restored = await Store.open(target / "companion.db", now_ms=clock)
    assert restored.recovery is None
    history = await restored.history(talk.scope, talk.session.id, limit=999)
    assert len(history) == 450
    await restored.check()
    await restored.close()
    assert len(await talk.texts(limit=999)) == 450


async def test_only_the_main_file_of_a_backup_is_enough(
    store: Store, clock: Clock, path: Path, tmp_path: Path
) -> None:
    """A backup without the write-ahead file still has all from before the hold."""
    talk = await talk_in(store, clock)
    await talk.say("before")
    await store.hold()
    await talk.say("meanwhile")
    target = tmp_path / "restored.db"
    shutil.copy(path, target)
    restored = await Store.open(target, now_ms=clock)
    history = await restored.history(talk.scope, talk.session.id)
    assert [one.text for one in history] == ["before"]
    await restored.close()


async def test_what_is_newer_than_the_copy_is_salvaged(path: Path, clock: Clock) -> None:
    """The copy goes on with all that can still be read, in its order, and nothing that was deleted."""
    talk = await written(path, clock, night=True)
    store = await Store.open(path, now_ms=clock)
    new = await talk_in(store, clock, "alice", "rei")
    turn = NewTurn(
        turn_id="newer",
        session_id=new.session.id,
        person="alice",
        audience="alice",
        character="rei",
        origin=Origin.CARD,
        started_ms=clock(),
    )
    await store.start_turn(new.scope, turn)
    question = await new.say("Where is the turquoise bicycle?", sent=b"sent")
    first = await new.answer("In the shed")
    await store.regenerate(new.scope, first)
    await new.answer("Behind the house", cues=[{"kind": "emotion"}])
    await store.add_note(new.scope, "The bicycle is turquoise", source_id=question)
    gone = await talk_in(store, clock, "alice", "gone")
    await gone.say("to be forgotten")
    await store.delete_session(gone.scope, gone.session.id)
    before = await new.texts()
    await store.close()
    # Some pages of the old talk are gone.
    for number in (60, 140):
        spoil(path, page_with(path, b"message %d with" % number))
    store = await Store.open(path, now_ms=clock)
    assert store.recovery is not None
    assert store.recovery.salvaged >= 3
    again = Talk(store=store, clock=clock, session=new.session, scope=new.scope)
    assert await again.texts() == before
    history = await store.history(new.scope, new.session.id)
    assert (history[0].sent, len(history[1].alternatives)) == (b"sent", 2)
    assert history[1].cues == [{"kind": "emotion"}]
    assert len((await store.search(new.scope, "turquoise")).hits) == 1
    assert [one.text for one in await store.notes(new.scope)] == ["The bicycle is turquoise"]
    old = await store.history(talk.scope, talk.session.id, limit=999)
    assert len(old) in (300, 301)
    assert (await store.search(Scope.of("alice"), "forgotten")).hits == []
    await again.say("And it goes on")
    assert (await again.texts())[-1] == "And it goes on"
    await store.check()
    await store.close()


async def test_without_a_copy_what_can_be_read_begins_the_new_store(
    path: Path, clock: Clock
) -> None:
    """A first page that is gone costs nothing, since every database of ours begins alike."""
    talk = await written(path, clock, night=False)
    spoil(path, range(100))
    store = await Store.open(path, now_ms=clock)
    assert store.recovery is not None
    assert (store.recovery.copied_ms, store.recovery.salvaged) == (None, 301)
    sessions = await store.sessions(talk.scope)
    assert [one.messages for one in sessions] == [301]
    history = await store.history(talk.scope, sessions[0].id, limit=999)
    assert history[-1].text == "after the night"
    await store.add_message(talk.scope, _next(talk))
    await store.check()
    await store.close()


async def test_a_damaged_file_of_an_older_schema_keeps_its_order(path: Path, clock: Clock) -> None:
    """What an older file does not know of a session is filled in, and its sessions stay in order."""
    older = Path(__file__).parent / "fixtures" / "store_v3.db.gz"
    path.write_bytes(gzip.decompress(older.read_bytes()))
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'turn_by_session'"
        [(page,)] = connection.execute(query).fetchall()
    spoil(path, range(4096 * (page - 1), 4096 * page))
    store = await Store.open(path, now_ms=clock)
    assert store.recovery is not None
    scope = Scope.of("alice")
    [old] = await store.sessions(scope)
    assert old.messages == store.recovery.salvaged
    clock.now_ms = old.updated_ms - 1000
    new = await talk_in(store, clock, "alice", "rei")
    await new.say("hello")
    assert [one.id for one in await store.sessions(scope)] == [new.session.id, old.id]
    await store.close()


async def test_a_large_file_is_looked_through_later(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start does not wait until all pages are read; damage is found by the check that follows."""
    monkeypatch.setattr(care, "LOOKED_THROUGH_BYTES", 1000)
    talk = await written(path, clock, night=True)
    spoil(path, range(4096 * 60, 4096 * 66))
    store = await Store.open(path, now_ms=clock)
    assert (store.unchecked, store.recovery) == (True, None)
    with pytest.raises(StoreDamaged):
        await store.check()
    await store.close()
    store = await Store.open(path, now_ms=clock, thorough=True)
    assert (store.unchecked, store.recovery is None) == (False, False)
    assert len(await store.history(talk.scope, talk.session.id, limit=999)) >= 300
    await store.close()
