"""One character has one body."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from .agents import HeldAgent
from .cards import Card


@pytest.fixture
async def card(
    core: HomeAssistant, companion: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> Card:
    """Return a subscribed card in a house with a kitchen."""
    ar.async_get(core).async_create("Kitchen")
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    return card


async def test_turn_tells_in_which_room_it_is_held(card: Card) -> None:
    """Every card learns where she is spoken to."""
    await card.call(type="waifu_rt3d/turn/start", text="Hello", speak=False, area="kitchen")
    assert (await card.until("turn"))["data"]["area"] == "kitchen"


async def test_character_is_called_into_a_room(card: Card) -> None:
    """All cards are told, so that she walks off the others."""
    assert (await card.call(type="waifu_rt3d/come", character="default", area="kitchen"))["success"]
    performed = await card.until("perform")
    assert performed["data"] == {"character": "default", "cues": [], "area": "kitchen"}


@pytest.mark.parametrize(("character", "area"), [("nobody", "kitchen"), ("default", "the moon")])
async def test_nobody_goes_nowhere(card: Card, character: str, area: str) -> None:
    """A character or a room that is not there is refused."""
    reply = await card.call(type="waifu_rt3d/come", character=character, area=area)
    assert reply["error"]["code"] == "not_found"


async def test_guest_calls_nobody_away(
    core: HomeAssistant,
    card: Card,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
) -> None:
    """Who does not live here moves nobody; the house stays as it is."""
    guest = Card(await hass_ws_client(core, hass_read_only_access_token))
    assert (await guest.call(type="waifu_rt3d/come", character="default", area="kitchen"))[
        "success"
    ]
    await card.call(type="waifu_rt3d/clock")
    assert card.of("perform") == []


async def test_card_that_comes_later_knows_who_sleeps(core: HomeAssistant, card: Card) -> None:
    """The list of characters tells it."""
    await core.services.async_call("waifu_rt3d", "sleep", {}, blocking=True)
    (mira,) = (await card.call(type="waifu_rt3d/characters"))["result"]
    assert mira["asleep"] is True


async def _said_in(card: Card, area: str, **more: object) -> str:
    """Say something in a room and return its turn."""
    started = await card.call(
        type="waifu_rt3d/turn/start", text="Tell me a story", speak=False, area=area, **more
    )
    turn_id: str = started["result"]["turn_id"]
    return turn_id


@pytest.mark.parametrize("agent_class", [HeldAgent])
async def test_who_goes_on_in_another_room_interrupts_her_in_the_first(
    core: HomeAssistant, card: Card, agent: HeldAgent
) -> None:
    """She has one voice as well as one body: the same person's talk elsewhere ends at once."""
    first = await _said_in(card, "kitchen")
    await _said_in(card, "kitchen")
    await card.until("text")
    assert card.of("cancel") == []
    there = await _said_in(card, "living_room")
    assert (await card.until("cancel"))["data"] == {"reason": "barge_in"}
    cut = {one["turn_id"] for one in card.envelopes if one["kind"] == "cancel"}
    assert first in cut
    assert there not in cut
    agent.gate.set()


@pytest.mark.parametrize("agent_class", [HeldAgent])
async def test_nobody_else_is_interrupted_from_another_room(
    core: HomeAssistant,
    card: Card,
    agent: HeldAgent,
    hass_ws_client: WebSocketGenerator,
    hass_access_token: str,
    hass_read_only_access_token: str,
) -> None:
    """Two people in two rooms do not cut each other's talk short."""
    other = Card(await hass_ws_client(core, hass_read_only_access_token))
    await other.call(type="waifu_rt3d/subscribe")
    await _said_in(card, "kitchen")
    await _said_in(other, "living_room")
    await other.until("text")
    await card.call(type="waifu_rt3d/clock")
    assert card.of("cancel") == []
    agent.gate.set()
