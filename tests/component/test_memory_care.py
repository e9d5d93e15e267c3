"""Damage, full disks, nights and backups: the house keeps working and nothing is lost."""

from contextlib import closing
from datetime import timedelta
import gzip
import hashlib
from pathlib import Path
import sqlite3
import tarfile
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import tts
from homeassistant.components.backup.const import DATA_MANAGER
from homeassistant.components.backup.manager import BackupManager
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from sqlalchemy import Connection

from custom_components.waifu_rt3d.backup import async_post_backup, async_pre_backup
from custom_components.waifu_rt3d.const import DOMAIN
from custom_components.waifu_rt3d.house import HOUSE
from custom_components.waifu_rt3d.memory import Scope, Store, StoreFull
from custom_components.waifu_rt3d.remembering.care import async_night, database_path

from .cards import Card
from .test_websocket_memory import ask, card, say, texts

__all__ = ["card"]


def store_of(core: HomeAssistant) -> Store:
    """Return the memory of the house."""
    store = core.data[HOUSE].store
    assert store is not None
    return store


async def pragma(store: Store, setting: str) -> None:
    """Set something on the connection that writes."""

    def job(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute(f"PRAGMA {setting}").close()

    await store._database.maintain(job)


@pytest.fixture
def damaged(core: HomeAssistant) -> Path:
    """Put a file that is no database where the memory is, before it is opened."""
    path = database_path(core)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"SQLite format 3\x00" + b"\x00rubbish" * 5000)
    return path


async def test_damaged_memory_is_reported_and_the_house_talks(
    damaged: Path, core: HomeAssistant, card: Card
) -> None:
    """It is put aside, a new one is begun, the owner is told, and people talk."""
    issue = ir.async_get(core).async_get_issue(DOMAIN, "memory_begun_anew")
    assert issue is not None
    assert issue.translation_placeholders is not None
    aside = damaged.with_name(issue.translation_placeholders["moved_to"])
    assert aside.read_bytes().startswith(b"SQLite format 3")
    session = await say(core, card, "Are you still there?")
    assert await texts(card, session) == ["Are you still there?", "Sure! Here I am."]


async def test_memory_damaged_while_it_runs_is_mended_at_night(
    core: HomeAssistant, card: Card
) -> None:
    """The last good copy takes its place, and what was said before it is there."""
    session = await say(core, card, "Remember the lighthouse")
    await async_night(core)
    await store_of(core).hold()
    await store_of(core).release()
    path = database_path(core)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    await async_night(core)
    assert ir.async_get(core).async_get_issue(DOMAIN, "memory_mended") is not None
    assert await texts(card, session) == ["Remember the lighthouse", "Sure! Here I am."]


@pytest.fixture
def old(core: HomeAssistant) -> None:
    """Put a file of an older version where the memory is, with a word as that indexed it."""
    path = database_path(core)
    path.parent.mkdir(parents=True)
    stored = Path(__file__).parent / "memory" / "fixtures" / "store_v3.db.gz"
    path.write_bytes(gzip.decompress(stored.read_bytes()))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO message(session_id, role, text, created_ms, words) "
            "VALUES((SELECT id FROM session), 'user', 'Die Straße', 1, 2)"
        )


async def test_an_older_memory_is_indexed_anew_while_the_house_talks(
    old: None, core: HomeAssistant, card: Card
) -> None:
    """What was said before the update is found as what is said after it."""
    await core.async_block_till_done(wait_background_tasks=True)
    found = await store_of(core).search(Scope.of("alice", "hana"), "strasse")
    assert [one.snippet.text for one in found.hits] == ["Die Straße"]


@pytest.fixture
def blocked(core: HomeAssistant) -> Path:
    """Put a folder where the memory's file should be."""
    path = database_path(core)
    path.mkdir(parents=True)
    return path


async def test_memory_that_cannot_be_opened_is_reported(
    blocked: Path, core: HomeAssistant, card: Card
) -> None:
    """Nothing is remembered, the owner is told, and people talk all the same."""
    issue = ir.async_get(core).async_get_issue(DOMAIN, "memory_not_opened")
    assert issue is not None
    del card.envelopes[:]
    await ask(card, "turn/start", text="Are you still there?", speak=False)
    await card.until("timeline", final=True)
    assert "".join(t["speech"] for t in card.of("text")) == "Sure! Here I am."
    reply = await card.call(type="waifu_rt3d/session/list")
    assert reply["error"]["translation_key"] == "memory_closed"
    blocked.rmdir()
    await async_night(core)
    assert ir.async_get(core).async_get_issue(DOMAIN, "memory_not_opened") is None
    assert (await ask(card, "session/list"))["sessions"] == []


