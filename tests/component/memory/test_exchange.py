"""Check that conversations come out whole and come in whole, or not at all.

The fixtures are written by hand from the sources of the programs they imitate:
SillyTavern `src/endpoints/chats.js` at 00a72b5 (its own chats, and what it reads of
text-generation-webui, Agnai, Character.AI, Chub and Risu) and `src/byaf.js`; Open-LLM-VTuber
`src/open_llm_vtuber/chat_history_manager.py` at a81c6d9; stand-alone waifu-rt3d
`waifu-rt3d_v5.29_full/backend/db/schema_v4.sql` at d87dca5.
"""

from datetime import UTC
import json
from pathlib import Path
import sqlite3
from typing import Any
import zipfile

import pytest

from custom_components.waifu_rt3d.memory import (
    HOUSEHOLD,
    Attachment,
    BadImport,
    NotAllowed,
    NotFound,
    Role,
    Scope,
    Store,
    StoreError,
    ToolCall,
)
from custom_components.waifu_rt3d.memory.exchange import dates
from custom_components.waifu_rt3d.memory.exchange.export import Format

from .conftest import START_MS, Clock, Talk, talk_in

ALICE = Scope.of("alice")


async def branched(talk: Talk) -> None:
    """Grow a tree with every kind of detail."""
    await talk.say("Tell me | *something*\nfunny <b>now</b>")
    first = await talk.answer("A horse walks in", sent=b"\x00\xff", model="tiny", tokens_out=4)
    await talk.store.regenerate(talk.scope, first)
    second = await talk.answer(
        "Knock knock",
        display="*grins* Knock knock",
        cues=[{"kind": "emotion", "name": "happy"}],
        timeline=[{"segment": 0}],
        tool_calls=[ToolCall(call_id="c", name="joke", arguments={"n": 1}, result=["x"])],
        heard="Knock",
        cut_ms=300,
    )
    question = await talk.say(
        "Who is there?", attachments=[Attachment(kind="image", reference="door.png")]
    )
    await talk.store.edit_message(talk.scope, question, "Who's there?")
    await talk.answer("Lettuce \u2028 in 🥬")
    await talk.store.walk(talk.scope, second)


async def shape(store: Store, scope: Scope, session_id: str) -> list[tuple[Any, ...]]:
    """Return everything about a session's tree, free of ids."""
    session = await store.session(scope, session_id)
    knots = await store.tree(scope, session_id)
    place = {knot.id: number for number, knot in enumerate(knots)}
    rows: list[tuple[Any, ...]] = [(session.title, session.messages, session.audience)]
    for knot in knots:
        one = await store.message(scope, knot.id)
        rows.append(
            (
                None if one.parent_id is None else place[one.parent_id],
                None if one.edit_of is None else place[one.edit_of],
                [place[other] for other in one.alternatives],
                knot.on_the_way,
                (one.role, one.text, one.display, one.author, one.created_ms, one.heard),
                (one.cut_ms, one.sent, one.cues, one.timeline, one.tool_calls, one.attachments),
                (one.model, one.tokens_out, one.extra),
            )
        )
    return rows


async def test_our_own_file_brings_back_the_same_tree(talk: Talk, tmp_path: Path) -> None:
    """Everything about every message survives, and walking branches too."""
    await branched(talk)
    store = talk.store
    target = tmp_path / "out.json"
    assert await store.export(ALICE, target, Format.JSON) == 1
    result = await store.import_file(ALICE, target, character="rei")
    [copy] = result.session_ids
    assert result.kind == "waifu-rt3d"
    before = await shape(store, ALICE, talk.session.id)
    assert await shape(store, ALICE, copy) == before
    assert len(before) == 7


async def test_an_import_is_found_and_recalled(talk: Talk, tmp_path: Path) -> None:
    """Imported talk is searched like any other, as the past."""
    await talk.say("My bicycle is turquoise")
    target = tmp_path / "out.json"
    await talk.store.export(ALICE, target, Format.JSON)
    await talk.store.import_file(ALICE, target, character="rei")
    assert len((await talk.store.search(ALICE, "turquoise")).hits) == 2


async def test_sillytavern_round_trip_keeps_the_way_and_its_alternatives(
    talk: Talk, tmp_path: Path
) -> None:
    """Out and in again: same way, same swipes, same times, same second export."""
    await branched(talk)
    store = talk.store
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    await store.export(ALICE, one, Format.SILLYTAVERN, session_id=talk.session.id)
    result = await store.import_file(ALICE, one, character="hana")
    [copy] = result.session_ids
    before = await store.history(ALICE, talk.session.id)
    after = await store.history(ALICE, copy)
    assert [(m.role, m.text, m.created_ms, m.model) for m in after] == [
        (m.role, m.text, m.created_ms, m.model) for m in before
    ]
    assert [len(m.alternatives) for m in after] == [1, 2, 1, 1]
    await store.export(ALICE, two, Format.SILLYTAVERN, session_id=copy)
    assert one.read_text().splitlines()[1:] == two.read_text().splitlines()[1:]


