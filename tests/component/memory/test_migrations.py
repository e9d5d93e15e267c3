"""Check that a file written by any earlier schema opens with everything in it.

`fixtures/store_v1.db.gz` was written by schema 1 and is never written anew: who changes the schema
adds a file of the new one beside it.
"""

import gzip
from pathlib import Path
import sqlite3

import pytest

from custom_components.waifu_rt3d.memory import Scope, Store
from custom_components.waifu_rt3d.memory.migrations import MIGRATIONS
from custom_components.waifu_rt3d.memory.schema import SCHEMA_VERSION

_FIXTURES = Path(__file__).parent / "fixtures"


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION + 1))
async def test_a_stored_older_file_opens_with_everything_in_it(path: Path, version: int) -> None:
    """Messages, branches, details, notes and the index are there after the upgrade."""
    path.write_bytes(gzip.decompress((_FIXTURES / f"store_v{version}.db.gz").read_bytes()))
    store = await Store.open(path, now_ms=lambda: 1_790_000_100_000)
    assert store.recovery is None
    scope = Scope.of("alice", "hana")
    [session] = await store.sessions(scope)
    history = await store.history(scope, session.id)
    assert [one.text for one in history] == ["Where is the turquoise bicycle?", "Behind the house."]
    assert (history[0].sent, history[0].turn_id) == (b"Where?", "t1")
    first = await store.message(scope, history[1].alternatives[0])
    assert (first.cues, first.timeline) == (
        [{"kind": "emotion", "name": "happy"}],
        [{"segment": 0}],
    )
    assert (first.tool_calls[0].name, first.attachments[0].caption) == ("find", "a shed")
    assert len((await store.search(scope, "turquoise")).hits) == 1
    assert len((await store.search(scope, "物置")).hits) == 1
    assert [one.text for one in await store.notes(scope)] == ["The bicycle is turquoise"]
    again = await store.session_for(
        audience="alice", character="hana", conversation_id="c1", device="kitchen"
    )
    assert again.id == session.id
    await store.check()
    await store.close()


def shape(path: Path) -> dict[tuple[str, str], object]:
    """Return every table with its columns and keys, every index and trigger, free of layout."""
    connection = sqlite3.connect(path)
    found: dict[tuple[str, str], object] = {}
    for kind, name, sql in connection.execute(
        "SELECT type, name, sql FROM sqlite_master"
    ).fetchall():
        match kind:
            case "table" if name.startswith("message_"):
                found[kind, name] = " ".join(str(sql).split()).replace("( ", "(").replace(" )", ")")
            case "table":
                columns = connection.execute(f"PRAGMA table_info({name})").fetchall()
                keys = connection.execute(f"PRAGMA foreign_key_list({name})").fetchall()
                found[kind, name] = (columns, keys)
            case "index":
                found[kind, name] = connection.execute(f"PRAGMA index_xinfo({name})").fetchall()
            case _:
                found[kind, name] = " ".join(str(sql).split())
    connection.close()
    return found


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
async def test_a_migrated_file_is_made_like_a_new_one(
    path: Path, tmp_path: Path, version: int
) -> None:
    """No table, index or trigger tells whether the file is old."""
    path.write_bytes(gzip.decompress((_FIXTURES / f"store_v{version}.db.gz").read_bytes()))
    new = tmp_path / "new.db"
    for file in (path, new):
        await (await Store.open(file)).close()
    assert shape(path) == shape(new)


def test_every_step_between_the_schemas_is_there() -> None:
    """A new schema version without its migration is seen here."""
    assert sorted(MIGRATIONS) == list(range(2, SCHEMA_VERSION + 1))
