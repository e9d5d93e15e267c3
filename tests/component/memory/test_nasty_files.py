"""Check that files as they really come, and files made to break things, are read whole or refused.

Every sentence says where. Whatever is read can be stored, shown and exported again.
"""

from collections.abc import Iterator
import copy
import io
import json
from pathlib import Path
import shutil
import sqlite3
from typing import Any
import zipfile

import pytest

from custom_components.waifu_rt3d.memory import BadImport, Scope, Store
from custom_components.waifu_rt3d.memory.exchange import dates, detect
from custom_components.waifu_rt3d.memory.exchange.export import Format
from custom_components.waifu_rt3d.memory.exchange.growing import Foreign

from .conftest import Talk
from .test_exchange import CHUB, OTHERS, SILLYTAVERN, branched, standalone
from .test_importers import AGNAI, CHATGPT, RISU_ALL, TRAINING, WEBUI, backyard

ALICE = Scope.of("alice")
TEN_MS = 1793527200000
OPENAI = json.dumps(OTHERS["OpenAI"][1])
DEEP = "[" * 100_000
LONG_NUMBER = "9" * 5000


def texts(path: Path, data: bytes | str) -> list[list[str]]:
    """Read a file; return what each session's messages say."""
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return [[one.message.text for one in whole.messages] for whole in detect.read(path).sessions]


