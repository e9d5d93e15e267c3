"""What the tests of rooms share."""

import asyncio
from collections.abc import Callable

from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import async_track_state_change_event
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.waifu_rt3d.const import DOMAIN

from ..conftest import PAIRING_KEY

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
