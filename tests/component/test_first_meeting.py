"""The first meeting: a scene in three turns, once for each person, and skipped at will."""

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context, HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.waifu_rt3d.turns.first_meeting import name_in

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


async def meet(card: Card) -> str | None:
    """Open the card for the first time and return what is said."""
    del card.envelopes[:]
    reply = await card.call(type="waifu_rt3d/meet")
    if reply["result"]["turn_id"] is None:
        return None
    await card.until("timeline", final=True)
    return "".join(data["speech"] for data in card.of("text"))


async def say(card: Card, text: str) -> str:
    """Answer, and return what is said."""
    del card.envelopes[:]
    await card.call(type="waifu_rt3d/turn/start", text=text, speak=False)
    await card.until("timeline", final=True)
    return "".join(data["speech"] for data in card.of("text"))


async def test_scene(core: HomeAssistant, card: Card, agent: StreamingAgent) -> None:
    """She looks round, asks for the name, keeps it, and shows a command of this house."""
    first = await meet(card)
    assert first is not None
    assert "I'm Mira, an AI" in first
    assert first.endswith("What may I call you?")
    glances = [c["name"] for d in card.of("timeline") for c in d["cues"] if c["kind"] == "gaze"]
    assert glances == ["left", "right", "user"]
    assert card.of("heard") == []
    assert (await say(card, "my name is Sam")).startswith("Sam. My first note.")
    notes = await core.services.async_call(
        "waifu_rt3d",
        "get_notes",
        {},
        blocking=True,
        return_response=True,
        context=await _own_context(core),
    )
    assert notes is not None
    assert "Wants to be called Sam" in str(notes)
    assert "Turn on reading lamp" in await say(card, "Yes, please")
    state = core.states.get("input_boolean.lamp")
    assert state is not None
    assert state.state == "on"
    assert agent.asked == []
    assert await meet(card) is None


async def _own_context(core: HomeAssistant) -> Context:
    """Return the context of the user who is at the card."""
    users = await core.auth.async_get_users()
    return Context(user_id=next(user.id for user in users if not user.system_generated))


async def test_command_ends_the_scene(
    core: HomeAssistant, card: Card, agent: StreamingAgent
) -> None:
    """Who has something else in mind is not asked again."""
    assert await meet(card)
    await say(card, "Turn on the reading lamp")
    state = core.states.get("input_boolean.lamp")
    assert state is not None
    assert state.state == "on"
    await say(card, "Leave me alone")
    assert await say(card, "Sam") == "Sure! Here I am."
    assert await meet(card) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sam", "Sam"),
        ("Hi, I'm Anna Lena.", "Anna Lena"),
        ("you can call me jo", "Jo"),
        ("Ich heiße Jürgen", "Jürgen"),
        ("What is the weather like?", None),
        ("I would rather hear about the weather of tomorrow", None),
        ("42", None),
    ],
)
def test_name_in(text: str, name: str | None) -> None:
    """A name is found in a short answer only."""
    assert name_in(text) == name


async def test_who_stops_her_has_skipped_it(card: Card, agent: StreamingAgent) -> None:
    """After that a word is a word, and no name."""
    reply = await card.call(type="waifu_rt3d/meet")
    await card.call(type="waifu_rt3d/turn/cancel", turn_id=reply["result"]["turn_id"])
    await card.until("cancel")
    assert await say(card, "Clouds") == "Sure! Here I am."
