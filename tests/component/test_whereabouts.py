"""One character has one body."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

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
