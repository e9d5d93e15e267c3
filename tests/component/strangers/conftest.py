"""A house with a lock, and a model that uses it as it is told."""

from collections.abc import AsyncGenerator

from fake_llm import FakeLlm
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from ..cards import Card
from ..models import add_provider, think_with
from .house import FrontDoor, async_add_home


@pytest.fixture
def imported() -> bool:
    """Return whether the character is imported, and so a stranger's text itself."""
    return True


@pytest.fixture
async def door(core: HomeAssistant, companion: MockConfigEntry) -> FrontDoor:
    """Return the lock of a home that has a lamp as well."""
    return await async_add_home(core)


@pytest.fixture
async def fake(
    core: HomeAssistant,
    companion: MockConfigEntry,
    door: FrontDoor,
    imported: bool,
    socket_enabled: None,
) -> AsyncGenerator[FakeLlm]:
    """Return the server of the model of a character that may use all tools."""
    server = await FakeLlm().start()
    model = await add_provider(core, companion, server)
    tools = ["assist", "mcp-things"]
    await think_with(core, companion, model=model, untrusted=imported, llm_hass_api=tools)
    yield server
    await server.stop()


@pytest.fixture
async def card(core: HomeAssistant, fake: FakeLlm, hass_ws_client: WebSocketGenerator) -> Card:
    """Return a subscribed card."""
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    return card
