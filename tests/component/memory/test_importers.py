"""Check what other programs' files bring beyond plain talk, and that a broken one brings nothing.

Written by hand from the sources: text-generation-webui `modules/chat.py` at 1dcde41, Agnai
`web/pages/Chat/ChatExport.tsx` at c3878d8, Risu `src/ts/characters.ts` at ab3b8d9, and the others
as `test_exchange.py` names them. ChatGPT's own export has no public source; it is as people get it.
"""

from collections.abc import Callable
import io
import json
from pathlib import Path
from typing import Any
import zipfile
from zoneinfo import ZoneInfo

import pytest

from custom_components.waifu_rt3d.memory import BadImport, Scope, Store
from custom_components.waifu_rt3d.memory.exchange.export import Format

from .conftest import Talk
from .test_exchange import CHUB, OTHERS, SILLYTAVERN, branched, standalone

ALICE = Scope.of("alice")
TEN_MS = 1793527200000

WEBUI = {
    "internal": [["<|BEGIN-VISIBLE-CHAT|>", "Hi"], ["1 < 2?", "Yes & no"], ["Bye", ""]],
    "visible": [["", "Hi"], ["1 &lt; 2?", "Yes &amp; no"], ["Bye", ""]],
    "metadata": {
        "user_1": {"timestamp": "Nov 01, 2026 10:00"},
        "assistant_1": {
            "timestamp": "Nov 01, 2026 10:01",
            "versions": [
                {"content": "No", "visible_content": "No", "timestamp": "Nov 01, 2026 10:01"},
                {"content": "Yes", "visible_content": "Yes", "timestamp": "Nov 01, 2026 10:02"},
            ],
            "current_version_index": 1,
        },
    },
}
AGNAI = {
    "name": "Exported", "greeting": "Hi", "sampleChat": "", "scenario": "", "treeLeafId": "c",
    "messages": [
        {"_id": "a", "msg": "Hi", "characterId": "imported", "handle": "Mia",
         "createdAt": "2026-11-01T10:00:00.000Z"},
        {"_id": "b", "msg": "Hello", "userId": "u1", "handle": "You", "parent": "a"},
    ],
}  # fmt: skip
RISU_ALL = {
    "type": "risuAllChats", "ver": 2, "folders": [],
    "data": [
        {"name": "One", "message": [
            {"role": "user", "data": "Hi", "time": TEN_MS},
            {"role": "char", "data": "Hello", "generationInfo": {"model": "mini"}},
        ]},
        {"name": "Two", "message": [{"role": "user", "data": "Bye"}]},
    ],
}  # fmt: skip


def _said(role: str, text: str, at_s: float | None = None, **more: Any) -> dict[str, Any]:
    """Return a message of ChatGPT's export."""
    content = {"content_type": "text", "parts": [text]}
    return {"author": {"role": role}, "create_time": at_s, "content": content, **more}


CHATGPT = [
    {
        "title": "Clouds", "create_time": 1793527200.5, "current_node": "a2",
        "mapping": {
            "root": {"message": None, "parent": None, "children": ["sys"]},
            "sys": {"message": _said("system", ""), "parent": "root", "children": ["q"]},
            "a1": {"message": _said("assistant", "Water"), "parent": "q", "children": []},
            "q": {"message": _said("user", "What are clouds?", 1793527201), "parent": "sys",
                  "children": ["a1", "a2"]},
            "a2": {"message": _said("assistant", "Steam", 1793527203,
                                    metadata={"model_slug": "mini"}), "parent": "q", "children": []},
        },
    }
]  # fmt: skip
TRAINING = "\n".join(
    json.dumps({"messages": [{"role": "user", "content": n}, {"role": "assistant", "content": n}]})
    for n in ("one", "two")
)