async def test_openai_round_trip_keeps_the_texts(talk: Talk, tmp_path: Path) -> None:
    """Roles, texts and pictures survive; tool calls become messages of their own."""
    await branched(talk)
    target = tmp_path / "out.json"
    await talk.store.export(ALICE, target, Format.OPENAI, session_id=talk.session.id)
    rows = json.loads(target.read_text())["messages"]
    assert [row["role"] for row in rows] == [
        "user", "assistant", "tool", "assistant", "user", "assistant",
    ]  # fmt: skip
    assert rows[1]["tool_calls"][0]["function"] == {"name": "joke", "arguments": '{"n": 1}'}
    result = await talk.store.import_file(ALICE, target, character="hana")
    after = await talk.store.history(ALICE, result.session_ids[0])
    assert [m.text for m in after if m.role in (Role.USER, Role.ASSISTANT) and m.text] == (
        await talk.texts()
    )


async def test_what_people_read_is_no_markup(talk: Talk, tmp_path: Path) -> None:
    """Markdown keeps what was said as text; plain text has it as it is."""
    await branched(talk)
    await talk.store.name_person("alice", "Alice")
    await talk.store.name_character("hana", "Hana")
    await talk.store.export(ALICE, tmp_path / "out.md", Format.MARKDOWN, zone=UTC)
    shown = (tmp_path / "out.md").read_text()
    assert "> funny \\<b\\>now\\</b\\>" in shown
    assert "**Hana** (2026-09-21" in shown
    await talk.store.export(ALICE, tmp_path / "out.txt", Format.TEXT)
    assert "Alice:\nTell me | *something*\nfunny <b>now</b>\n" in (tmp_path / "out.txt").read_text()


async def test_export_writes_only_what_may_be_seen(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    """Everything means everything of this reader; a character's scope means that one's."""
    for audience, character in (("alice", "hana"), ("alice", "rei"), ("bob", "hana")):
        talk = await talk_in(store, clock, audience, character)
        await talk.say(f"{audience} to {character}")
    target = tmp_path / "out.json"
    assert await store.export(ALICE, target, Format.JSON) == 2
    assert "bob" not in target.read_text()
    assert await store.export(Scope.of("alice", "rei"), target, Format.JSON) == 1
    with pytest.raises(NotFound):
        await store.export(Scope.of("carol"), target, Format.TEXT, session_id=talk.session.id)


SILLYTAVERN = "\n".join(
    json.dumps(line)
    for line in (
        {
            "user_name": "You",
            "character_name": "Seraphina",
            "create_date": "2026-11-01@10h00m00s",
            "chat_metadata": {"note_prompt": "x"},
        },
        {
            "name": "Seraphina", "is_user": False, "send_date": "November 1, 2026 10:00am",
            "mes": "Third", "swipes": ["First", "Second", "Third"], "swipe_id": 2,
            "swipe_info": [{"send_date": "November 1, 2026 9:58am"}, {}, {}],
            "extra": {"model": "kunoichi", "reasoning": "hm"},
        },
        {"name": "You", "is_user": True, "send_date": 1793527260000, "mes": "Hello\u2028there"},
        {
            "name": "System", "is_user": False, "is_system": True,
            "send_date": "2026-11-01T10:02:00.000Z", "mes": "A note",
        },
        {"name": "Seraphina", "is_user": False, "send_date": "2026-11-1 @10h 3m 4s 5ms", "mes": "Bye"},
    )
)  # fmt: skip


async def test_a_chat_of_sillytavern(store: Store, tmp_path: Path) -> None:
    """Swipes become alternatives, all forms of dates are read, what is unknown is kept."""
    file = tmp_path / "chat.jsonl"
    file.write_text(SILLYTAVERN)
    result = await store.import_file(ALICE, file, character="hana")
    history = await store.history(ALICE, result.session_ids[0])
    assert [(m.role.value, m.text) for m in history] == [
        ("assistant", "Third"), ("user", "Hello\u2028there"), ("system", "A note"),
        ("assistant", "Bye"),
    ]  # fmt: skip
    ten = 1793527200000
    assert [m.created_ms - ten for m in history] == [0, 60_000, 120_000, 184_005]
    assert history[0].model == "kunoichi"
    assert history[0].extra["sillytavern"]["extra"]["reasoning"] == "hm"
    others = [await store.message(ALICE, one) for one in history[0].alternatives]
    assert [m.text for m in others] == ["First", "Second", "Third"]
    assert others[0].created_ms == ten - 120_000


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-01T10:00:00.000Z", 1793527200000),
        ("2026-11-01T10:00:00", 1793527200000),
        ("November 1, 2026 10:00am", 1793527200000),
        ("November 1, 2026 10:00pm", 1793570400000),
        ("Nov 1, 2026 12:00 am", 1793491200000),
        ("2026-11-01@10h00m00s", 1793527200000),
        ("2026-11-1 @10h 0m 0s 7ms", 1793527200007),
        (1793527200000, 1793527200000),
        ("1793527200000", 1793527200000),
        (1793527200, 1793527200000),
        (1793527200.5, 1793527200500),
        ("yesterday", None),
        ("February 31, 2026 10:00am", None),
        (None, None),
        (True, None),
        (-5, None),
    ],
)
def test_dates_of_all_forms(value: Any, expected: int | None) -> None:
    """Every way of writing a time that programs use is read; what is no time is nothing."""
    assert dates.time_ms(value) == expected