async def test_full_disk_costs_no_word(
    core: HomeAssistant, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The turn is answered, the person is told, and what was said is stored when there is room."""
    session = await say(core, card, "One")
    store = store_of(core)
    with monkeypatch.context() as patched:

        async def full(*_: Any, **__: Any) -> None:
            raise StoreFull("The disk is full")

        patched.setattr(store._database, "write", full)
        await say(core, card, "Two")
        assert (await card.until("notice"))["data"] == {"key": "memory_full"}
        assert "".join(t["speech"] for t in card.of("text")) == "Sure! Here I am."
        await say(core, card, "Three")
        assert await texts(card, session) == ["One", "Sure! Here I am."]
    async_fire_time_changed(core, dt_util.utcnow() + timedelta(minutes=3))
    await core.async_block_till_done(wait_background_tasks=True)
    assert (await texts(card, session))[2::2] == ["Two", "Three"]
    assert len(core.data[HOUSE].unsaved) == 0


async def test_read_only_disk_is_told(core: HomeAssistant, card: Card) -> None:
    """A database that really can't be written: reading goes on, the turn is answered."""
    session = await say(core, card, "One")
    store = store_of(core)
    await pragma(store, "query_only = ON")
    await say(core, card, "Two")
    assert (await card.until("notice"))["data"] == {"key": "memory_read_only"}
    assert await texts(card, session) == ["One", "Sure! Here I am."]
    await pragma(store, "query_only = OFF")
    await say(core, card, "Three")
    assert (await texts(card, session))[::2] == ["One", "Two", "Three"]


async def test_night_keeps_to_the_rules(
    core: HomeAssistant, card: Card, freezer: FrozenDateTimeFactory
) -> None:
    """At twenty to four what is past its time goes, and a good copy is written."""
    await say(core, card, "An old story about a heron")
    await ask(card, "retention/set", days=1, messages=None)
    store = store_of(core)
    store._now_ms = lambda: round(dt_util.utcnow().timestamp() * 1000) + 3 * 86_400_000
    night = dt_util.now().replace(hour=3, minute=40, second=0) + timedelta(days=1)
    async_fire_time_changed(core, night)
    await core.async_block_till_done(wait_background_tasks=True)
    assert (await ask(card, "search", words="heron"))["hits"] == []
    assert database_path(core).with_name("companion.db.good").exists()


async def test_backup_hooks_leave_a_sound_file(core: HomeAssistant, card: Card) -> None:
    """The file alone has every word that was said before the backup, whatever is said meanwhile."""
    await say(core, card, "Said before the backup")
    await async_pre_backup(core)
    await say(core, card, "Said while it is made")
    copied = Path(core.config.path("copied.db"))
    copied.write_bytes(database_path(core).read_bytes())
    await async_post_backup(core)
    rows = sqlite3.connect(copied).execute("SELECT text FROM message WHERE role = 'user'")
    assert [row[0] for row in rows] == ["Said before the backup"]
    assert sqlite3.connect(copied).execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.fixture
async def manager(core: HomeAssistant) -> BackupManager:
    """Return core's own backups, set up before its web server."""
    assert await async_setup_component(core, "backup", {})
    return core.data[DATA_MANAGER]


async def test_backup_of_home_assistant_brings_every_word_back(
    manager: BackupManager, core: HomeAssistant, card: Card, tmp_path: Path
) -> None:
    """A real backup of Home Assistant holds the memory complete."""
    await say(core, card, "Said before the backup")
    await manager.async_create_backup(
        agent_ids=["backup.local"],
        include_addons=None,
        include_all_addons=False,
        include_database=True,
        include_folders=None,
        include_homeassistant=True,
        name="test",
        password=None,
    )
    await core.async_block_till_done(wait_background_tasks=True)
    (made,) = Path(core.config.path("backups")).glob("*.tar")
    with tarfile.open(made) as outer:
        outer.extractall(tmp_path, filter="data")
    (inner,) = tmp_path.glob("homeassistant.tar*")
    with tarfile.open(inner) as archive:
        wanted = [m for m in archive.getmembers() if f"data/{DOMAIN}/companion.db" in m.name]
        archive.extractall(tmp_path, members=wanted, filter="data")
    restored = await Store.open(tmp_path / "data" / DOMAIN / "companion.db")
    try:
        (person,) = {e["person"] for e in card.of("turn")}
        found = await restored.search(Scope(person=person), "backup")
        assert [hit.snippet.text for hit in found.hits] == ["Said before the backup"]
        assert restored.recovery is None
    finally:
        await restored.close()


async def test_cached_voice_of_a_forgotten_person_is_gone(
    core: HomeAssistant, speech: MockConfigEntry, card: Card
) -> None:
    """What core keeps as a file for other runs does not outlive the words that were spoken."""
    await say(core, card, "Are you there?")
    spoken = tts.async_create_stream(core, "tts.mira_voice")
    spoken.async_set_message("Sure! Here I am.")
    other = tts.async_create_stream(core, "tts.mira_voice")
    other.async_set_message("Something else.")
    for stream in (spoken, other):
        assert b"".join([chunk async for chunk in stream.async_stream_result()])
    await core.async_block_till_done(wait_background_tasks=True)
    folder = Path(core.config.path("tts"))
    assert len(list(folder.iterdir())) == 2
    await ask(card, "forget_me", confirm=True)
    (left,) = folder.iterdir()
    assert left.name.startswith(hashlib.sha1(b"Something else.").hexdigest())


async def test_sensors_count_the_household_and_nobody_else(
    core: HomeAssistant, card: Card, companion: MockConfigEntry
) -> None:
    """They are off at first; when on, they count what the household said."""
    registry = er.async_get(core)
    ids = {
        key: registry.async_get_entity_id("sensor", DOMAIN, f"memory-{key}")
        for key in ("messages", "talking_time", "memory_size", "unsaved_turns")
    }
    for entity_id in ids.values():
        assert entity_id is not None
        entry = registry.async_get(entity_id)
        assert entry is not None
        assert entry.disabled_by is er.RegistryEntryDisabler.INTEGRATION
        registry.async_update_entity(entity_id, disabled_by=None)
    await say(core, card, "This is mine alone")
    household = await ask(card, "session/create", household=True)
    await say(core, card, "This is for all", session_id=household["id"])
    assert await core.config_entries.async_reload(companion.entry_id)
    await core.async_block_till_done()
    values = {key: core.states.get(str(entity_id)) for key, entity_id in ids.items()}
    assert {key: state.state for key, state in values.items() if state}["messages"] == "2"
    assert {key: state.state for key, state in values.items() if state}["unsaved_turns"] == "0"
    size = values["memory_size"]
    assert size is not None
    assert float(size.state) > 0.01