def backyard() -> bytes:
    """Return an archive of Backyard."""
    scenario = {
        "title": "Beach",
        "messages": [
            {"type": "human", "text": "Hi", "createdAt": "2026-11-01T10:00:00Z"},
            {"type": "ai", "outputs": [{"text": "Hello"}, {"text": "Hey"}]},
        ],
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", "{}")
        archive.writestr("scenarios/1.json", json.dumps(scenario))
    return file.getvalue()


def app_db(tmp_path: Path) -> bytes:
    """Return a database of the stand-alone program."""
    standalone(tmp_path / "app.db")
    return (tmp_path / "app.db").read_bytes()


DIALECTS: dict[str, Callable[[Path], bytes]] = {
    **{
        kind: lambda _, document=document: json.dumps(document).encode()
        for kind, (_, document) in OTHERS.items()
    },
    "SillyTavern": lambda _: SILLYTAVERN.encode(),
    "Chub": lambda _: CHUB.encode(),
    "webui with versions": lambda _: json.dumps(WEBUI).encode(),
    "Agnai's own": lambda _: json.dumps(AGNAI).encode(),
    "all of Risu": lambda _: json.dumps(RISU_ALL).encode(),
    "ChatGPT": lambda _: json.dumps(CHATGPT).encode(),
    "training lines": lambda _: TRAINING.encode(),
    "Backyard": lambda _: backyard(),
    "stand-alone": app_db,
}


async def brought(store: Store, tmp_path: Path, document: Any) -> list[list[tuple[str, str]]]:
    """Import a document; return roles and texts of each session's way."""
    file = tmp_path / "chat"
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    result = await store.import_file(ALICE, file, character="hana")
    ways = [await store.history(ALICE, one) for one in result.session_ids]
    return [[(m.role.value, m.text) for m in way] for way in ways]


async def test_versions_and_times_of_text_generation_webui(store: Store, tmp_path: Path) -> None:
    """The internal text counts, versions become alternatives, what was edited is what is shown."""
    [way] = await brought(store, tmp_path, WEBUI)
    assert way == [
        ("assistant", "Hi"), ("user", "1 < 2?"), ("assistant", "Yes & no"), ("user", "Bye"),
    ]  # fmt: skip
    [session] = await store.sessions(ALICE)
    history = await store.history(ALICE, session.id)
    assert history[1].created_ms == TEN_MS
    both = [await store.message(ALICE, one) for one in history[2].alternatives]
    assert [one.text for one in both] == ["No", "Yes & no"]
    assert both[1].created_ms == TEN_MS + 120_000


async def test_only_what_was_visible_is_unescaped(store: Store, tmp_path: Path) -> None:
    """A file without internal text has it as HTML shows it."""
    ways = await brought(store, tmp_path, {"data_visible": [["1 &lt; 2?", "Yes &amp; no"]]})
    assert ways == [[("user", "1 < 2?"), ("assistant", "Yes & no")]]


async def test_agnai_as_it_exports_itself(store: Store, tmp_path: Path) -> None:
    """Roles by ids; the title that all such files have is no title."""
    [way] = await brought(store, tmp_path, AGNAI)
    assert way == [("assistant", "Hi"), ("user", "Hello")]
    [session] = await store.sessions(ALICE)
    assert session.title == "Hello"


async def test_all_chats_of_risu(store: Store, tmp_path: Path) -> None:
    """Each chat becomes a session."""
    await brought(store, tmp_path, RISU_ALL)
    sessions = await store.sessions(ALICE)
    assert {one.title: one.messages for one in sessions} == {"One": 2, "Two": 1}


async def test_the_tree_of_chatgpt(store: Store, tmp_path: Path) -> None:
    """Branches stay branches, and the session stands where it stood."""
    [way] = await brought(store, tmp_path, CHATGPT)
    assert way == [("user", "What are clouds?"), ("assistant", "Steam")]
    [session] = await store.sessions(ALICE)
    history = await store.history(ALICE, session.id)
    assert (session.title, session.created_ms) == ("Clouds", 1793527200500)
    assert (history[1].model, len(history[1].alternatives)) == ("mini", 2)
    chain: dict[str, Any] = {
        str(n): {"message": _said("user", str(n)), "parent": str(n - 1), "children": [str(n + 1)]}
        for n in range(3000)
    }
    [way] = await brought(store, tmp_path, [{"title": "Long", "mapping": chain}])
    assert [text for _, text in way[-2:]] == ["2998", "2999"]


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"a": {"parent": "b", "children": ["b"]}, "b": {"parent": "a", "children": ["a"]}}, "none of"),
        ({"r": {"children": ["a", "a"]}, "a": {"parent": "r"}}, "two parents"),
        ({"r": {"message": {"author": {}, "content": []}}}, "r, content: there should be an object"),
    ],
)  # fmt: skip
async def test_a_tree_that_is_none_is_refused(
    store: Store, tmp_path: Path, mapping: dict[str, Any], sentence: str
) -> None:
    """Circles and doubles are named, not walked for ever."""
    with pytest.raises(BadImport, match=sentence):
        await brought(store, tmp_path, [{"mapping": mapping}])


