"""What the tests of rooms share."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import async_track_state_change_event
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.waifu_rt3d.const import DOMAIN

from ..conftest import PAIRING_KEY
from ..processes import free_port, satellite

SATELLITE = "assist_satellite.kitchen"


def room_entry(port: int, name: str = "Kitchen", **options: object) -> MockConfigEntry:
    """Return the entry of a satellite on this machine."""
    return MockConfigEntry(
        domain=DOMAIN,
        unique_id=f"satellite-{name.lower()}",
        title=name,
        options=options,
        data={
            "kind": "satellite",
            "host": "127.0.0.1",
            "port": port,
            "pairing_key": PAIRING_KEY,
        },
    )


@asynccontextmanager
async def room_in(
    core: HomeAssistant, folder: Path, *arguments: str
) -> AsyncGenerator[MockConfigEntry]:
    """Give the entry of a room that is set up, with a real satellite that keeps its files in a folder."""
    port = free_port()
    async with satellite(port, folder, None, "--pairing-key", PAIRING_KEY, *arguments):
        entry = room_entry(port)
        entry.add_to_hass(core)
        assert await core.config_entries.async_setup(entry.entry_id)
        yield entry
        await core.config_entries.async_unload(entry.entry_id)
        await core.async_block_till_done(wait_background_tasks=True)


async def async_until(check: Callable[[], bool], limit_s: float = 60.0) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(limit_s):
        while not check():
            await asyncio.sleep(0.02)


def states_from_now(hass: HomeAssistant, entity_id: str) -> list[str]:
    """Return a list that grows by each new state: a short one is over before anybody looks."""
    states: list[str] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        if (new := event.data["new_state"]) is not None:
            states.append(new.state)

    async_track_state_change_event(hass, entity_id, note)
    return states