def packed(**files: bytes | str) -> bytes:
    """Return an archive; `__` in a name stands for its point, `___` for a folder's stroke."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("___", "/").replace("__", "."), data)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n"])
def test_any_encoding_and_any_line_end_is_read(tmp_path: Path, encoding: str, end: str) -> None:
    """Notepad writes UTF-16, old systems other line ends; a separator inside a text stays."""
    plain = texts(tmp_path / "x", SILLYTAVERN)
    odd = SILLYTAVERN.replace("\n", end).encode(encoding)
    assert texts(tmp_path / "wrong.png", odd) == plain
    assert plain == [["First", "Second", "Third", "Hello\u2028there", "A note", "Bye"]]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ('{"messages": [{"role": "user", "content": "ä"}]}'.encode("latin-1"), "byte 43: this is not UTF-8"),
        (OPENAI.replace("Hi", "你好").encode("gb18030"), "nothing else for sure. Save it as UTF-8"),
        (OPENAI.encode("utf-16")[:-1], "byte .*: this is not UTF-16"),
        (b"\x00" * 8, "line 1, character 1"),
        (b"\x89PNG\r\n\x1a\n", "byte 0: this is not UTF-8"),
        ("\ufeff \n", "empty"),
        (OPENAI[:-1], "line 1, character"),
        (SILLYTAVERN.replace("\n", "\n\n").replace('"mes": "Bye"', '"mes": null'), "line 9, mes"),
        (SILLYTAVERN + "\n" + DEEP, "line 6: .* too many brackets"),
        (SILLYTAVERN.replace('"mes": "Bye"', f'"mes": "", "x": {"[" * 999 + "]" * 999}'), "message 6: more than 64"),
        ('{"messages": [{"role": "user", "content": "a", "x": ' + DEEP, "too many brackets"),
        (OPENAI.replace('"Hi"', LONG_NUMBER), "too many digits"),
        (SILLYTAVERN.replace("1793527260000", LONG_NUMBER), "line 3: .* too many digits"),
        (TRAINING + '\n{"foo": 1}', "line 3: this is no chat"),
        (TRAINING + '\n{"messages": [{"role": "user", "content": 5}]}', "line 3, message 1, content"),
        (packed(), "no chat in the archive"),
        (packed(a__zip=packed(x__json=OPENAI)), "no chat in the archive"),
        (packed(x__json=OPENAI, y__json="{}"), "y.json, This is no chat"),
        (packed(x__json=DEEP), "x.json, .* too many brackets"),
        (packed(manifest__json="{}", scenarios___1__json=LONG_NUMBER), "1.json, .* too many digits"),
    ],
    # an archive holds the time: as a name of its test it would differ from one process to the next
    ids=lambda value: value if isinstance(value, str) else "file",
)  # fmt: skip
def test_what_can_not_be_read_is_refused_with_its_place(
    tmp_path: Path, data: bytes | str, sentence: str
) -> None:
    """One sentence, whatever it was."""
    with pytest.raises(BadImport, match=sentence):
        texts(tmp_path / "x", data)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value of a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in inner:
        yield (*path, key)
        if isinstance(one, dict | list):
            yield from _paths(one, (*path, key))


_GONE = object()
_ODD = (None, True, 5, -1, 10**30, 1.5, "x", "", "\ud83d", [], {}, [[]], [None], [{}], {"a": 1}, _GONE)  # fmt: skip
_OURS = {
    "format": "waifu-rt3d-conversations", "version": 1, "sessions": [
        {"created_ms": 1, "updated_ms": 1, "head": 1, "title": "t", "extra": {"a": 1}, "messages": [
            {"role": "user", "text": "a", "created_ms": 1, "chosen_child": 1, "sent": "AA=="},
            {"role": "assistant", "text": "b", "created_ms": 2, "parent": 0, "tokens_in": 3, "cues": [{}],
             "tool_calls": [{"call_id": "c", "name": "n", "started_ms": 4}],
             "attachments": [{"kind": "image", "reference": "r", "size_bytes": 5}]},
            {"role": "user", "text": "c", "created_ms": 3, "edit_of": 0},
        ]},
    ],
}  # fmt: skip
_DOCUMENTS: dict[str, Any] = {
    **{kind: document for kind, (_, document) in OTHERS.items()},
    "ours": _OURS, "webui": WEBUI, "Agnai's own": AGNAI, "all of Risu": RISU_ALL, "ChatGPT": CHATGPT,
}  # fmt: skip
_LINES = {"SillyTavern": SILLYTAVERN, "Chub": CHUB, "training": TRAINING}


@pytest.mark.parametrize("kind", [*_DOCUMENTS, *_LINES])
def test_any_field_may_be_anything(tmp_path: Path, kind: str) -> None:
    """Each value of each format in turn is left out or something else: read whole, or refused."""
    file = tmp_path / "x"
    rows = [json.loads(line) for line in _LINES[kind].split("\n")] if kind in _LINES else None
    document = _DOCUMENTS[kind] if rows is None else rows
    read = 0
    for *way, last in list(_paths(document)):
        for value in _ODD:
            changed = at = copy.deepcopy(document)
            for key in way:
                at = at[key]
            if value is _GONE:
                del at[last]
            else:
                at[last] = value
            file.write_text(
                json.dumps(changed) if rows is None else "\n".join(map(json.dumps, changed))
            )
            try:
                found = detect.read(file)
            except BadImport:
                continue
            _assert_sound(found)
            read += 1
    assert read


def _assert_sound(found: Foreign) -> None:
    """Check that what was read can be stored, shown and written again."""
    for whole in found.sessions:
        whole.title.encode()
        count = len(whole.messages)
        assert (whole.head is None) == (count == 0)
        times = [whole.created_ms, whole.updated_ms]
        for place, one in enumerate(whole.messages):
            assert one.parent is None or 0 <= one.parent < place
            assert one.edit_of is None or 0 <= one.edit_of < place
            assert one.chosen_child is None or place < one.chosen_child < count
            one.message.text.encode()
            json.dumps(one.message.extra, ensure_ascii=False).encode()
            times.append(one.message.created_ms)
            assert abs(one.message.tokens_in or 0) < 1 << 63
        assert all(0 <= at_ms <= dates.LATEST_MS for at_ms in times)


async def test_what_is_odd_but_readable_is_stored_and_written_again(
    store: Store, tmp_path: Path
) -> None:
    """Halves of letters, NUL, no end of a line and times of a far future do no harm."""
    rows = [
        {"role": "user", "content": "half \ud83d, whole \ud83d\ude00, none \\ud83d", "created": 253402300799},
        {"role": "assistant", "content": "a\x00b \u202eright to left", "created": float("nan")},
        {"role": "user", "content": "x" * 2_000_000, "created": 1e400},
    ]  # fmt: skip
    file = tmp_path / "x"
    file.write_text(json.dumps({"messages": rows}))
    brought = await store.import_file(ALICE, file, character="hana")
    said = await store.history(ALICE, brought.session_ids[0])
    assert [one.text for one in said] == [
        "half \ufffd, whole 😀, none \\ud83d", "a\x00b \u202eright to left", "x" * 2_000_000,
    ]  # fmt: skip
    for kind in Format:
        assert await store.export(ALICE, tmp_path / "out", kind) == 1


async def test_no_place_outside_the_file_is_linked(store: Store, tmp_path: Path) -> None:
    """A negative place would count from the end, and name another's message in the store."""
    document = copy.deepcopy(_OURS)
    document["sessions"][0]["messages"] = [
        {"role": "user", "text": "a", "created_ms": 1, "chosen_child": -1},
        {"role": "assistant", "text": "b", "created_ms": 2, "parent": 0},
    ]
    file = tmp_path / "x"
    file.write_text(json.dumps(document))
    with pytest.raises(BadImport, match="session 1, message 1: chosen_child names no child"):
        await store.import_file(ALICE, file, character="hana")
    assert await store.sessions(ALICE) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("June 19, 2023 2:20pm", 1687184400000),
        ("June 19, 2023 2:5AM", 1687140300000),
        ("2024-07-12@01h31m37s123ms", 1720747897123),
        ("2024-7-12@01h31m37s", 1720747897000),
        ("2024-6-5 @14h 56m 50s 682ms", 1717599410682),
        ("2024-07-12T01:31:37.123Z", 1720747897123),
        ("1720747897123", 1720747897123),
        (1720747897123, 1720747897123),
        (1720747897, 1720747897000),
        ("0001-01-01T00:00:00Z", None),
        (999_999_999_999_999, None),
        (10**400, None),
        (float("inf"), None),
        ("9999-12-31T23:59:59Z", None),
        ("٣", 3000),
        ("", None),
    ],
)
def test_every_form_of_a_time_sillytavern_has_written(value: Any, expected: int | None) -> None:
    """SillyTavern `public/scripts/utils.js`, `parseTimestamp`, at 1cc1698; none is beyond a calendar."""
    assert dates.time_ms(value) == expected