OTHERS: dict[str, tuple[str, Any]] = {
    "text-generation-webui": (
        "webui.json",
        {
            "data": [["<|BEGIN-VISIBLE-CHAT|>", "Hi"], ["Hello", "Bye"]],
            "data_visible": [["", "Hi"], ["Hello", "Bye"]],
        },
    ),
    "Agnai": (
        "agnai.json",
        {
            "name": "talk", "greeting": "", "messages": [
                {"msg": "Hi", "characterId": "x", "createdAt": "2026-11-01T10:00:00Z"},
                {"msg": "Hello", "userId": "me"},
                {"msg": "Bye", "characterId": "x", "retries": ["See you"]},
            ],
        },
    ),
    "Character.AI": (
        "cai.json",
        {
            "histories": {"histories": [{"msgs": [
                {"text": "Hi", "src": {"is_human": False, "name": "Mia"}},
                {"text": "Hello", "src": {"is_human": True}},
                {"text": "Bye", "src": {"is_human": False, "name": "Mia"}},
            ]}, {"msgs": []}]},
        },
    ),
    "Risu": (
        "risu.json",
        {
            "type": "risuChat", "ver": 1, "data": {"name": "Chat 1", "note": "n", "message": [
                {"role": "char", "data": "Hi", "time": 1793527200000},
                {"role": "user", "data": "Hello"},
                {"role": "char", "data": "Bye", "saying": "id"},
            ]},
        },
    ),
    "Open-LLM-VTuber": (
        "vtuber.json",
        [
            {"role": "metadata", "timestamp": "2026-11-01T10:00:00"},
            {"role": "ai", "content": "Hi", "timestamp": "2026-11-01T10:00:01", "name": "Mao"},
            {"role": "human", "content": "Hello", "timestamp": "2026-11-01T10:00:02"},
            {"role": "ai", "content": "Bye", "timestamp": "2026-11-01T10:00:03"},
        ],
    ),
    "OpenAI": (
        "openai.json",
        {"messages": [
            {"role": "assistant", "content": [{"type": "text", "text": "Hi"}]},
            {"role": "user", "content": "Hello"},
            {"role": "assistant", "content": "Bye"},
        ]},
    ),
}  # fmt: skip
CHUB = "\n".join(
    json.dumps(line)
    for line in (
        {"user_name": "You", "character_name": "Mia", "create_date": "2026-11-01T10:00:00Z"},
        {"is_user": False, "mes": {"message": "Hi"}, "swipes": [{"message": "Hi"}, {"message": "Yo"}]},
        {"is_user": True, "mes": {"message": "Hello"}},
        {"is_user": False, "mes": {"message": "Bye"}},
    )
)  # fmt: skip


@pytest.mark.parametrize("kind", list(OTHERS))
async def test_chats_of_other_programs(store: Store, tmp_path: Path, kind: str) -> None:
    """Each dialect is known by its look and read with roles in order."""
    name, document = OTHERS[kind]
    (tmp_path / name).write_text(json.dumps(document))
    result = await store.import_file(ALICE, tmp_path / name, character="hana")
    assert result.kind == kind
    history = await store.history(ALICE, result.session_ids[0])
    assert [(m.role.value, m.text) for m in history] == [
        ("assistant", "Hi"), ("user", "Hello"), ("assistant", "Bye"),
    ]  # fmt: skip
    assert [m.author for m in history] == [None, "alice", None]


