"""The tables of docs/security.md, walked against a real Home Assistant and real servers."""

from collections.abc import Iterator
from http import HTTPStatus
import json
from pathlib import Path
import re
from typing import Any

from aiohttp import WSMsgType
from homeassistant.auth.const import GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.auth.models import User
from homeassistant.components.websocket_api.const import DOMAIN as WEBSOCKET
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.waifu_rt3d.const import DOMAIN
from custom_components.waifu_rt3d.remembering.exchange_files import async_offer_bytes
from custom_components.waifu_rt3d.voice.connection import WireError, describe
from custom_components.waifu_rt3d.voice.pairing import parse_key

from .cards import Card
from .conftest import PAIRING_KEY
from .test_private_rights import ACTIONS, COMMANDS

TABLES = Path(__file__).parents[2] / "docs" / "security.md"
CONTRACTS = Path(__file__).parents[1] / "contract"
REFUSED = {"unauthorized", "not_allowed"}
WRONG_KEY = "BAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AA"
SAMPLES: dict[str, dict[str, Any]] = {
    "rename_session": {"session_id": "none", "title": "x"},
    "remember": {"text": "x"},
    "import": {"path": "none.json"},
    "restore": {"path": "none.zip"},
    "delete_everything_about_me": {"confirm": True},
    "say": {"message": "x"},
    "ask": {"question": "x", "room": "assist_satellite.none"},
    "perform": {"gesture": "wave"},
    "look_at": {"direction": "left"},
    "import_character": {"path": "none.png"},
    "export_character": {"path": "none.png"},
    "import_lorebook": {"path": "none.json"},
}

type Row = dict[str, str]


def table(heading: str) -> dict[str, Row]:
    """Return a table of the page: what a row is about, and what each kind of caller may."""
    section = TABLES.read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {cell[0].strip("`"): dict(zip(cells[0], cell, strict=True)) for cell in cells[2:]}


def messages() -> Iterator[dict[str, Any]]:
    """Yield a message for each command, as the contracts show it, about things that are not there."""
    yield from ({"type": f"{DOMAIN}/{name}"} for name in ("touch", "preflight"))
    for path in CONTRACTS.glob("websocket*.json"):
        for message in json.loads(path.read_text("utf-8"))["commands"]:
            if isinstance(message.get("message_id"), str):
                message["message_id"] = 987_654
            yield message


@pytest.fixture
async def users(core: HomeAssistant, hass_admin_user: User) -> dict[str, tuple[User, str]]:
    """Return one user of each kind with an access token."""
    found = {"admin": hass_admin_user}
    for kind, group in (("guest", GROUP_ID_READ_ONLY), ("user", GROUP_ID_USER)):
        found[kind] = await core.auth.async_create_user(kind, group_ids=[group])
    return {kind: (user, await token_of(core, user)) for kind, user in found.items()}


async def token_of(core: HomeAssistant, user: User) -> str:
    """Return an access token."""
    refresh = await core.auth.async_create_refresh_token(user, "http://example.invalid")
    return core.auth.async_create_access_token(refresh)


