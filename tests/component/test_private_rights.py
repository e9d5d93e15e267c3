"""No query of one person, by any command or action, returns a row of another's own sessions."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
import json
from pathlib import Path
from typing import Any

from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.llm import LLMContext, Tool, ToolInput
from hypothesis import HealthCheck, given, settings, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.waifu_rt3d.const import DOMAIN
from custom_components.waifu_rt3d.house import HOUSE
from custom_components.waifu_rt3d.llm import ForgetTool, RecallTool
from custom_components.waifu_rt3d.memory import NewMessage, NewTurn, Origin, Role, Scope, Store
from custom_components.waifu_rt3d.stage.bus import Audience
from custom_components.waifu_rt3d.turns.turn import (
    Origin as TurnOrigin,
    Person,
    Turn,
    TurnStart,
    current_turn,
)

from .cards import Card

WORDS = ("heron", "anchor", "violet")
AT_MS = 1_790_000_000_000


@dataclass(slots=True)
class Party:
    """One of those who ask: what is theirs carries their mark, which no other may ever see."""

    name: str
    user: User
    card: Card
    sessions: list[str] = field(default_factory=list)
    messages: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    turns: list[str] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """Return the word that stands in everything that is this person's own."""
        return f"only{self.name}"


async def talk(store: Store, party: Party, number: int) -> None:
    """Store a talk of a person: a session, a question with its answer, a note, a turn."""
    scope = Scope(person=party.user.id)
    session = await store.create_session(
        scope, character="default", title=f"{party.mark} {WORDS[number % 3]}"
    )
    turn_id = f"turn-{party.name}-{number}"
    await store.start_turn(
        scope,
        NewTurn(
            turn_id=turn_id,
            session_id=session.id,
            person=party.user.id,
            audience=party.user.id,
            character="default",
            origin=Origin.CARD,
            started_ms=AT_MS,
        ),
    )
    for role in (Role.USER, Role.ASSISTANT):
        message = NewMessage(
            session_id=session.id,
            role=role,
            text=f"{party.mark} " + " ".join(WORDS),
            author=party.user.id if role is Role.USER else None,
            turn_id=turn_id,
            created_ms=AT_MS + number,
        )
        party.messages.append(await store.add_message(scope, message))
    party.sessions.append(session.id)
    party.turns.append(turn_id)
    party.notes.append(await store.add_note(scope, f"{party.mark} note {number}"))