@pytest.mark.parametrize(
    ("more", "alternatives", "shown"),
    [
        ({"swipes": ["A", "B"], "swipe_id": 1}, ["A", "B"], "B"),
        ({"swipes": ["A", "B"], "swipe_id": 1, "swipe_info": None}, ["A", "B"], "B"),
        ({"swipes": ["A", "B"], "swipe_id": 1, "swipe_info": [{}]}, ["A", "B"], "B"),
        ({"swipes": ["A", "B"]}, ["A", "B"], "B"),
        ({"swipes": ["A", "C"], "swipe_id": 7}, ["A", "C", "B"], "B"),
        ({"swipes": ["A", "C"], "swipe_id": None}, ["A", "C", "B"], "B"),
        ({"swipes": ["A", "C"], "swipe_id": 1}, ["A", "B"], "B"),
        ({"swipes": []}, [], "B"),
        ({"swipes": None, "swipe_id": 3}, [], "B"),
    ],
)
async def test_no_alternative_is_lost(
    store: Store, tmp_path: Path, more: dict[str, Any], alternatives: list[str], shown: str
) -> None:
    """Without a place that fits, what is shown stands beside the swipes, not over one of them."""
    lines = [
        {"user_name": "U", "character_name": "C", "chat_metadata": {}},
        {"name": "C", "is_user": False, "mes": "B", "send_date": "2024-07-12@01h31m37s", **more},
    ]
    file = tmp_path / "x"
    file.write_text("\n".join(map(json.dumps, lines)))
    brought = await store.import_file(ALICE, file, character="hana")
    [said] = await store.history(ALICE, brought.session_ids[0])
    others = [await store.message(ALICE, one) for one in said.alternatives]
    assert ([one.text for one in others] if len(others) > 1 else [], said.text) == (
        alternatives, shown,
    )  # fmt: skip


