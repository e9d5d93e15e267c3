"""The timers of the rooms on a card."""

from homeassistant.components.intent import async_register_timer_handler
from homeassistant.components.intent.const import TIMER_DATA
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar, device_registry as dr, entity_registry as er
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


async def test_timer_that_is_typed_into_a_card_runs_and_is_told_in_the_same_talk(
    core: HomeAssistant, companion: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    """A card has no device of its own: the character keeps its timer and says when it is over."""
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    await card.call(type="waifu_rt3d/turn/start", text="set a 1 second timer named pizza")
    await card.until("turn", state="heard")
    asked = card.of("turn")[-1]
    del card.envelopes[:]

    told = await card.until("turn", state="thinking")
    assert told["data"]["session_id"] == asked["session_id"]
    assert told["data"]["person"] == asked["person"]
    heard = await card.until("text")
    assert heard["data"]["speech"].startswith("Pizza! ")
    await card.until("turn", state="heard")
    assert (await card.call(type="waifu_rt3d/timers"))["result"] == {"timers": []}


async def test_timer_of_a_card_is_stopped_by_word_and_by_touch(
    core: HomeAssistant, companion: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    """Both ends are the same timer, and a stopped one says nothing."""
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    for text in ("set a timer for 5 minutes", "cancel my timer"):
        await card.call(type="waifu_rt3d/turn/start", text=text)
        await card.until("text")
        del card.envelopes[:]
    assert (await card.call(type="waifu_rt3d/timers"))["result"] == {"timers": []}

    await card.call(type="waifu_rt3d/turn/start", text="set a timer for 5 minutes")
    await card.until("text")
    [timer] = (await card.call(type="waifu_rt3d/timers"))["result"]["timers"]
    assert timer["seconds"] == 300
    await card.call(type="waifu_rt3d/timers/stop", timer_id=timer["id"])
    assert (await card.call(type="waifu_rt3d/timers"))["result"] == {"timers": []}


async def test_timer_of_a_card_in_a_room_rings_at_the_satellite_of_that_room(
    core: HomeAssistant,
    companion: MockConfigEntry,
    device_id: str,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Who hangs in the kitchen has a loudspeaker there, which keeps the timer."""
    er.async_get(core).async_get_or_create(
        "assist_satellite", "test", "clock", device_id=device_id, suggested_object_id="kitchen"
    )
    core.states.async_set("assist_satellite.kitchen", "idle")
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    for area, seconds in (("kitchen", 90), (None, 60)):
        place = {"area": area} if area else {}
        text = f"set a timer for {seconds} seconds"
        await card.call(type="waifu_rt3d/turn/start", text=text, **place)
        await card.until("text")
        del card.envelopes[:]
    timers = {timer.seconds: timer.device_id for timer in core.data[TIMER_DATA].timers.values()}
    assert timers.pop(90) == device_id
    assert list(timers) == [60]
    assert timers[60] != device_id


async def test_timer_rings_in_the_rooms_when_the_card_is_gone(
    core: HomeAssistant, companion: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    """A page that was closed takes no timer with it: whoever listens in the house hears of it."""
    card, other = Card(await hass_ws_client(core)), Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    await card.call(type="waifu_rt3d/turn/start", text="set a timer for 1 second")
    await card.until("turn", state="heard")
    await card.client.close()
    await other.call(type="waifu_rt3d/subscribe", after_seq=card.envelopes[-1]["seq"])
    told = await other.until("turn", state="heard")
    assert told["data"]["person"] is not None
    assert other.of("text")[0]["speech"]