def test_every_command_and_action_is_in_the_table(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """What is not in the table is not allowed to be there."""
    commands = {name for name in core.data[WEBSOCKET] if name.startswith(f"{DOMAIN}/")}
    assert {f"{DOMAIN}/{name}" for name in table("Commands of the websocket")} == commands
    assert set(table("Actions")) == set(core.services.async_services_for_domain(DOMAIN))


@pytest.mark.parametrize("kind", ["guest", "user", "admin"])
async def test_commands(
    core: HomeAssistant,
    companion: MockConfigEntry,
    users: dict[str, tuple[User, str]],
    hass_ws_client: WebSocketGenerator,
    kind: str,
) -> None:
    """Each command answers or refuses each kind of login as the table says."""
    card = Card(await hass_ws_client(core, users[kind][1]))
    asked = {message["type"].removeprefix(f"{DOMAIN}/"): message for message in messages()}
    rows = table("Commands of the websocket")
    assert asked.keys() == rows.keys()
    for command, row in rows.items():
        reply = await card.call(**asked[command])
        code = reply.get("error", {}).get("code", "")
        assert code not in {"invalid_format", "unknown_command", "unknown_error"}, (command, reply)
        refused = row[kind] in {"no", "if allowed"}
        assert (code in REFUSED) == refused, (command, reply)


@pytest.mark.parametrize("expected_lingering_timers", [True])
async def test_commands_without_a_login(
    core: HomeAssistant, companion: MockConfigEntry, hass_client_no_auth: Any
) -> None:
    """Nobody gets an answer before the login, or with a wrong one.

    Core's own sockets leave a heartbeat behind where they end so early.
    """
    client = await hass_client_no_auth()
    asked = {message["type"].removeprefix(f"{DOMAIN}/"): message for message in messages()}
    for command, row in table("Commands of the websocket").items():
        wrong = {"type": "auth", "access_token": "wrong"}
        for kind, first in (("no login", {**asked[command], "id": 1}), ("wrong login", wrong)):
            async with client.ws_connect("/api/websocket") as socket:
                assert (await socket.receive_json())["type"] == "auth_required"
                await socket.send_json(first)
                assert (await socket.receive_json())["type"] == "auth_invalid", command
                assert (await socket.receive()).type in {WSMsgType.CLOSE, WSMsgType.CLOSED}
            assert row[kind] == "no"


@pytest.mark.parametrize("kind", ["guest", "user", "admin"])
async def test_actions(
    core: HomeAssistant,
    companion: MockConfigEntry,
    users: dict[str, tuple[User, str]],
    kind: str,
) -> None:
    """Each action is done or refused for each kind of login as the table says."""
    for action, row in table("Actions").items():
        refused = False
        try:
            await core.services.async_call(
                DOMAIN,
                action,
                SAMPLES.get(action) or sample(core, action),
                blocking=True,
                context=Context(user_id=users[kind][0].id),
                return_response=core.services.supports_response(DOMAIN, action).value != "none",
            )
        except Unauthorized:
            refused = True
        except HomeAssistantError:
            pass  # there is no such thing; it was not refused
        assert refused == (row[kind] == "no"), action


def sample(core: HomeAssistant, action: str) -> dict[str, Any]:
    """Return data about things that are not there, as the action's schema wants them."""
    schema = core.services.async_services_for_domain(DOMAIN)[action].schema
    wanted = {str(key) for key in schema.schema if type(key).__name__ == "Required"}
    made = {"session_id": "none", "message_id": 987_654, "note_id": "none", "words": "x"}
    made |= {"conversation_id": "none", "path": "none.json", "title": "x", "text": "x"}
    return {key: made[key] for key in wanted}


def test_what_is_anothers_is_tried(core: HomeAssistant, companion: MockConfigEntry) -> None:
    """Every row with another's things is among the operations that are tried at random on them."""
    here = {"message/speak", "session/tree", "turn/cancel", "turn/played"}
    commands = {
        n for n, row in table("Commands of the websocket").items() if row["another's"] == "no"
    }
    assert commands <= COMMANDS.keys() | here
    actions = {name for name, row in table("Actions").items() if row["another's"] == "no"}
    assert actions <= ACTIONS.keys()


async def test_guest_follows_no_room(
    core: HomeAssistant,
    companion: MockConfigEntry,
    users: dict[str, tuple[User, str]],
    hass_ws_client: WebSocketGenerator,
) -> None:
    """What is said to the household reaches who lives here; a guest sees the body only."""
    cards = {}
    for kind in ("guest", "user"):
        cards[kind] = Card(await hass_ws_client(core, users[kind][1]))
        await cards[kind].call(type=f"{DOMAIN}/subscribe")
    await core.services.async_call(DOMAIN, "say", {"message": "Secret soup"}, blocking=True)
    await core.services.async_call(DOMAIN, "perform", {"gesture": "wave"}, blocking=True)
    for card in cards.values():
        await card.until("perform")
    assert "Secret soup" in json.dumps(cards["user"].envelopes)
    assert {one["kind"] for one in cards["guest"].envelopes} <= {"perform", "characters"}


async def test_pages_over_http(
    core: HomeAssistant,
    companion: MockConfigEntry,
    users: dict[str, tuple[User, str]],
    hass_client: Any,
    hass_client_no_auth: Any,
) -> None:
    """Files go to those of the table, with and without a login, and to no other."""
    offered = {}
    for kind, (user, _token) in users.items():
        made = await async_offer_bytes(core, user.id, kind.encode(), name="x.txt")
        offered[kind] = made.url.split("?", maxsplit=1)[0]
    rows = table("Pages and files over HTTP")
    clients = {kind: await hass_client(token) for kind, (_user, token) in users.items()}
    nobody = await hass_client_no_auth()
    public, avatar, export = rows.values()
    bad = {"Authorization": "Bearer wrong"}
    for headers, kind in (({}, "no login"), (bad, "wrong login")):
        for row, url in ((avatar, "/api/waifu_rt3d/avatar/none"), (export, offered["admin"])):
            reply = await nobody.get(url, headers=headers)
            assert row[kind] == "no"
            assert reply.status == HTTPStatus.UNAUTHORIZED
        assert public[kind] == "yes"
        reply = await nobody.get("/waifu_rt3d/avatars/companion.vrm", headers=headers)
        assert reply.status == HTTPStatus.OK
    for kind, client in clients.items():
        reply = await client.get("/api/waifu_rt3d/avatar/none")
        assert reply.status == HTTPStatus.NOT_FOUND
        assert await (await client.get(offered[kind])).text() == kind
        for other in users.keys() - {kind}:
            assert (await client.get(offered[other])).status == HTTPStatus.NOT_FOUND


async def test_ports(speech_port: int) -> None:
    """A port answers its own key, and nothing else."""
    row = table("Ports")["speech server, 10720"]
    for column, key in (("no key", None), ("wrong key", WRONG_KEY), ("right key", PAIRING_KEY)):
        try:
            answered = bool(await describe("127.0.0.1", speech_port, key and parse_key(key)))
        except WireError:
            answered = False
        assert answered == (row[column] == "yes"), column


def test_page_has_only_words_that_it_explains() -> None:
    """Every cell is one of the words above the tables."""
    text = TABLES.read_text("utf-8")
    for heading in ("Commands of the websocket", "Actions", "Pages and files over HTTP"):
        for row in table(heading).values():
            assert set(list(row.values())[1:]) <= {"yes", "no", "own", "nothing", "if allowed", "–"}
    assert re.search(r"`if allowed` refused unless", text)
