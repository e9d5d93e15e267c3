"""The blueprints and examples of docs/automations.md, in a real Home Assistant."""

from pathlib import Path
import re
import shutil
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.automation.config import async_validate_config_item
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from .cards import Card

DOCS = Path(__file__).parents[2] / "docs"
MIRA = "conversation.mira"


@pytest.fixture
async def card(
    core: HomeAssistant, companion: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> Card:
    """Return a subscribed card in a house with our blueprints."""
    for domain in ("automation", "script"):
        folder = Path(core.config.path("blueprints", domain, "waifu_rt3d"))
        folder.mkdir(parents=True, exist_ok=True)
        for path in (DOCS / "blueprints").glob("*.yaml"):
            shutil.copy(path, folder)
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    return card


ADDRESS = "https://github.com/WestonGFX/waifu-rt3d/blob/main/docs/blueprints"
RAW = "https://raw.githubusercontent.com/WestonGFX/waifu-rt3d/main/docs/blueprints"
BLUEPRINTS = sorted((DOCS / "blueprints").glob("*.yaml"))


@pytest.mark.parametrize("path", BLUEPRINTS, ids=lambda path: path.stem)
async def test_blueprint_is_imported_by_its_address(
    core: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    aioclient_mock: AiohttpClientMocker,
    path: Path,
) -> None:
    """Home Assistant takes it from its address on GitHub, finds nothing wrong, and can fetch it again."""
    address = f"{ADDRESS}/{path.name}"
    aioclient_mock.get(f"{RAW}/{path.name}", text=path.read_text("utf-8"))
    for domain in ("automation", "script"):
        assert await async_setup_component(core, domain, {})
    client = await hass_ws_client(core)
    await client.send_json_auto_id({"type": "blueprint/import", "url": address})
    imported = (await client.receive_json())["result"]
    assert imported["validation_errors"] is None
    assert imported["suggested_filename"] == f"WestonGFX/{path.stem}"
    told = imported["blueprint"]["metadata"]
    assert told["source_url"] == address
    assert all(each["name"] and each["description"] for each in told["input"].values())
    save = {
        "type": "blueprint/save",
        "domain": told["domain"],
        "path": imported["suggested_filename"],
        "yaml": imported["raw_data"],
        "source_url": address,
    }
    await client.send_json_auto_id(save)
    assert (await client.receive_json())["success"]


async def use(core: HomeAssistant, name: str, inputs: dict[str, Any]) -> None:
    """Set an automation up that is made of a blueprint."""
    made = {"use_blueprint": {"path": f"waifu_rt3d/{name}.yaml", "input": inputs}}
    assert await async_setup_component(core, "automation", {"automation": [{"id": name, **made}]})
    await core.async_block_till_done()
    assert core.states.async_entity_ids("automation"), "Home Assistant refused the blueprint"


async def said(card: Card) -> str:
    """Return the words of the next turn that is whole."""
    await card.until("timeline", final=True)
    return "".join(data["display"] for data in card.of("text"))


async def test_good_morning_greets_once_a_day(
    core: HomeAssistant, card: Card, freezer: FrozenDateTimeFactory
) -> None:
    """The first motion in the morning is greeted with the weather; the second is not."""
    await core.config.async_set_time_zone("UTC")
    freezer.move_to("2026-11-20 07:00:00+00:00")
    core.states.async_set("weather.home", "sunny", {"temperature": 4.6})
    core.states.async_set("binary_sensor.hall", "off")
    spoken: list[ServiceCall] = []
    room = {"room": "assist_satellite.hall", "weather": "weather.home", "character": MIRA}
    await use(core, "good_morning", {"motion": "binary_sensor.hall", **room})
    core.services.async_register("waifu_rt3d", "say", spoken.append)  # there is no satellite here
    for state in ("on", "off", "on"):
        core.states.async_set("binary_sensor.hall", state)
        await core.async_block_till_done()
    (call,) = spoken
    assert call.data["rooms"] == ["assist_satellite.hall"]
    assert "Good morning!" in call.data["message"]
    assert "It is 5 degrees outside." in call.data["message"]


async def test_doorbell_points_and_says_so(core: HomeAssistant, card: Card) -> None:
    """The bell gives a gesture at once, then the words."""
    core.states.async_set("binary_sensor.bell", "off")
    await use(core, "doorbell", {"doorbell": "binary_sensor.bell", "character": MIRA})
    core.states.async_set("binary_sensor.bell", "on")
    await core.async_block_till_done()
    assert "Somebody is at the door." in await said(card)
    names = {cue["name"] for data in card.of("perform") for cue in data["cues"]}
    assert {"surprised", "point_right"} <= names


async def test_bedtime_story_is_told_and_ends_in_sleep(core: HomeAssistant, card: Card) -> None:
    """A story of the character's model is said in the room, and she goes to sleep."""
    core.states.async_set("input_boolean.story", "off")
    spoken: list[ServiceCall] = []
    inputs = {"start": "input_boolean.story", "room": "assist_satellite.bed", "character": MIRA}
    await use(core, "bedtime_story", inputs)
    core.services.async_register("waifu_rt3d", "say", spoken.append)
    core.states.async_set("input_boolean.story", "on")
    await core.async_block_till_done(wait_background_tasks=True)
    assert "Here I am." in spoken[0].data["message"]
    state = core.states.get("sensor.mira_state")
    assert state is not None
    assert state.state == "asleep"


async def test_announcement_is_said_by_the_script(core: HomeAssistant, card: Card) -> None:
    """A script of the blueprint says what it is given."""
    inputs = {"character": MIRA, "reword": False}
    made = {"use_blueprint": {"path": "waifu_rt3d/announce_in_character.yaml", "input": inputs}}
    assert await async_setup_component(core, "script", {"script": {"announce": made}})
    await core.services.async_call(
        "script", "announce", {"message": "Dinner is ready."}, blocking=True
    )
    assert "Dinner is ready." in await said(card)


async def test_examples_are_taken_by_home_assistant(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """Every example of the page is valid where automations are checked."""
    blocks = re.findall(
        r"```yaml\n(.*?)```", (DOCS / "automations.md").read_text("utf-8"), re.DOTALL
    )
    assert len(blocks) > 1
    assert await async_setup_component(core, "automation", {})
    for number, block in enumerate(blocks):
        example = parse_yaml(block)
        assert isinstance(example, dict)
        whole = {"alias": "x", "triggers": [], **example}
        checked = await async_validate_config_item(core, str(number), whole)
        assert checked is not None
        assert checked.validation_status.name == "OK", checked.validation_error