async def test_a_group_chat_of_sillytavern(store: Store, tmp_path: Path) -> None:
    """Without a header, or with one that names nobody; who spoke is kept beside the words."""
    said = [
        {"name": name, "is_user": name == "Me", "is_system": False, "mes": name, "extra": {},
         "original_avatar": f"{name}.png", "force_avatar": "/thumb"}
        for name in ("Ann", "Me", "Bo")
    ]  # fmt: skip
    header = {"chat_metadata": {}, "user_name": "unused", "character_name": "unused"}
    for lines in (said, [header, *said]):
        file = tmp_path / "x"
        file.write_text("\n".join(map(json.dumps, lines)))
        brought = await store.import_file(ALICE, file, character="hana")
        way = await store.history(ALICE, brought.session_ids[0])
        assert [(one.role.value, one.extra["sillytavern"]["name"]) for one in way] == [
            ("assistant", "Ann"), ("user", "Me"), ("assistant", "Bo"),
        ]  # fmt: skip


def _node(role: str, parent: str | None, content: Any, **more: Any) -> dict[str, Any]:
    """Return a node of ChatGPT's export; its child is named like the next letter."""
    message = {"author": {"role": role}, "content": content, "create_time": None, **more}
    return {"message": message, "parent": parent, "children": []}


def chatgpt() -> list[dict[str, Any]]:
    """Return an export with everything that is not said by anybody."""
    text = {"content_type": "text", "parts": ["no"]}
    spoken = {"content_type": "audio_transcription", "text": "What is in the picture?"}
    picture = {"content_type": "image_asset_pointer", "asset_pointer": "file-service://x"}
    nodes = {
        "a": {"message": None, "parent": None, "children": []},
        "b": _node("system", "a", text),
        "c": _node("user", "b", text, metadata={"is_visually_hidden_from_conversation": True}),
        "d": _node("user", "c", {"content_type": "multimodal_text", "parts": [picture, spoken]}),
        "e": _node("assistant", "d", {"content_type": "thoughts", "thoughts": []}),
        "f": _node("assistant", "e", text, recipient="dalle.text2im"),
        "g": _node("tool", "f", text),
        "h": _node("assistant", "g", {"content_type": "text", "parts": ["A cat"]}, recipient="all"),
    }
    for key, node in nodes.items():
        if node["parent"]:
            nodes[node["parent"]]["children"].append(key)
    return [{"title": "Cat", "mapping": nodes, "current_node": "h", "create_time": 1720747897.1}]


def test_chatgpt_as_it_is_given_to_people(tmp_path: Path) -> None:
    """An archive with more in it; only what was said to and by the person comes in."""
    told = [["What is in the picture?", "A cat"]]
    whole = json.dumps(chatgpt())
    assert texts(tmp_path / "x", whole) == told
    given = packed(user__json="{}", conversations__json=whole, message_feedback__json="[]")
    assert texts(tmp_path / "x", given) == told
    many = packed(**{"conversations-000__json": whole, "conversations-001__json": whole})
    assert texts(tmp_path / "x", many) == told * 2
    mac = packed(conversations__json=whole, __MACOSX____conversations__json=b"\x00\x05\x16\x07")
    assert texts(tmp_path / "x", mac) == told