COMMANDS: dict[str, Callable[[Party, int], dict[str, Any]]] = {
    "session/list": lambda other, n: {
        **({"audience": other.user.id} if n % 2 else {}),
        "deleted": n % 3 == 0,
        "empty": True,
    },
    "session/get": lambda other, n: {"session_id": other.sessions[n % 2]},
    "session/history": lambda other, n: {"session_id": other.sessions[n % 2]},
    "session/tree": lambda other, n: {"session_id": other.sessions[n % 2]},
    "session/rename": lambda other, n: {"session_id": other.sessions[n % 2], "title": "mine"},
    "session/pin": lambda other, n: {"session_id": other.sessions[n % 2], "pinned": True},
    "session/archive": lambda other, n: {"session_id": other.sessions[n % 2], "archived": True},
    "session/switch": lambda other, n: {
        "session_id": other.sessions[n % 2],
        "conversation_id": "stolen",
    },
    "session/delete": lambda other, n: {"session_id": other.sessions[n % 2]},
    "session/restore": lambda other, n: {"session_id": other.sessions[n % 2]},
    "session/continue": lambda _other, _n: {},
    "message/get": lambda other, n: {"message_id": other.messages[n % 4]},
    "message/alternatives": lambda other, n: {"message_id": other.messages[n % 4]},
    "message/walk": lambda other, n: {"message_id": other.messages[n % 4]},
    "message/regenerate": lambda other, n: {"message_id": other.messages[n % 4], "speak": False},
    "message/edit": lambda other, n: {
        "message_id": other.messages[n % 4],
        "text": "mine",
        "speak": False,
    },
    "message/branch": lambda other, n: {"message_id": other.messages[n % 4]},
    "message/forget": lambda other, n: {"message_id": other.messages[n % 4]},
    "search": lambda other, n: {
        "words": (other.mark, *WORDS)[n % 4],
        **({"author": other.user.id} if n % 2 else {}),
        **({"audience": other.user.id} if n % 3 == 0 else {}),
        **({"session_id": other.sessions[0]} if n % 5 == 0 else {}),
    },
    "statistics": lambda _other, _n: {},
    "recalled": lambda other, n: {"turn_id": other.turns[n % 2]},
    "notes/list": lambda _other, _n: {},
    "notes/change": lambda other, n: {"note_id": other.notes[n % 2], "text": "mine"},
    "notes/forget": lambda other, n: {"note_id": other.notes[n % 2], "with_source": True},
    "notes/add": lambda other, n: {"text": "mine", "source_id": other.messages[n % 4]},
    "export": lambda other, n: {
        "format": ("json", "text")[n % 2],
        **({"session_id": other.sessions[n % 2]} if n % 3 else {}),
    },
}
ACTIONS: dict[str, Callable[[Party, int], dict[str, Any]]] = {
    "list_sessions": lambda other, n: {"archived": n % 2 == 0, "words": other.mark},
    "get_history": lambda other, n: {"session_id": other.sessions[n % 2]},
    "get_branches": lambda other, n: {"session_id": other.sessions[n % 2]},
    "continue_session": lambda _other, _n: {},
    "switch_session": lambda other, n: {
        "session_id": other.sessions[n % 2],
        "conversation_id": "stolen",
    },
    "pin_session": lambda other, n: {"session_id": other.sessions[n % 2]},
    "archive_session": lambda other, n: {"session_id": other.sessions[n % 2]},
    "branch_session": lambda other, n: {"message_id": other.messages[n % 4]},
    "walk_branch": lambda other, n: {"message_id": other.messages[n % 4]},
    "regenerate": lambda other, n: {"message_id": other.messages[n % 4], "speak": False},
    "edit_message": lambda other, n: {
        "message_id": other.messages[n % 4],
        "text": "mine",
        "speak": False,
    },
    "forget_message": lambda other, n: {"message_id": other.messages[n % 4]},
    "get_statistics": lambda _other, _n: {},
    "search": lambda other, n: {"words": (other.mark, *WORDS)[n % 4]},
    "get_notes": lambda _other, _n: {},
    "rename_session": lambda other, n: {"session_id": other.sessions[n % 2], "title": "mine"},
    "delete_session": lambda other, n: {"session_id": other.sessions[n % 2]},
    "restore_session": lambda other, n: {"session_id": other.sessions[n % 2]},
    "forget": lambda other, n: {"note_id": other.notes[n % 2]},
    "export": lambda other, n: {
        "path": f"try-{n % 4}.json",
        **({"session_id": other.sessions[n % 2]} if n % 3 else {}),
    },
}


@dataclass(slots=True)
class Two:
    """Two people of one house, the first an administrator, and an automation."""

    core: HomeAssistant
    parties: tuple[Party, Party]
    fetch: Callable[[str], Awaitable[str]]

    async def by_command(self, asker: Party, other: Party, command: str, number: int) -> str:
        """Ask by a command and return all that comes back."""
        reply = await asker.card.call(
            type=f"{DOMAIN}/{command}", **COMMANDS[command](other, number)
        )
        shown = json.dumps(reply)
        if command == "export" and reply["success"]:
            shown += await self.fetch(reply["result"]["url"])
        return shown

    async def by_action(self, asker: User | None, other: Party, action: str, number: int) -> str:
        """Ask by an action and return all that comes back."""
        responds = self.core.services.supports_response(DOMAIN, action).value != "none"
        try:
            answer = await self.core.services.async_call(
                DOMAIN,
                action,
                ACTIONS[action](other, number),
                blocking=True,
                context=Context(user_id=asker.id if asker else None),
                return_response=responds,
            )
        except HomeAssistantError as err:
            return f"{err} {err.translation_placeholders}"
        shown = json.dumps(answer)
        if action == "export" and answer:
            shown += await self.core.async_add_executor_job(
                Path(str(answer["path"])).read_text, "utf-8"
            )
        return shown


@pytest.fixture
async def two(
    core: HomeAssistant,
    companion: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    hass_admin_user: User,
    hass_client: Any,
) -> Two:
    """Return two people who have said things of their own."""
    other_user = await core.auth.async_create_user("Berta", group_ids=["system-users"])
    refresh = await core.auth.async_create_refresh_token(
        other_user, "http://example.invalid", credential=None
    )
    token = core.auth.async_create_access_token(refresh)
    admin = Party("alice", hass_admin_user, Card(await hass_ws_client(core)))
    berta = Party("berta", other_user, Card(await hass_ws_client(core, token)))
    store = core.data[HOUSE].store
    assert store is not None
    for party in (admin, berta):
        await party.card.call(type="waifu_rt3d/subscribe")
        for number in range(2):
            await talk(store, party, number)
    clients = {"alice": await hass_client(), "berta": await hass_client(token)}

    async def fetch(url: str) -> str:
        bodies = [await (await client.get(url)).text() for client in clients.values()]
        return " ".join(bodies)

    return Two(core, (admin, berta), fetch)