async def test_a_chat_of_chub(store: Store, tmp_path: Path) -> None:
    """Chub's nested messages and swipes are read."""
    (tmp_path / "chub.jsonl").write_text(CHUB)
    result = await store.import_file(ALICE, tmp_path / "chub.jsonl", character="hana")
    history = await store.history(ALICE, result.session_ids[0])
    assert (result.kind, [m.text for m in history]) == ("Chub", ["Hi", "Hello", "Bye"])
    assert len(history[0].alternatives) == 2


async def test_an_archive_of_backyard(store: Store, tmp_path: Path) -> None:
    """Every scenario becomes a session, several outputs become alternatives."""
    file = tmp_path / "chat.byaf"
    scenario = {
        "title": "Beach",
        "messages": [
            {"type": "human", "text": "Hi", "createdAt": "2026-11-01T10:00:00Z"},
            {"type": "ai", "outputs": [{"text": "Hello"}, {"text": "Hey"}]},
        ],
    }
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("manifest.json", "{}")
        archive.writestr("scenarios/1.json", json.dumps(scenario))
    result = await store.import_file(ALICE, file, character="hana")
    assert (result.kind, result.messages) == ("Backyard", 3)
    assert (await store.session(ALICE, result.session_ids[0])).title == "Beach"


def standalone(path: Path) -> None:
    """Write a database as the stand-alone program does."""
    connection = sqlite3.connect(path)
    connection.executescript(
        """
        CREATE TABLE sessions(id INTEGER PRIMARY KEY, title TEXT,
            created_ts REAL DEFAULT (strftime('%s','now')));
        CREATE TABLE messages(id INTEGER PRIMARY KEY, session_id INTEGER NOT NULL,
            role TEXT CHECK(role IN ('user','assistant','system')) NOT NULL, text TEXT NOT NULL,
            ts REAL DEFAULT (strftime('%s','now')));
        CREATE VIRTUAL TABLE messages_fts USING fts5(text, content='messages', content_rowid='id');
        CREATE TABLE characters(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
            system_prompt TEXT NOT NULL, avatar_url TEXT, voice_id TEXT, tts_provider TEXT,
            personality_traits TEXT, created_ts REAL);
        INSERT INTO sessions VALUES (1, 'First', 1793527200.0), (2, 'Empty', 1793527300.0);
        INSERT INTO messages(session_id, role, text, ts) VALUES
            (1, 'user', 'Hi', 1793527201.0), (1, 'assistant', 'Hello', 1793527202.0),
            (7, 'user', 'Orphan', 1793527203.0);
        INSERT INTO characters(name, system_prompt, voice_id) VALUES ('Mia', 'Be kind.', 'v1');
        """
    )
    connection.close()


async def test_the_database_of_the_stand_alone_program(store: Store, tmp_path: Path) -> None:
    """Sessions, messages and characters come over; the file stays as it was."""
    file = tmp_path / "app.db"
    standalone(file)
    before = file.read_bytes()
    result = await store.import_file(ALICE, file, character="hana")
    assert (len(result.session_ids), result.messages) == (2, 3)
    [mia] = result.characters
    assert (mia.name, mia.system_prompt, mia.extra) == ("Mia", "Be kind.", {"voice_id": "v1"})
    sessions = {one.title: one for one in await store.sessions(ALICE)}
    assert set(sessions) == {"First", "Orphan"}
    history = await store.history(ALICE, sessions["First"].id)
    assert [(m.text, m.created_ms) for m in history] == [
        ("Hi", 1793527201000),
        ("Hello", 1793527202000),
    ]
    assert file.read_bytes() == before


def _ours(message: str) -> str:
    """Return our own format with one message."""
    return (
        '{"format": "waifu-rt3d-conversations", "version": 1, "sessions": '
        f'[{{"created_ms": 1, "updated_ms": 1, "messages": [{message}]}}]}}'
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "empty"),
        ("hello", "line 1, character 1"),
        ('{"format": "waifu-rt3d-conversations", "version": 9}', "update first"),
        (
            '{"format": "waifu-rt3d-conversations", "version": 1}',
            "sessions: there should be a list",
        ),
        (
            _ours('{"role": "user", "created_ms": 1}'),
            "session 1, message 1, text: there should be a text, not nothing",
        ),
        (
            _ours('{"role": "user", "text": "", "created_ms": 1, "parent": 0}'),
            "parent must name an earlier message",
        ),
        (SILLYTAVERN.replace('"mes": "Bye"', '"mes": 5'), "line 5, mes: there should be a text"),
        (SILLYTAVERN[:-5], "line 5"),
        ('{"messages": []}', "no chat of a known format"),
        ("[" * 100_000, "line 1|brackets"),
        ('{"a": 1}\n{"b": 2}', "no chat of a known format"),
    ],
)
async def test_a_broken_file_changes_nothing_and_says_where(
    store: Store, tmp_path: Path, content: str, sentence: str
) -> None:
    """The refusal names the place; the store is as it was."""
    file = tmp_path / "broken"
    file.write_text(content)
    with pytest.raises(BadImport, match=sentence):
        await store.import_file(ALICE, file, character="hana")
    assert await store.sessions(ALICE) == []


