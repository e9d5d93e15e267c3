"""What a character answers: commands dressed, small talk, and an apology instead of silence."""

from typing import Any

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.waifu_rt3d.characters.cast import CAST
from custom_components.waifu_rt3d.characters.written import SAID, Moment

from .agents import StreamingAgent
from .cards import Card


@pytest.fixture
async def card(
    core: HomeAssistant, companion: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> Card:
    """Return a subscribed card in a home with a lamp."""
    assert await async_setup_component(
        core, "input_boolean", {"input_boolean": {"lamp": {"name": "reading lamp"}}}
    )
    async_expose_entity(core, "conversation", "input_boolean.lamp", True)
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    return card


async def say(card: Card, text: str) -> str:
    """Say something and return the spoken answer."""
    del card.envelopes[:]
    await card.call(type="waifu_rt3d/turn/start", text=text, speak=False)
    await card.until("timeline", final=True)
    return "".join(data["speech"] for data in card.of("text"))


def think_with(core: HomeAssistant, companion: MockConfigEntry, model: str) -> None:
    """Let the character think with another agent."""
    (subentry,) = companion.subentries.values()
    core.config_entries.async_update_subentry(
        companion, subentry, data={**subentry.data, "model": model}
    )


async def test_command_is_done_and_dressed(
    core: HomeAssistant, agent: StreamingAgent, card: Card
) -> None:
    """A command never reaches the model, and is answered in character."""
    answer = await say(card, "Turn on the reading lamp")
    state = core.states.get("input_boolean.lamp")
    assert state is not None
    assert state.state == "on"
    assert agent.asked == []
    dressed = [line.partition(SAID) for line in CAST["mira"].written("en").lines[Moment.DONE]]
    assert any(_plain(before) in answer and _plain(after) in answer for before, _, after in dressed)


async def test_model_gets_who_it_is(core: HomeAssistant, agent: StreamingAgent, card: Card) -> None:
    """Talk goes to the model with the character and the house rules."""
    assert await say(card, "What do you think about clouds?") == "Sure! Here I am."
    (asked,) = agent.asked
    assert asked.extra_system_prompt is not None
    assert "You are an AI" in asked.extra_system_prompt
    assert "star charts" in asked.extra_system_prompt


async def test_stop_is_obeyed_without_the_model(agent: StreamingAgent, card: Card) -> None:
    """Who wants silence gets it at once."""
    answer = await say(card, "Leave me alone")
    assert agent.asked == []
    assert answer
    assert "?" not in answer


async def test_distress_is_answered_calmly_and_without_the_model(
    core: HomeAssistant, agent: StreamingAgent, card: Card
) -> None:
    """Who speaks of ending their life hears where help is, whoever plays which role."""
    core.config.country = "DE"
    answer = await say(card, "I want to kill myself")
    assert agent.asked == []
    assert "0800 111 0 111" in answer
    assert "Mira" not in answer


async def test_small_talk_without_a_model(
    core: HomeAssistant, companion: MockConfigEntry, agent: StreamingAgent, card: Card
) -> None:
    """Without a model she still says who she is, and never that she could not understand."""
    think_with(core, companion, "conversation.home_assistant")
    await core.async_block_till_done()
    answers = [await say(card, text) for text in ("Who are you?", "Are you real?", "Thanks!")]
    assert "Mira" in answers[0]
    assert "AI" in answers[1]
    unknown = await say(card, "Colourless green ideas sleep furiously")
    assert "couldn't understand" not in unknown
    assert unknown
    assert agent.asked == []


async def test_missing_model_is_an_apology(
    core: HomeAssistant, companion: MockConfigEntry, card: Card
) -> None:
    """A model that is gone gives an apology in character, and the reason to the card."""
    think_with(core, companion, "conversation.gone")
    await core.async_block_till_done()
    answer = await say(card, "Tell me about clouds")
    offline: Any = [_plain(line) for line in CAST["mira"].written("en").lines[Moment.OFFLINE]]
    assert answer in offline


@pytest.mark.parametrize("pieces", [[], ["  "], ["<think>I should greet them, but"]])
async def test_agent_that_says_nothing_is_an_apology(
    core: HomeAssistant,
    companion: MockConfigEntry,
    agent: StreamingAgent,
    card: Card,
    pieces: list[str],
) -> None:
    """Nobody is left with silence: not by an empty answer, nor by thoughts that were cut off."""
    agent.pieces = pieces
    answer = await say(card, "Tell me about clouds")
    offline: Any = [_plain(line) for line in CAST["mira"].written("en").lines[Moment.OFFLINE]]
    assert answer in offline
    errors = {data.get("error") for data in card.of("turn")}
    assert errors & {"provider_empty", "model_failed"}


def _plain(markup: str) -> str:
    """Return a line without its tags."""
    from custom_components.waifu_rt3d.stage.markup import MarkupParser

    parser = MarkupParser()
    return (parser.feed(markup).speech + parser.finish().speech).strip()
