"""Characters notice the house."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.waifu_rt3d.cast.presence import PRESENCE, Doing

from .cards import Card


@pytest.fixture
async def card(
    companion: MockConfigEntry, core: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> Card:
    """Return a subscribed card."""
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    return card


async def choose(core: HomeAssistant, companion: MockConfigEntry, **options: Any) -> None:
    """Set the options by their form."""
    form = await core.config_entries.options.async_init(companion.entry_id)
    await core.config_entries.options.async_configure(form["flow_id"], options)
    await core.async_block_till_done()


async def shown(core: HomeAssistant, card: Card) -> list[list[str]]:
    """Return what was shown, cue by cue."""
    await core.async_block_till_done()
    await card.call(type="waifu_rt3d/clock")
    return [[cue["name"] for cue in data["cues"]] for data in card.of("perform")]


async def test_a_light_is_noticed_once_a_minute(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, freezer: FrozenDateTimeFactory
) -> None:
    """Only picked entities, at most one a minute, none in quiet hours."""
    await choose(core, companion, notices=["light.desk"])
    for state in ("off", "on", "off"):
        core.states.async_set("light.desk", state)
        core.states.async_set("light.other", state)
    assert await shown(core, card) == [["up"]]
    assert card.of("perform")[0]["cues"][0]["hold_ms"] <= 2000
    freezer.tick(61)
    core.states.async_set("light.desk", "on")
    assert await shown(core, card) == [["up"], ["up"]]

    now = dt_util.now()
    quiet = {"quiet_from": f"{now - timedelta(hours=1):%H:%M:%S}"}
    quiet["quiet_until"] = f"{now + timedelta(hours=1):%H:%M:%S}"
    await choose(core, companion, notices=["light.desk"], **quiet)
    freezer.tick(61)
    core.states.async_set("light.desk", "off")
    assert len(await shown(core, card)) == 2

    await choose(core, companion)
    freezer.tick(61)
    core.states.async_set("light.desk", "on")
    assert len(await shown(core, card)) == 2


async def test_sleep_when_nobody_is_there(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, freezer: FrozenDateTimeFactory
) -> None:
    """After minutes of absence characters sleep; they wake when somebody comes."""
    core.states.async_set("binary_sensor.motion", "on")
    await choose(core, companion, watched=["binary_sensor.motion"], sleep_after_min=5)
    presence = core.data[PRESENCE]

    async def later(minutes: float) -> Doing:
        freezer.tick(timedelta(minutes=minutes))
        async_fire_time_changed(core)
        await core.async_block_till_done()
        return presence.doing("default")

    core.states.async_set("binary_sensor.motion", "off")
    await core.async_block_till_done()
    assert await later(4) is Doing.IDLE
    assert await later(2) is Doing.ASLEEP
    core.states.async_set("binary_sensor.motion", "on")
    assert await later(0) is Doing.IDLE
    core.states.async_set("binary_sensor.motion", "off")
    await core.async_block_till_done()
    core.states.async_set("binary_sensor.motion", "on")
    assert await later(9) is Doing.IDLE