async def test_a_file_with_a_piece_cut_out_never_yields_half_an_import(
    talk: Talk, tmp_path: Path
) -> None:
    """Whatever bytes are missing: all that the file still says comes in, or nothing."""
    await branched(talk)
    whole, cut = tmp_path / "whole.json", tmp_path / "cut.json"
    await talk.store.export(ALICE, whole, Format.JSON)
    data = whole.read_bytes()
    messages = (await talk.store.session(ALICE, talk.session.id)).messages
    await talk.store.delete_session(ALICE, talk.session.id)
    for start in range(0, len(data), 97):
        for length in (1, 13, 60, 300, len(data)):
            cut.write_bytes(data[:start] + data[start + length :])
            try:
                result = await talk.store.import_file(ALICE, cut, character="hana")
            except StoreError:
                assert await talk.store.sessions(ALICE) == []
                continue
            [brought] = await talk.store.sessions(ALICE)
            assert brought.messages == result.messages <= messages
            assert len(await talk.store.tree(ALICE, brought.id)) == result.messages
            await talk.store.delete_session(ALICE, brought.id)


async def test_a_damaged_database_or_archive_is_refused(store: Store, tmp_path: Path) -> None:
    """Binary files with a piece cut out give a sentence, not half an import."""
    good = tmp_path / "app.db"
    standalone(good)
    data = good.read_bytes()
    for cut in (data[:4096], data[:20], b"SQLite format 3\x00", b"PK\x03\x04", b"PK\x03\x04" * 99):
        (tmp_path / "cut").write_bytes(cut)
        with pytest.raises(BadImport):
            await store.import_file(ALICE, tmp_path / "cut", character="hana")
    assert await store.sessions(ALICE) == []


async def test_nothing_is_seen_before_all_is_there(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    """An import grows unseen, tells how far it is, and a failing one leaves nothing."""
    talk = await talk_in(store, clock)
    await talk.say("message 7")
    file = tmp_path / "chat.json"
    lines = [{"role": "user", "content": f"message {number}"} for number in range(1200)]
    file.write_text(json.dumps({"messages": lines}))
    told: list[tuple[int, int]] = []

    def fail(done: int, total: int) -> None:
        told.append((done, total))
        if done == 1000:
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        await store.import_file(ALICE, file, character="hana", progress=fail)
    assert told == [(500, 1200), (1000, 1200)]
    assert len(await store.sessions(ALICE)) == 1
    assert len((await store.search(ALICE, '"message 7"')).hits) == 1
    await store.purge()
    await store.import_file(ALICE, file, character="hana")
    assert sorted(one.messages for one in await store.sessions(ALICE)) == [1, 1200]


async def test_a_file_cannot_put_words_into_another_s_memory(store: Store, tmp_path: Path) -> None:
    """Audiences and authors of others become the importer's own; readers can't import."""
    document = {
        "format": "waifu-rt3d-conversations",
        "version": 1,
        "sessions": [
            {
                "audience": audience, "character": "hana", "created_ms": START_MS,
                "updated_ms": START_MS, "head": 0,
                "messages": [
                    {"role": "user", "text": "I did it", "author": "bob", "created_ms": START_MS}
                ],
            }
            for audience in ("bob", HOUSEHOLD)
        ],
    }  # fmt: skip
    file = tmp_path / "forged.json"
    file.write_text(json.dumps(document))
    await store.import_file(ALICE, file, character="hana")
    assert {one.audience for one in await store.sessions(ALICE)} == {"alice", HOUSEHOLD}
    bob = await store.sessions(Scope.of("bob"))
    assert [one.audience for one in bob] == [HOUSEHOLD]
    history = await store.history(ALICE, bob[0].id)
    assert history[0].author == "alice"
    with pytest.raises(NotAllowed):
        await store.import_file(Scope(person="alice", write=False), file, character="hana")
