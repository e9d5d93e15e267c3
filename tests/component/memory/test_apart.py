"""Check that a large file, which another process reads, comes in as a small one does."""

from datetime import UTC
from io import BytesIO
from pathlib import Path
import pickle
import subprocess
from zoneinfo import ZoneInfo

import pytest

from custom_components.waifu_rt3d.memory import BadImport, Scope, Store
from custom_components.waifu_rt3d.memory.exchange import apart
from custom_components.waifu_rt3d.memory.exchange.export import Format

from .conftest import Talk

ALICE = Scope.of("alice")
_SILLYTAVERN = (
    '{"user_name":"Ann","character_name":"Hana","create_date":"2024-1-2@3h4m5s","chat_metadata":{}}\n'
    '{"name":"Ann","is_user":true,"send_date":"2024-01-02 03:04","mes":"Good evening"}\n'
    '{"name":"Hana","is_user":false,"send_date":"2024-01-02 03:05","mes":"Welcome"}\n'
)


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Take every file as a large one; return the processes that are started."""
    started: list[subprocess.Popen[bytes]] = []

    class Program(subprocess.Popen[bytes]):
        def __init__(self, *arguments: object, **named: object) -> None:
            super().__init__(*arguments, **named)  # type: ignore[call-overload] # as they came
            started.append(self)

    monkeypatch.setattr(apart, "LARGE_BYTES", 0)
    monkeypatch.setattr(apart.subprocess, "Popen", Program)
    return started


async def _talked(talk: Talk, count: int = 3) -> None:
    """Say so many things, each answered twice."""
    for number in range(count):
        await talk.say(f"Question {number} \u2028 🥬")
        answer = await talk.answer(f"First {number}", sent=b"\x00\xff", cues=[{"kind": "x"}])
        await talk.store.regenerate(talk.scope, answer)
        await talk.answer(f"Second {number}")


async def test_another_process_brings_the_same(
    talk: Talk, tmp_path: Path, programs: list[subprocess.Popen[bytes]]
) -> None:
    """Branches, details and counts are those that were exported, and the process has ended."""
    await _talked(talk, 400)
    before = tmp_path / "before.json"
    await talk.store.export(ALICE, before, Format.JSON)
    told: list[tuple[int, int]] = []
    brought = await talk.store.import_file(
        ALICE, before, character="hana", progress=lambda *done: told.append(done)
    )
    assert told == [(500, 1200), (1000, 1200), (1200, 1200)]
    assert brought.messages == 1200
    after = tmp_path / "after.json"
    [uid] = brought.session_ids
    await talk.store.export(ALICE, after, Format.JSON, session_id=uid)
    sessions = [path.read_text().partition('"sessions"')[2] for path in (before, after)]
    assert sessions[0] == sessions[1]
    assert [one.returncode is not None for one in programs] == [True]


async def test_the_house_s_own_zone_is_kept(store: Store, tmp_path: Path) -> None:
    """A time without a zone is the house's, there too."""
    file = tmp_path / "chat.jsonl"
    file.write_text(_SILLYTAVERN)
    times = []
    for zone in (UTC, ZoneInfo("Europe/Berlin")):
        brought = await store.import_file(ALICE, file, character="hana", zone=zone)
        [first, _] = await store.history(ALICE, brought.session_ids[0])
        times.append(first.created_ms)
    assert times[0] - times[1] == 3_600_000


async def test_what_is_wrong_is_said_with_its_place(
    store: Store, tmp_path: Path, programs: list[subprocess.Popen[bytes]]
) -> None:
    """The sentence is the same, nothing is stored, no process is left."""
    file = tmp_path / "chat.json"
    file.write_text('{"format": "waifu-rt3d-conversations", "version": 1,\n "sessions": [}')
    with pytest.raises(BadImport, match="line 2"):
        await store.import_file(ALICE, file, character="hana")
    assert await store.sessions(ALICE) == []
    assert [one.returncode is not None for one in programs] == [True]


_BREAKS_DOWN = apart._CHILD.replace(
    "importlib.import_module",
    """
def serve(order, out):
    module.serve(order, whole)
    out.write(whole.getvalue()[:-1 - len(whole.getvalue()) // 3])
import io
whole = io.BytesIO()
module = importlib.import_module(order["module"])
importlib.import_module = lambda _: types.SimpleNamespace(serve=serve)
importlib.import_module""",
)


@pytest.mark.parametrize("program", ["import os; os._exit(9)", _BREAKS_DOWN])
async def test_a_process_that_breaks_down_leaves_nothing(
    talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    """Killed before the file is read, or among its pieces: one sentence and no half import."""
    await _talked(talk, 400)
    file = tmp_path / "chat.json"
    await talk.store.export(ALICE, file, Format.JSON)
    monkeypatch.setattr(apart, "_CHILD", program)
    with pytest.raises(BadImport, match="could not be read to its end"):
        await talk.store.import_file(ALICE, file, character="hana")
    assert [one.id for one in await talk.store.sessions(ALICE)] == [talk.session.id]


async def test_without_another_process_the_file_is_read_all_the_same(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A house that may start no program imports too."""
    monkeypatch.setattr(apart.sys, "executable", str(tmp_path / "nothing"))
    file = tmp_path / "chat.jsonl"
    file.write_text(_SILLYTAVERN)
    assert (await store.import_file(ALICE, file, character="hana")).messages == 2


@pytest.mark.parametrize("text", [_SILLYTAVERN, "nothing that is known", None])
def test_what_is_served_is_what_the_file_says(tmp_path: Path, text: str | None) -> None:
    """A head, the pieces and an end; or what is wrong."""
    file = tmp_path / "chat.jsonl"
    if text is not None:
        file.write_text(text)
    out = BytesIO()
    apart.serve(BytesIO(pickle.dumps((file, UTC))), out)
    out.seek(0)
    first = pickle.load(out)
    if text != _SILLYTAVERN:
        assert isinstance(first, BadImport if text else FileNotFoundError)
        return
    assert (first.kind, first.messages) == ("SillyTavern", 2)
    assert len(pickle.load(out).messages) == 2
    assert pickle.load(out) is None
