"""Diagnostics help to find a fault and hold no secret."""

import json
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from .conftest import PAIRING_KEY
from .processes import free_port, satellite
from .room.rooms import async_until, room_entry


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


async def test_satellite_is_told_without_the_names_in_its_room(
    core: HomeAssistant,
    companion: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    tmp_path: Path,
    socket_enabled: None,
) -> None:
    """How it is, what it could listen for and by which engine; not the words, which may be names."""
    assert await async_setup_component(core, "diagnostics", {})
    port = free_port()
    async with satellite(port, tmp_path, None, "--pairing-key", PAIRING_KEY):
        entry = room_entry(port)
        entry.add_to_hass(core)
        assert await core.config_entries.async_setup(entry.entry_id)
        room = entry.runtime_data.room
        await async_until(lambda: len(room.wake_words) > 0)
        found = await get_diagnostics_for_config_entry(core, hass_client, entry)
        assert found["state"] == "loaded"
        assert found["satellite"]["connected"] is True
        assert found["satellite"]["settings"]["muted"] is False
        assert len(found["satellite"]["wake_words"]) == len(room.wake_words)
        told = json.dumps(found)
        assert not [word for word in room.wake_words if word.phrase in told or word.name in told]
        assert PAIRING_KEY not in told
        assert "127.0.0.1" not in told
        await core.config_entries.async_unload(entry.entry_id)
        # Who can't be set up is asked about most.
        found = await get_diagnostics_for_config_entry(core, hass_client, entry)
        assert found["state"] == "not_loaded"
        assert "satellite" not in found
        await core.async_block_till_done(wait_background_tasks=True)
