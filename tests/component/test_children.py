"""Child mode: who is named a child meets the written characters only, and is told of breaks."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.waifu_rt3d.characters.childhood import (
    break_line,
    child_rules,
    not_for_children,
)
from custom_components.waifu_rt3d.const import CONF_CHILDREN

from .agents import StreamingAgent
from .cards import Card

QUESTION = "What are clouds made of?"


@pytest.fixture
async def card(
    core: HomeAssistant,
    companion: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    hass_admin_user: User,
) -> Card:
    """Return the subscribed card of a child."""
    core.config_entries.async_update_entry(companion, options={CONF_CHILDREN: [hass_admin_user.id]})
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    return card


async def say(card: Card, text: str) -> str:
    """Say something and return what the card shows."""
    del card.envelopes[:]
    await card.call(type="waifu_rt3d/turn/start", text=text, speak=False)
    await card.until("timeline", final=True)
    return "".join(data["display"] for data in card.of("text"))


def prompt_of(agent: StreamingAgent) -> str:
    """Return what the agent was told beside the question."""
    return agent.asked[-1].extra_system_prompt or ""


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_every_language_has_its_words(language: str) -> None:
    """Where there is no own text it is English."""
    assert child_rules(language)
    assert not_for_children(language)
    assert break_line(language)


async def test_prompt_says_that_a_child_speaks(
    core: HomeAssistant, companion: MockConfigEntry, agent: StreamingAgent, card: Card
) -> None:
    """The rules stand in every prompt for a child, and in none for others."""
    await say(card, QUESTION)
    assert child_rules("en") in prompt_of(agent)
    core.config_entries.async_update_entry(companion, options={})
    await say(card, QUESTION)
    assert child_rules("en") not in prompt_of(agent)


async def test_imported_character_does_not_meet_a_child(
    core: HomeAssistant, companion: MockConfigEntry, agent: StreamingAgent, card: Card
) -> None:
    """Also one that was vouched for answers with the fixed sentence, and no model is asked."""
    (subentry,) = companion.subentries.values()
    core.config_entries.async_update_subentry(
        companion, subentry, data={**subentry.data, "person": "card-1", "untrusted": False}
    )
    await core.async_block_till_done()
    assert await say(card, QUESTION) == not_for_children("en")
    assert agent.asked == []


async def test_break_is_suggested_once_in_half_an_hour(
    core: HomeAssistant, agent: StreamingAgent, card: Card, freezer: FrozenDateTimeFactory
) -> None:
    """A long talk is interrupted by a suggestion; a silence of its own is a break already."""
    words = break_line("en").removeprefix("[relaxed] ")
    freezer.tick(0)
    shown = []
    for minutes in (0, 9, 9, 9, 9, 9, 11, 9):
        freezer.tick(minutes * 60)
        shown.append(words in await say(card, QUESTION))
    assert shown == [False, False, False, False, True, False, False, False]
