"""Check that joining the parts of the full-text indexes changes nothing but their number."""

from pathlib import Path
import sqlite3

from custom_components.waifu_rt3d.memory import Store
from custom_components.waifu_rt3d.memory.joining import FEW_PARTS
from custom_components.waifu_rt3d.memory.schema import FULL_TEXT

from .conftest import Clock, Talk, talk_in


def parts(path: Path) -> list[int]:
    """Return of how many parts each index is made."""
    connection = sqlite3.connect(path)
    counts = [
        connection.execute(f"SELECT count(DISTINCT segid) FROM {name}_idx").fetchone()[0]  # noqa: S608 - our own names
        for name in FULL_TEXT
    ]
    connection.close()
    return counts


def is_sound(path: Path) -> bool:
    """Say whether the indexes agree with themselves and the file is whole."""
    connection = sqlite3.connect(path)
    for name in FULL_TEXT:
        connection.execute(f"INSERT INTO {name}({name}) VALUES('integrity-check')")
    found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    connection.close()
    return bool(found == "ok")


async def spoken(store: Store, clock: Clock, count: int) -> Talk:
    """Say something so many times, each in a transaction of its own."""
    talk = await talk_in(store, clock)
    for number in range(count):
        await talk.say(f"common{number % 7} rare{number} and then some")
    return talk


async def seen(talk: Talk) -> list[object]:
    """Return what several searches and a recall find."""
    found: list[object] = []
    for words in ("common3", "rare5*", '"rare17 and"', "common1 NOT rare8", "some"):
        page = await talk.store.search(talk.scope, words, limit=500)
        found.append([(hit.message_id, hit.snippet) for hit in page.hits])
    found.append(await talk.store.recall(talk.scope, "What of common2 and rare44?"))
    return found


async def test_joining_changes_nothing_that_is_found(
    store: Store, path: Path, clock: Clock
) -> None:
    """Connections that searched before find the same after it, and go on doing so."""
    talk = await spoken(store, clock, 330)
    before = await seen(talk)
    assert max(parts(path)) > FEW_PARTS
    await store.join_index()
    assert parts(path) == [1, 1]
    assert await seen(talk) == before
    await talk.say("common3 once more")
    assert len((await store.search(talk.scope, "common3", limit=500)).hits) == 48
    assert is_sound(path)


async def test_what_was_forgotten_stays_forgotten(store: Store, path: Path, clock: Clock) -> None:
    """A joined index lets go of deleted words, in the file too."""
    talk = await spoken(store, clock, 60)
    other = await talk_in(store, clock, "alice", "rei")
    await other.say("xylophonist")
    await store.join_index()
    await store.delete_session(other.scope, other.session.id)
    clock.advance(seconds=61)
    await store.purge()
    await spoken(store, clock, 60)
    await store.join_index()
    assert (await store.search(talk.scope, "xylophonist")).hits == []
    assert is_sound(path)
    await store.close()
    assert b"xylophonist" not in path.read_bytes()


async def test_the_night_joins_and_then_finds_no_damage(
    store: Store, path: Path, clock: Clock
) -> None:
    """The next night's check takes the joined index for sound, and has nothing to join."""
    talk = await spoken(store, clock, 330)
    before = await seen(talk)
    await store.nightly()
    assert parts(path) == [1, 1]
    await store.nightly()
    assert await seen(talk) == before


async def test_few_parts_are_left_alone(store: Store, path: Path, clock: Clock) -> None:
    """Each day's few words don't have the whole index written anew."""
    await spoken(store, clock, 3)
    before = parts(path)
    await store.join_index()
    assert parts(path) == before
    assert before != [1, 1]


async def test_a_backup_is_not_disturbed(store: Store, path: Path, clock: Clock) -> None:
    """While the file is held for a backup, the night leaves the index as it is."""
    await spoken(store, clock, 330)
    before = parts(path)
    await store.hold()
    await store.nightly()
    assert parts(path) == before
    await store.release()
