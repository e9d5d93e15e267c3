"""Every problem that a person is told of has an id, and the id stands in a log file of ours."""

from pathlib import Path

from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.waifu_rt3d.const import DOMAIN
from custom_components.waifu_rt3d.problems import MOST_OF_A_USER

from .cards import Card
from .models import think_with


async def written(hass: HomeAssistant) -> list[str]:
    """Stop the house and return the lines of the file."""
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    file = Path(hass.config.path(DOMAIN, "problems.log"))
    return file.read_text("utf-8").splitlines()


@pytest.fixture
async def card(
    core: HomeAssistant, companion: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> Card:
    """Return a subscribed card."""
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    return card


async def test_error_of_a_turn_has_an_id_that_is_in_the_file(
    core: HomeAssistant, companion: MockConfigEntry, card: Card
) -> None:
    """The file tells the key and the turn, and nothing of what was said."""
    await think_with(core, companion, model="conversation.gone")
    await card.call(type="waifu_rt3d/turn/start", text="Tell me a secret", speak=False)
    ended = await card.until("turn", state="heard")
    assert ended["data"]["error"] == "agent_missing"
    problem_id = ended["data"]["problem_id"]
    (line,) = [one for one in await written(core) if problem_id in one]
    assert "agent_missing" in line
    assert f"turn={ended['turn_id']}" in line
    assert "secret" not in line


async def test_problem_of_a_card_is_written_down(core: HomeAssistant, card: Card) -> None:
    """What the card told its person by itself can be found as well."""
    reply = await card.call(type="waifu_rt3d/problem", problem_id="K7Q2MX", code="sound_failed")
    assert reply["success"]
    (line,) = await written(core)
    assert "K7Q2MX sound_failed where=card" in line


@pytest.mark.parametrize(
    ("problem_id", "code"),
    [("K7Q2M", "x"), ("K7Q2MX\n", "x"), ("K7Q2MX", "a b"), ("K7Q2MX", "x" * 50)],
)
async def test_nothing_else_gets_into_the_file(
    core: HomeAssistant, card: Card, problem_id: str, code: str
) -> None:
    """An id is six letters and a code one word: nobody writes lines of their own."""
    reply = await card.call(type="waifu_rt3d/problem", problem_id=problem_id, code=code)
    assert not reply["success"]
    assert await written(core) == []


async def test_card_can_not_push_others_out_of_the_file(core: HomeAssistant, card: Card) -> None:
    """Whoever reports without end is not written down any longer."""
    problems = core.data["waifu_rt3d_problems"]
    for _ in range(MOST_OF_A_USER + 5):
        problems.note_of_card("somebody", "AAAAAA", "sound_failed")
    assert len(await written(core)) == MOST_OF_A_USER
