"""Avatars as users' files, over a real websocket and real HTTP."""

import json
from pathlib import Path
from typing import Any

import aiohttp
from homeassistant.auth.const import GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.waifu_rt3d.cast.avatar_files import async_add_avatar
from custom_components.waifu_rt3d.const import DOMAIN

from .avatars.made import animation, glb, vrm_1
from .cards import Card

GOLDEN = json.loads(
    (Path(__file__).parents[1] / "contract" / "websocket-avatars.json").read_text("utf-8")
)
MODEL = glb(vrm_1())


@pytest.fixture
async def card(
    companion: MockConfigEntry, core: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> Card:
    """Return a subscribed card of an administrator."""
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    return card


async def ask(card: Card, command: str, **fields: Any) -> Any:
    """Ask and return the answer."""
    reply = await card.call(type=f"waifu_rt3d/avatar/{command}", **fields)
    assert reply["success"], reply
    return reply["result"]


async def refused(card: Card, command: str, **fields: Any) -> tuple[str, str]:
    """Ask for what is not given and return code and sentence."""
    reply = await card.call(type=f"waifu_rt3d/avatar/{command}", **fields)
    assert not reply["success"], reply
    assert reply["error"]["translation_domain"] == DOMAIN
    return reply["error"]["code"], reply["error"]["translation_key"]


async def upload(http: Any, data: bytes) -> str:
    """Send a file and return its id."""
    form = aiohttp.FormData()
    form.add_field("file", data, filename="model.vrm")
    sent = await (await http.post("/api/file_upload", data=form)).json()
    return str(sent["file_id"])


async def test_avatar_from_upload_to_card(
    core: HomeAssistant, card: Card, hass_client: ClientSessionGenerator
) -> None:
    """A file is brought, worn, fetched, renamed and deleted, and every card follows."""
    http = await hass_client()
    avatar = await ask(card, "add", file_id=await upload(http, MODEL))
    assert (avatar["name"], avatar["kind"], avatar["licence"]["authors"]) == (
        "Robin",
        "vrm1",
        ["Sam"],
    )
    await ask(card, "choose", character="default", avatar_id=avatar["id"])
    told = await card.until("characters")
    assert told["data"]["characters"][0]["avatar_url"] == avatar["url"]
    assert (await ask(card, "list"))["avatars"][-1]["worn_by"] == ["default"]

    response = await http.get(avatar["url"])
    assert await response.read() == MODEL
    assert response.headers["X-Content-Type-Options"] == "nosniff"

    renamed = await ask(card, "rename", avatar_id=avatar["id"], name="Sparrow")
    assert renamed["name"] == "Sparrow"
    await ask(card, "delete", avatar_id=avatar["id"])
    assert (await http.get(avatar["url"])).status == 404
    reply = await card.call(type="waifu_rt3d/characters")
    assert reply["result"][0]["avatar_url"] == "/waifu_rt3d/avatars/companion.vrm"
    assert not list(Path(core.config.path(DOMAIN, "avatars")).iterdir())


async def test_file_is_for_people_who_are_logged_in(
    core: HomeAssistant,
    card: Card,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """Without a login there is nothing; a signed address is enough."""
    avatar = await async_add_avatar(core, MODEL, name="Robin")
    path = f"/api/waifu_rt3d/avatar/{avatar.id}"
    nobody = await hass_client_no_auth()
    assert (await nobody.get(path)).status == 401
    signed = await card.call(type="auth/sign_path", path=path)
    assert await (await nobody.get(signed["result"]["path"])).read() == MODEL
    http = await hass_client()
    for other in ("nothing", "..%2Fsecrets.yaml", "%2e%2e%2f.storage%2fauth"):
        assert (await http.get(f"/api/waifu_rt3d/avatar/{other}")).status in (400, 404)


async def test_broken_file_is_not_stored(
    core: HomeAssistant, card: Card, hass_client: ClientSessionGenerator
) -> None:
    """It gets its sentence and is gone."""
    http = await hass_client()
    file_id = await upload(http, MODEL[:-4])
    assert await refused(card, "add", file_id=file_id) == ("home_assistant_error", "avatar_broken")
    assert await refused(card, "add", file_id=file_id) == (
        "home_assistant_error",
        "upload_missing",
    )
    assert not Path(core.config.path(DOMAIN, "avatars")).exists()


async def test_only_the_allowed_change_avatars(
    core: HomeAssistant,
    companion: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    hass_access_token: str,
    hass_admin_user: MockUser,
) -> None:
    """Everybody sees them; administrators change them, others where the owner allows it."""
    avatar = await async_add_avatar(core, MODEL)
    group = await core.auth.async_get_group(GROUP_ID_USER)
    assert group is not None
    hass_admin_user.groups = [group]
    card = Card(await hass_ws_client(core, hass_access_token))
    listed = await ask(card, "list")
    assert (len(listed["avatars"]), listed["may_change"]) == (4, False)
    wishes: list[tuple[str, dict[str, Any]]] = [
        ("add", {"file_id": "x"}),
        ("rename", {"avatar_id": avatar.id, "name": "x"}),
        ("choose", {"character": "default", "avatar_id": avatar.id}),
        ("delete", {"avatar_id": avatar.id}),
    ]
    for command, fields in wishes:
        assert await refused(card, command, **fields) == ("unauthorized", "avatar_not_allowed")

    form = await core.config_entries.options.async_init(companion.entry_id)
    done = await core.config_entries.options.async_configure(
        form["flow_id"], {"avatars_by_everybody": True}
    )
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert (await ask(card, "list"))["may_change"]
    await ask(card, "rename", avatar_id=avatar.id, name="Sparrow")

    guests = await core.auth.async_get_group(GROUP_ID_READ_ONLY)
    assert guests is not None
    hass_admin_user.groups = [guests]
    assert (await refused(card, "delete", avatar_id=avatar.id))[0] == "unauthorized"


async def test_choice_and_colours_are_kept_with_the_character(
    core: HomeAssistant, companion: MockConfigEntry, card: Card
) -> None:
    """Either can be changed alone; what is no figure can't be worn."""
    await ask(card, "choose", character="default", avatar_id="spirit")
    await ask(card, "choose", character="default", colours={"hair": "#aa3344"})
    await core.async_block_till_done()
    (character,) = (await card.call(type="waifu_rt3d/characters"))["result"]
    assert character["avatar_url"] == "/waifu_rt3d/avatars/spirit.vrm"
    assert character["avatar_colours"] == {"hair": "#aa3344"}

    moves = await async_add_avatar(core, glb(animation()), name="Dance")
    for avatar_id in (moves.id, "nobody"):
        wish = {"character": "default", "avatar_id": avatar_id}
        assert await refused(card, "choose", **wish) == ("not_found", "avatar_not_found")
    assert (await refused(card, "choose", character="nobody", avatar_id="spirit"))[1] == (
        "avatar_no_character"
    )
    reply = await card.call(
        type="waifu_rt3d/avatar/choose", character="default", colours={"hair": "red"}
    )
    assert reply["error"]["code"] == "invalid_format"


async def test_brought_animation_is_performed_by_its_name(core: HomeAssistant, card: Card) -> None:
    """An automation names it; the card gets its id."""
    moves = await async_add_avatar(core, glb(animation()), name="Slow Dance")
    await core.services.async_call(DOMAIN, "perform", {"gesture": "slow dance"}, blocking=True)
    shown = await card.until("perform")
    assert [cue["name"] for cue in shown["data"]["cues"]] == [moves.id]


async def test_figure_is_chosen_in_the_form(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """The character's form offers ours and the users' figures, and takes no other."""
    avatar = await async_add_avatar(core, MODEL)
    (subentry_id,) = companion.subentries
    form = await core.config_entries.subentries.async_init(
        (companion.entry_id, "character"),
        context={"source": "reconfigure", "subentry_id": subentry_id},
    )
    fields = {str(key): field for key, field in form["data_schema"].schema.items()}
    offered = [option["value"] for option in fields["avatar"].config["options"]]
    assert offered == ["companion", "steward", "spirit", avatar.id]
    wish = {"name": "Mira", "model": companion.subentries[subentry_id].data["model"]}
    await core.config_entries.subentries.async_configure(
        form["flow_id"], {**wish, "avatar": avatar.id}
    )
    assert companion.subentries[subentry_id].data["avatar"] == avatar.id


async def test_commands_are_as_the_contract_says(
    core: HomeAssistant, card: Card, hass_client: ClientSessionGenerator
) -> None:
    """Every command of the golden file is taken, its answer has the shape written there."""
    http = await hass_client()
    file_id = await upload(http, MODEL)
    avatar_id = ""
    for example in sorted(GOLDEN["commands"], key=lambda one: one["type"].endswith("/list")):
        fields = {**example, "file_id": file_id, "avatar_id": avatar_id}
        reply = await card.call(**{name: fields[name] for name in example})
        if example["type"].endswith("/delete"):
            assert reply["result"] == {}
            continue
        assert reply["success"], reply
        avatar_id = reply["result"].get("id", avatar_id)
        known = GOLDEN["results"].get(example["type"], GOLDEN["results"]["waifu_rt3d/avatar/add"])
        assert reply["result"].keys() == known.keys()
    listed = await ask(card, "list")
    assert listed["avatars"][0] == {
        **GOLDEN["results"]["waifu_rt3d/avatar/list"]["avatars"][0],
        "worn_by": listed["avatars"][0]["worn_by"],
    }
