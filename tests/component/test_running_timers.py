"""The timers of the rooms on a card."""

from homeassistant.components.intent import async_register_timer_handler
from homeassistant.components.intent.const import TIMER_DATA
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar, device_registry as dr
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from .cards import Card


@pytest.fixture
async def device_id(core: HomeAssistant, companion: MockConfigEntry) -> str:
    """Return a device in the kitchen that can keep timers."""
    assert await async_setup_component(core, "intent", {})
    kitchen = ar.async_get(core).async_create("Kitchen")
    registry = dr.async_get(core)
    device = registry.async_get_or_create(
        config_entry_id=companion.entry_id, identifiers={("test", "clock")}
    )
    registry.async_update_device(device.id, area_id=kitchen.id)
    async_register_timer_handler(core, device.id, lambda _kind, _timer: None)
    return device.id


def start(hass: HomeAssistant, device_id: str, seconds: int, name: str) -> str:
    """Start a timer and return its id."""
    timer_id: str = hass.data[TIMER_DATA].start_timer(
        device_id, hours=None, minutes=None, seconds=seconds, language="en", name=name
    )
    return timer_id


async def test_timers_are_shown_with_their_rooms_and_stopped(
    core: HomeAssistant, device_id: str, hass_ws_client: WebSocketGenerator
) -> None:
    """The next to ring comes first; one that was stopped is gone, also when it is stopped twice."""
    start(core, device_id, 600, "pasta")
    pizza = start(core, device_id, 300, "pizza")
    card = Card(await hass_ws_client(core))
    timers = (await card.call(type="waifu_rt3d/timers"))["result"]["timers"]
    assert [timer["name"] for timer in timers] == ["pizza", "pasta"]
    assert timers[0] | {"seconds_left": 300} == {
        "id": pizza,
        "name": "pizza",
        "seconds": 300,
        "seconds_left": 300,
        "is_active": True,
        "area": "kitchen",
    }
    for _ in range(2):
        assert (await card.call(type="waifu_rt3d/timers/stop", timer_id=pizza))["success"]
    timers = (await card.call(type="waifu_rt3d/timers"))["result"]["timers"]
    assert [timer["name"] for timer in timers] == ["pasta"]


async def test_guest_sees_and_stops_no_timer(
    core: HomeAssistant,
    device_id: str,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
) -> None:
    """Who does not live here sees nothing of the rooms, and can't stop what runs there."""
    pizza = start(core, device_id, 300, "pizza")
    card = Card(await hass_ws_client(core, hass_read_only_access_token))
    assert (await card.call(type="waifu_rt3d/timers"))["result"] == {"timers": []}
    await card.call(type="waifu_rt3d/timers/stop", timer_id=pizza)
    assert pizza in core.data[TIMER_DATA].timers
