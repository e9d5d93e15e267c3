"""Questions about a time, private talk that is gone, and files that are worse than the others."""

from datetime import UTC, datetime
from pathlib import Path
import sqlite3
from unittest.mock import patch

import pytest

from custom_components.waifu_rt3d.memory import NotFound, Store
from custom_components.waifu_rt3d.memory.faults import StoreDamaged, StoreError
from custom_components.waifu_rt3d.memory.question import understand
from custom_components.waifu_rt3d.memory.salvage import _insert, _of_message, salvage

from .conftest import Clock

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("What did I say in 2024?", "2024-01-01", "2025-01-01"),
        ("Where was I in December?", "2025-12-01", "2026-01-01"),
        ("Where was I in February?", "2026-02-01", "2026-03-01"),
        ("What did we do yesterday?", "2026-03-09", "2026-03-10"),
        ("Was war letzte Woche?", "2026-02-24", "2026-03-09"),
        ("What about bees?", None, None),
    ],
)
def test_time_that_is_named_is_a_span(text: str, first: str | None, last: str | None) -> None:
    """A month that has not come yet is last year's."""
    found = understand(text, names={}, now_ms=int(NOW.timestamp() * 1000))
    days = [
        None if ms is None else datetime.fromtimestamp(ms / 1000, UTC).date().isoformat()
        for ms in (found.since_ms, found.until_ms)
    ]
    assert days == [first, last]


async def test_private_talk_that_is_gone_is_not_found(store: Store) -> None:
    """It was never in the file, so there is nothing to look for."""
    with pytest.raises(NotFound):
        store._of_session("private-1")
    with pytest.raises(NotFound):
        store._of_message(1 << 60)


async def test_file_that_breaks_while_it_is_opened_is_read_through(
    path: Path, clock: Clock
) -> None:
    """What was not looked at before is looked at then; a full disk is told."""
    store = await Store.open(path, now_ms=clock)
    await store.close()
    with patch(
        "custom_components.waifu_rt3d.memory.store.turns.settle",
        side_effect=[StoreDamaged("page 7"), None],
    ):
        again = await Store.open(path, now_ms=clock)
    assert not again.unchecked
    await again.close()
    with (
        patch(
            "custom_components.waifu_rt3d.memory.store.turns.settle",
            side_effect=StoreError("The disk is full"),
        ),
        pytest.raises(StoreError, match="full"),
    ):
        await Store.open(path, now_ms=clock)


async def test_nothing_is_salvaged_where_nothing_can_be_read(path: Path, clock: Clock) -> None:
    """The new one stays as it is."""
    store = await Store.open(path, now_ms=clock)
    await store.close()
    with patch(
        "custom_components.waifu_rt3d.memory.salvage._bring",
        side_effect=sqlite3.DatabaseError("malformed"),
    ):
        assert salvage(path, path) == 0
    again = await Store.open(path, now_ms=clock)
    await again.check()
    await again.close()


def test_row_that_does_not_fit_is_left_out(tmp_path: Path) -> None:
    """And details that can't be read cost themselves only."""
    with sqlite3.connect(":memory:") as made:
        made.execute("CREATE TABLE note(id INTEGER PRIMARY KEY, text TEXT UNIQUE)")
        row = {"text": "Tea", "unknown": 1}
        assert _insert(made, "note", row) == 1
        assert _insert(made, "note", row) is None
        assert _of_message(made, "cue", 1) == []