def test_greeting_and_shown_output_of_backyard(tmp_path: Path) -> None:
    """The greeting is the first word; of several outputs the one last chosen is shown."""
    outputs = [
        {"text": "One", "activeTimestamp": "2026-11-01T10:05:00Z", "createdAt": "2026-11-01T10:01:00Z"},
        {"text": "Two", "activeTimestamp": "2026-11-01T10:03:00Z", "createdAt": "2026-11-01T10:02:00Z"},
    ]  # fmt: skip
    scenario = {"firstMessages": [{"text": "Hi"}], "messages": [{"type": "ai", "outputs": outputs}]}
    data = packed(manifest__json="{}", scenarios___1__json=json.dumps(scenario))
    (tmp_path / "x").write_bytes(data)
    [whole] = detect.read(tmp_path / "x").sessions
    assert [one.message.text for one in whole.messages] == ["Hi", "One", "Two"]
    assert whole.head == 1
    assert whole.messages[1].message.created_ms == TEN_MS + 60_000


def _made(path: Path, columns: str, row: str = "") -> None:
    """Write a database of the stand-alone program with other columns than it has."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE sessions(id INTEGER PRIMARY KEY)")
    connection.execute(f"CREATE TABLE messages(id INTEGER PRIMARY KEY{columns})")
    if row:
        connection.execute(f"INSERT INTO messages VALUES (1, {row})")  # noqa: S608 - the test's own
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("columns", "row", "sentence"),
    [
        (", session_id, role", "", "its table messages has no text"),
        (", session_id, role, text", "1, 'user', NULL", "row 1, text: .* not nothing"),
        (", session_id, role, text", "1, 'user', x'ff'", "row 1, text: .* not bytes"),
        (", session_id, role, text", "1, 'user', CAST(x'ff' AS TEXT)", "Could not decode"),
        (", session_id, role, text", "1, 'npc', 'x'", "row 1: role must be one of"),
        (", session_id, role, text", "", "no message"),
    ],
)
def test_a_stand_alone_database_that_is_none(
    tmp_path: Path, columns: str, row: str, sentence: str
) -> None:
    """The table, the row and what is wrong there are named."""
    _made(tmp_path / "x", columns, row)
    with pytest.raises(BadImport, match=sentence):
        detect.read(tmp_path / "x")


def test_a_stand_alone_database_with_less_than_it_should_have(tmp_path: Path) -> None:
    """Titles, times and characters may be missing; the words come in."""
    _made(tmp_path / "x", ", session_id, role, text", "1, 'user', 'Hi'")
    [whole] = detect.read(tmp_path / "x").sessions
    assert [one.message.text for one in whole.messages] == ["Hi"]


@pytest.mark.parametrize(("with_log", "expected"), [(True, 4), (False, 3)])
def test_a_stand_alone_database_that_is_in_use(
    tmp_path: Path, with_log: bool, expected: int
) -> None:
    """What stands in the log beside the file is read, too; alone, the file is as it was."""
    standalone(tmp_path / "app.db")
    running = sqlite3.connect(tmp_path / "app.db")
    running.execute("PRAGMA journal_mode = WAL")
    running.execute("INSERT INTO messages(session_id, role, text) VALUES (1, 'user', 'late')")
    running.commit()
    for ending in ("", "-wal") if with_log else ("",):
        shutil.copy(tmp_path / f"app.db{ending}", tmp_path / f"x{ending}")
    running.close()
    before = (tmp_path / "x").read_bytes()
    found = detect.read(tmp_path / "x")
    assert sum(len(whole.messages) for whole in found.sessions) == expected
    assert (tmp_path / "x").read_bytes() == before


async def test_the_same_file_twice_is_two_copies(talk: Talk, tmp_path: Path) -> None:
    """Nothing is merged or overwritten: a copy too many can be deleted, a lost branch can't be made."""
    await branched(talk)
    await talk.store.export(ALICE, tmp_path / "x", Format.JSON)
    for _ in range(2):
        await talk.store.import_file(ALICE, tmp_path / "x", character="hana")
    sessions = await talk.store.sessions(ALICE)
    assert len(sessions) == 3
    assert len({one.messages for one in sessions}) == 1


def test_a_wrong_ending_does_not_matter(tmp_path: Path) -> None:
    """A file is known by what is in it."""
    assert texts(tmp_path / "chat.txt", backyard()) == [["Hi", "Hello", "Hey"]]
