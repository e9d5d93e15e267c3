"""Check that nothing acknowledged is lost: not to a kill, a full disk or a read-only one."""

import asyncio
import os
from pathlib import Path
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from custom_components.waifu_rt3d.memory import Scope, Store, StoreError, StoreFull, StoreReadOnly

from .conftest import Clock, Talk, talk_in

_ROOT = Path(__file__).resolve().parents[3]
# A program that forks a writer for every line it is given (so that Python starts only once). A
# writer says things until it is killed, and notes every id that was acknowledged.
_WRITER = """
import asyncio, os, sys, time, types
from pathlib import Path
package = types.ModuleType("waifu_rt3d")
package.__path__ = [sys.argv[1]]
sys.modules["waifu_rt3d"] = package
from waifu_rt3d.memory import NewMessage, Role, Scope, Store
from waifu_rt3d.memory.bulk import PART, WholeMessage, WholeSession
from waifu_rt3d.memory.values import ToolCall

def imported():
    said = NewMessage(session_id="", role=Role.USER, text="word said", created_ms=1)
    messages = [WholeMessage(message=said, parent=n - 1 if n else None) for n in range(PART + 9)]
    return WholeSession(audience="alice", character="rei", title="", created_ms=1, updated_ms=1,
                        messages=messages, head=PART + 8)

async def main(path, notes):
    # A clock that runs: what is deleted is past its minute at once.
    store = await Store.open(Path(path), now_ms=lambda: time.time_ns() // 1000)
    scope = Scope.of("alice", "hana")
    session = await store.session_for(audience="alice", character="hana")
    number = 0
    while True:
        number += 1
        message = await store.add_message(scope, NewMessage(
            session_id=session.id, role=Role.USER, text=f"word{number} said", created_ms=number,
            sent=b"sent", cues=[{"n": number}], author="alice",
            tool_calls=[ToolCall(call_id="c", name="t")],
        ))
        os.write(notes, f"{message}\\n".encode())
        if number % 7 == 0:
            await store.edit_message(scope, message, f"word{number} changed")
        if number % 11 == 0:
            await store.forget_message(scope, message)
            os.write(notes, f"-{message}\\n".encode())
        if number % 13 == 0:
            for uid in await store.put_in(scope.of("alice"), [imported()]):
                await store.delete_session(scope.of("alice"), uid)
            await store.purge()

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        notes = os.open(line.strip() + ".notes", os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
        try:
            asyncio.run(main(line.strip(), notes))
        finally:
            os._exit(1)
    print(child, flush=True)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""
KILLS = 200
_WRITERS = 2
MOST_DELAY_S = 0.1


def _killed(
    nursery: subprocess.Popen[str], path: Path, delay_s: float
) -> tuple[set[int], set[int]]:
    """Let a writer speak, kill it after a moment; return what it acknowledged and forgot."""
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    notes = path.with_name(path.name + ".notes")
    notes.unlink(missing_ok=True)
    nursery.stdin.write(f"{path}\n")
    nursery.stdin.flush()
    child = int(nursery.stdout.readline())
    # Some die while they open the file, most while they speak.
    speaking = delay_s > MOST_DELAY_S / 5
    while not notes.exists() or (speaking and notes.stat().st_size == 0):
        time.sleep(0.002)
    time.sleep(delay_s)
    os.kill(child, signal.SIGKILL)
    assert int(nursery.stdout.readline()) == -signal.SIGKILL
    numbers = [int(line) for line in notes.read_text().splitlines()]
    return {one for one in numbers if one > 0}, {-one for one in numbers if one < 0}


def _check(path: Path, acknowledged: set[int], forgotten: set[int], last: int) -> None:
    """Hold a database that was left by a kill to its promises."""
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
        # Killed before the first word: there is a file, and nothing in it yet.
        assert not acknowledged
        connection.close()
        return
    stored = {row[0] for row in connection.execute("SELECT id FROM message")}
    # The last one may have been forgotten without a word of it reaching us.
    missing = acknowledged - forgotten - stored
    assert missing <= {last}
    forgotten |= missing
    words = "SELECT count(*) FROM message_words WHERE message_words MATCH 'said OR changed'"
    assert connection.execute(words).fetchone()[0] == len(stored)
    for table in ("sent", "speech", "tool_call"):
        lonely = f"SELECT count(*) FROM {table} WHERE message_id NOT IN (SELECT id FROM message)"  # noqa: S608 - constants
        assert connection.execute(lonely).fetchone()[0] == 0
    head = "SELECT count(*) FROM session WHERE head_id NOT IN (SELECT id FROM message)"
    assert connection.execute(head).fetchone()[0] == 0
    connection.close()


async def test_a_kill_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """Killed at random moments, the file is sound and has every acknowledged message."""
    chance = random.Random(20261123)
    delays = [chance.random() * MOST_DELAY_S for _ in range(KILLS)]
    package = _ROOT / "custom_components" / "waifu_rt3d"

    def row(number: int) -> int:
        path = tmp_path / f"{number}.db"
        acknowledged: set[int] = set()
        forgotten: set[int] = set()
        command = [sys.executable, "-c", _WRITER, str(package)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as nursery:
            for delay_s in delays[number::_WRITERS]:
                more, less = _killed(nursery, path, delay_s)
                acknowledged |= more
                forgotten |= less
                _check(path, acknowledged, forgotten, max(more, default=0))
        return len(acknowledged)

    said = await asyncio.gather(*(asyncio.to_thread(row, number) for number in range(_WRITERS)))
    assert sum(said) > KILLS


async def test_what_is_acknowledged_outlives_a_power_cut(store: Store) -> None:
    """Each commit is forced to the disk: a kill can't tell, the system has written for it."""

    def setting(connection: object) -> tuple[object, ...]:
        driver = connection.connection.driver_connection  # type: ignore[attr-defined] # SQLAlchemy's
        names = ("journal_mode", "synchronous")
        return tuple(driver.execute(f"PRAGMA {name}").fetchone()[0] for name in names)

    every_commit = 2
    assert await store._database.maintain(setting) == ("wal", every_commit)