async def test_training_lines_are_conversations(store: Store, tmp_path: Path) -> None:
    """One line, one session."""
    assert [len(way) for way in await brought(store, tmp_path, TRAINING)] == [2, 2]


@pytest.mark.parametrize("kind", [Format.SILLYTAVERN, Format.OPENAI])
async def test_everything_for_other_programs_is_an_archive_that_comes_back(
    talk: Talk, tmp_path: Path, kind: Format
) -> None:
    """One file a session, and all of them are read again."""
    await branched(talk)
    store = talk.store
    await brought(store, tmp_path, TRAINING)
    target = tmp_path / "all.zip"
    assert await store.export(ALICE, target, kind) == 3
    with zipfile.ZipFile(target) as archive:
        assert len(archive.namelist()) == 3
    result = await store.import_file(ALICE, target, character="hana")
    ways = [await store.history(ALICE, one) for one in result.session_ids]
    texts = {message.text for way in ways for message in way}
    assert {*await talk.texts(), "one", "two"} <= texts


@pytest.mark.parametrize("kind", list(DIALECTS))
async def test_a_fixture_with_any_range_cut_out_never_yields_half_an_import(
    store: Store, tmp_path: Path, kind: str
) -> None:
    """Whatever bytes are missing: what the file still says comes in as a whole, or nothing does."""
    data = DIALECTS[kind](tmp_path)
    file = tmp_path / "cut"
    file.write_bytes(data)
    assert (await store.import_file(ALICE, file, character="hana")).messages
    step = max(1, len(data) // 24)
    for start in range(0, len(data), step):
        for length in (1, step, len(data)):
            file.write_bytes(data[:start] + data[start + length :])
            before = await store.sessions(ALICE, limit=9999)
            try:
                result = await store.import_file(ALICE, file, character="hana")
            except BadImport:
                assert await store.sessions(ALICE, limit=9999) == before
                continue
            trees = [await store.tree(ALICE, one) for one in result.session_ids]
            assert sum(map(len, trees)) == result.messages > 0
            for one in result.session_ids:
                await store.delete_session(ALICE, one)


async def test_times_without_a_zone_are_those_of_the_given_one(
    store: Store, tmp_path: Path
) -> None:
    """A program writes what its own clock shows; what names a zone stays as it is."""
    file = tmp_path / "webui.json"
    file.write_text(json.dumps(WEBUI))
    brought = await store.import_file(ALICE, file, character="mia", zone=ZoneInfo("Europe/Berlin"))
    told = await store.history(ALICE, brought.session_ids[0])
    assert TEN_MS - 3_600_000 in {one.created_ms for one in told}

    file.write_text(json.dumps(AGNAI))
    brought = await store.import_file(ALICE, file, character="mia", zone=ZoneInfo("Europe/Berlin"))
    told = await store.history(ALICE, brought.session_ids[0])
    assert told[0].created_ms == TEN_MS
