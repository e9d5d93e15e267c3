"""Diagnostics help to find a fault and hold no secret."""

import json

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from .conftest import PAIRING_KEY


async def test_no_secret_leaves_the_house(
    core: HomeAssistant,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """The pairing key and the address are not in them, the engine's abilities are."""
    assert await async_setup_component(core, "diagnostics", {})
    found = await get_diagnostics_for_config_entry(core, hass_client, speech)
    assert PAIRING_KEY not in json.dumps(found)
    assert "127.0.0.1" not in json.dumps(found)
    assert found["server"]["speech_marks"] is True
    assert found["characters"][0]["has_pipeline"] is True