async def test_a_full_disk_is_told_and_loses_nothing(
    store: Store, clock: Clock, path: Path
) -> None:
    """When no page can be added, saying so is all that happens; with room it goes on."""
    talk = await talk_in(store, clock)
    for number in range(20):
        await talk.say(f"before {number}")

    def limit(connection: object, pages: int) -> None:
        driver = connection.connection.driver_connection  # type: ignore[attr-defined] # SQLAlchemy's
        used = driver.execute("PRAGMA page_count").fetchone()[0]
        driver.execute(f"PRAGMA max_page_count = {used + pages}")

    await store._database.maintain(lambda connection: limit(connection, 0))
    with pytest.raises(StoreFull, match="disk is full"):
        await _say_much(talk)
    texts = await talk.texts(limit=999)
    assert texts[:20] == [f"before {number}" for number in range(20)]
    await store.check()
    await store._database.maintain(lambda connection: limit(connection, 10_000))
    await talk.say("after")
    assert (await talk.texts())[-1] == "after"


async def _say_much(talk: Talk) -> None:
    """Fill the disk."""
    for _ in range(200):
        await talk.say("x" * 5000)


async def test_a_read_only_disk_is_told_and_still_read(
    store: Store, clock: Clock, path: Path
) -> None:
    """Writing is refused with a sentence, what is stored is read and searched."""
    talk = await talk_in(store, clock)
    await talk.say("before the disk broke")

    def read_only(connection: object) -> None:
        driver = connection.connection.driver_connection  # type: ignore[attr-defined] # SQLAlchemy's
        driver.execute("PRAGMA query_only = ON")

    await store._database.maintain(read_only)
    with pytest.raises(StoreReadOnly, match="read-only"):
        await talk.say("lost")
    assert await talk.texts() == ["before the disk broke"]
    assert len((await store.search(talk.scope, "disk")).hits) == 1


async def test_a_disk_that_fails_is_not_called_full(store: Store, clock: Clock, path: Path) -> None:
    """A card that dies refuses every write: nobody should look for what to delete."""
    talk = await talk_in(store, clock)
    await talk.say("before the disk broke")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # the system then refuses to let any file grow, as it does with a disk that it does not trust
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        with pytest.raises(StoreReadOnly, match="could not be written"):
            await talk.say("lost")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert await talk.texts() == ["before the disk broke"]
    await talk.say("after")
    assert (await talk.texts())[-1] == "after"


async def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """A folder that can't be made gives a sentence, not a trace."""
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises((StoreError, OSError)):
        await Store.open(file / "companion.db")


async def test_work_after_closing_is_refused(store: Store) -> None:
    """A closed store says that it is closed."""
    await store.close()
    with pytest.raises(StoreError, match="closed"):
        await store.sessions(Scope.of("alice"))
    with pytest.raises(StoreError, match="closed"):
        await store.session_for(audience="alice", character="hana")
