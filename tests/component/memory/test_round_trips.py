"""Check that whatever people say comes back from every format that can be read again."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.waifu_rt3d.memory import Role, Scope, ToolCall
from custom_components.waifu_rt3d.memory.bulk import WholeMessage, WholeSession
from custom_components.waifu_rt3d.memory.exchange import (
    detect,
    openai_chat,
    ours,
    reading_matter,
    sillytavern,
)
from custom_components.waifu_rt3d.memory.exchange.export import Format
from custom_components.waifu_rt3d.memory.values import NewMessage

from .conftest import START_MS, Talk

ODD = (
    "👩‍👩‍👧 🏳️‍🌈 e\u0301",
    "\u202eעברית \u2066العربية\u2069",
    "\x00\x01\x1b[31m\x7f\x85\u2028\u2029\ufeff\ufffe",
    "\r\n\r \n\t",
    '"}]}\n{"mes": "forged", "is_user": true}\n',
    "```\n# **You**: <b>&amp;\\ud83d",
    "long " * 40_000,
    "",
)
TEXTS = st.text(max_size=60) | st.sampled_from(ODD)
ROLES = st.sampled_from([Role.USER, Role.ASSISTANT, Role.SYSTEM])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def sessions(draw: st.DrawFn, *, straight: bool = False) -> WholeSession:
    """Return a session of any texts, with branches unless it is to be `straight`."""
    said = draw(st.lists(st.tuples(ROLES, TEXTS), min_size=1, max_size=6))
    messages = []
    for place, (role, text) in enumerate(said):
        parent = place - 1 if place else None
        if place and not straight:
            parent = draw(st.none() | st.integers(0, place - 1))
        extra = {} if straight else draw(st.dictionaries(TEXTS, JSON, max_size=2))
        calls = [] if straight else [ToolCall(call_id="c", name=text, result=draw(JSON))]
        new = NewMessage(
            session_id="",
            role=role,
            text=text,
            created_ms=START_MS + place,
            sent=None if straight else draw(st.none() | st.binary(min_size=1, max_size=9)),
            tool_calls=calls,
            extra=extra,
        )
        messages.append(WholeMessage(message=new, parent=parent))
    title = draw(TEXTS)
    return WholeSession(
        audience="alice",
        character="hana",
        title=title,
        created_ms=START_MS,
        updated_ms=START_MS + len(said),
        messages=messages,
        head=len(messages) - 1,
        titled_by_person=bool(title),
    )


def again(pieces: Iterator[str]) -> list[WholeSession]:
    """Write a file as an export does, and read it."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "x"
        with file.open("w", encoding="utf-8") as target:
            for piece in pieces:
                target.write(piece)
        return detect.read(file).sessions


@settings(deadline=None, max_examples=60)
@given(wholes=st.lists(sessions(), min_size=1, max_size=3))
def test_our_own_format_brings_everything_back(wholes: list[WholeSession]) -> None:
    """Texts, branches, bytes, tools and what is kept beside them are the same."""
    assert again(ours.write(iter(wholes), START_MS)) == wholes


@settings(deadline=None, max_examples=60)
@given(whole=sessions(straight=True))
def test_sillytavern_brings_the_talk_back(whole: WholeSession) -> None:
    """Who said what and when is the same, whatever stands in the words."""
    [read] = again(sillytavern.write(whole, person="A\n", character='"H"'))
    assert _told(read) == _told(whole)


@settings(deadline=None, max_examples=60)
@given(whole=sessions(straight=True))
def test_openai_brings_the_words_back(whole: WholeSession) -> None:
    """That format has no times; words and title are the same."""
    [read] = again(openai_chat.write(whole))
    assert [one[:2] for one in _told(read)] == [one[:2] for one in _told(whole)]
    assert read.title == whole.title


def _told(whole: WholeSession) -> list[tuple[Role, str, int]]:
    """Return who said what and when."""
    said = [one.message for one in whole.messages]
    return [(one.role, one.text, one.created_ms) for one in said]


@settings(deadline=None, max_examples=60)
@given(whole=sessions(straight=True))
def test_what_people_read_has_every_word(whole: WholeSession) -> None:
    """Plain text has them as they are; in Markdown no line of theirs stands outside its quotation."""
    spoken = [one.message for one in whole.messages if one.message.role is not Role.SYSTEM]
    plain = "".join(reading_matter.plain_text(whole, person="A", character="H"))
    assert all(one.text in plain for one in spoken)
    shown = "".join(reading_matter.markdown(whole, person="A", character="H"))
    headings = [line for line in shown.split("\n") if line and not line.startswith(">")]
    assert len(headings) == 2 + len(spoken)


@pytest.mark.parametrize("kind", [Format.JSON, Format.SILLYTAVERN, Format.OPENAI])
async def test_odd_words_survive_the_store(talk: Talk, tmp_path: Path, kind: Format) -> None:
    """Said, written, read, stored and written once more: the same, and found by their words."""
    for text in ODD:
        await talk.say(text)
    scope = Scope.of("alice")
    await talk.store.export(scope, tmp_path / "one", kind, session_id=talk.session.id)
    brought = await talk.store.import_file(scope, tmp_path / "one", character="hana")
    way = await talk.store.history(scope, brought.session_ids[0])
    assert [one.text for one in way] == list(ODD)
    await talk.store.export(scope, tmp_path / "two", kind, session_id=brought.session_ids[0])
    again_brought = await talk.store.import_file(scope, tmp_path / "two", character="hana")
    assert again_brought.messages == len(ODD)
    assert len((await talk.store.search(scope, "העברית OR עברית")).hits) == 3
