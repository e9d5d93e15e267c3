"""Check that what an older version stored is found as it is searched for now."""

from contextlib import closing
import gzip
from pathlib import Path
import sqlite3

import pytest

from custom_components.waifu_rt3d.memory import Scope, Store, reindexing
from custom_components.waifu_rt3d.memory.schema import FULL_TEXT

_OLD = Path(__file__).parent / "fixtures" / "store_v3.db.gz"
_MANY = 120
_SCOPE = Scope.of("alice", "hana")


@pytest.fixture
def old(path: Path) -> Path:
    """Write a file of schema 3 with many messages that it indexed as they were written."""
    path.write_bytes(gzip.decompress(_OLD.read_bytes()))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO message(session_id, role, text, found_by, created_ms, words) "
            "VALUES((SELECT id FROM session), 'user', ?, ?, 1, 2)",
            [
                *((f"Straße {number} 😀", None) for number in range(_MANY)),
                *((f"plain {number}", None) for number in range(_MANY)),
                ("Καλή μέρα", "caption"),
                ("Café", None),
            ],
        )
    return path


async def count(store: Store, words: str) -> int:
    """Return how many messages are found, at most what a page holds."""
    return len((await store.search(_SCOPE, words, limit=2 * _MANY)).hits)


async def test_old_messages_are_found_as_before_then_by_more(old: Path) -> None:
    """Words as written are found from the start, folded ones and emoji when all is done."""
    store = await Store.open(old)
    assert [await count(store, words) for words in ("straße", "cafe", "plain")] == [120, 1, 120]
    await store.reindex()
    expected = {"straße": 120, "strasse": 120, "😀": 120, '"strasse 7"': 1, "plain": 120}
    expected |= {"καλη": 1, "caption": 1, "cafe": 1}
    assert {words: await count(store, words) for words in expected} == expected
    await store.check()
    await store.close()
    with closing(sqlite3.connect(old)) as connection:
        for index in FULL_TEXT:
            # Words begin with what they share with the one before: the end tells.
            blocks = connection.execute(f"SELECT block FROM {index}_data").fetchall()  # noqa: S608 - names of our own
            assert not [block for (block,) in blocks if "ße".encode() in block]


async def test_an_interrupted_work_goes_on_where_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some steps, a new start, and nothing is done twice or left out."""
    taken: list[int] = []
    whole = reindexing.reindex

    def step(connection: object, ids: list[int]) -> None:
        if len(taken) >= 100:
            raise InterruptedError
        taken.extend(ids)
        whole(connection, ids)  # type: ignore[arg-type] # what the store gives

    monkeypatch.setattr(reindexing, "reindex", step)
    store = await Store.open(old)
    with pytest.raises(InterruptedError):
        await store.reindex()
    assert 0 < await count(store, "strasse") < await count(store, "straße") == _MANY
    await store.close()
    monkeypatch.setattr(reindexing, "reindex", whole)
    store = await Store.open(old)
    await store.reindex()
    assert await count(store, "strasse") == 120
    await store.close()
    with closing(sqlite3.connect(old)) as connection:
        [twice] = connection.execute(
            "SELECT count(*) FROM message WHERE found_by LIKE '% %' AND text LIKE 'Straße%'"
        ).fetchone()
        left = connection.execute("SELECT * FROM setting WHERE key = 'reindexed_to'").fetchall()
    assert (twice, left) == (0, [])


async def test_a_new_memory_has_nothing_to_index(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No step is taken where no older version wrote."""
    store = await Store.open(path)
    monkeypatch.delattr(reindexing, "reindex")
    await store.reindex()
    await store.close()


async def test_what_was_indexed_anew_is_forgotten_whole(old: Path) -> None:
    """The index gives up the folded words too."""
    store = await Store.open(old)
    await store.reindex()
    [session] = await store.sessions(_SCOPE)
    await store.delete_session(_SCOPE, session.id)
    await store.forget_person(_SCOPE)
    await store.close()
    with closing(sqlite3.connect(old)) as connection:
        connection.execute(
            "CREATE VIRTUAL TABLE temp.left USING fts5vocab(main, message_words, row)"
        )
        assert connection.execute("SELECT term FROM temp.left").fetchall() == []