STEP = st.tuples(
    st.booleans(),
    st.sampled_from([*((True, name) for name in COMMANDS), *((False, name) for name in ACTIONS)]),
    st.integers(0, 59),
)


async def test_nobody_reaches_what_is_anothers(two: Two) -> None:
    """Random operations of one on the other's things: nothing comes back and nothing changes."""
    store = two.core.data[HOUSE].store
    assert store is not None
    loop = asyncio.get_running_loop()

    async def run(steps: list[tuple[bool, tuple[bool, str], int]]) -> None:
        for first, (is_command, name), number in steps:
            asker, other = two.parties if first else two.parties[::-1]
            if is_command:
                shown = await two.by_command(asker, other, name, number)
            else:
                automation = number % 7 == 0
                shown = await two.by_action(None if automation else asker.user, other, name, number)
            assert other.mark not in _without_question(shown, other), (name, number, shown)
        for party in two.parties:
            await _is_whole(store, party)

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(st.lists(STEP, min_size=5, max_size=12))
    def check(steps: list[tuple[bool, tuple[bool, str], int]]) -> None:
        asyncio.run_coroutine_threadsafe(run(steps), loop).result(60)

    await loop.run_in_executor(None, check)
    for party in two.parties:
        stranger = next(one for one in two.parties if one is not party)
        assert stranger.mark not in json.dumps(party.card.envelopes)


@pytest.mark.parametrize("speaker", ["alice", "berta"])
async def test_no_tool_of_a_turn_reaches_what_is_anothers(two: Two, speaker: str) -> None:
    """What a model looks up, keeps or forgets is that of the person it answers."""
    party = next(one for one in two.parties if one.name == speaker)
    other = next(one for one in two.parties if one is not party)
    start = TurnStart(
        turn_id="tools",
        character_id="default",
        session_id=party.sessions[0],
        memory=party.user.id,
        person=Person(user_id=party.user.id, name=party.name),
        audience=Audience(user_ids=frozenset({party.user.id})),
        origin=TurnOrigin.CARD,
    )
    token = current_turn.set(Turn(start, lambda *_: None))
    context = LLMContext(
        platform=DOMAIN, context=Context(), language="en", assistant="conversation", device_id=None
    )

    async def use(tool: Tool, **arguments: str) -> str:
        wanted = ToolInput(tool_name=tool.name, tool_args=arguments)
        return json.dumps((await tool.async_call(two.core, wanted, context)).data)

    try:
        for about in (other.mark, " ".join(WORDS)):
            shown = await use(RecallTool(), about=about)
            assert other.mark not in shown
        assert party.mark in shown
        assert "error" in await use(ForgetTool(), note_id=other.notes[0])
    finally:
        current_turn.reset(token)
    store = two.core.data[HOUSE].store
    assert store is not None
    await _is_whole(store, other)


async def test_owner_sees_their_own(two: Two) -> None:
    """The same questions about one's own things do bring them: the test above can fail."""
    owner = two.parties[0]
    for command in ("session/list", "session/history", "search", "notes/list", "export"):
        assert owner.mark in await two.by_command(owner, owner, command, 1), command
    for action in ("search", "get_notes", "export"):
        assert owner.mark in await two.by_action(owner.user, owner, action, 1), action


def _without_question(shown: str, other: Party) -> str:
    """Return an answer without the asker's own words in an error's sentence."""
    return shown.replace(f'"{other.mark}"', "")


async def _is_whole(store: Store, party: Party) -> None:
    """Hold that everything of a person is as it was."""
    scope = Scope(person=party.user.id)
    shown = [await store.session(scope, one) for one in party.sessions]
    assert [one.title for one in shown] == [f"{party.mark} {WORDS[n]}" for n in range(2)]
    assert not any(one.pinned or one.archived or one.deleted_ms for one in shown)
    assert [one.messages for one in shown] == [2, 2]
    notes = {note.id: note.text for note in await store.notes(scope)}
    assert [notes[one] for one in party.notes] == [f"{party.mark} note {n}" for n in range(2)]
