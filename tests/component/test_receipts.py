"""The receipt of a reply: computed from the engines that really worked on it, and kept with it."""

from collections.abc import AsyncGenerator
import json
from pathlib import Path
from typing import Any, override

from fake_llm import FakeLlm, Reply
from homeassistant.components import conversation
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, llm
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockModule,
    mock_integration,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.waifu_rt3d.turns.receipts import helper_of_entity

from .agents import StreamingAgent
from .cards import Card
from .models import add_provider, think_with

GOLDEN = json.loads((Path(__file__).parents[1] / "contract" / "websocket.json").read_text("utf-8"))


@pytest.fixture
async def card(
    core: HomeAssistant, companion: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> Card:
    """Return a subscribed card in a home with a lamp."""
    assert await async_setup_component(core, "llm", {})
    assert await async_setup_component(
        core, "input_boolean", {"input_boolean": {"lamp": {"name": "reading lamp"}}}
    )
    async_expose_entity(core, "conversation", "input_boolean.lamp", True)
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    return card


async def ask(card: Card, text: str) -> dict[str, Any]:
    """Say something without sound and return the receipt of the answer."""
    del card.envelopes[:]
    await card.call(type="waifu_rt3d/turn/start", text=text, speak=False)
    receipt = await card.until("receipt")
    await card.until("turn", state="heard")
    data: dict[str, Any] = receipt["data"]
    return data


async def last_answer(core: HomeAssistant, card: Card) -> dict[str, Any]:
    """Return the newest answer as the memory keeps it, with everything that belongs to it."""
    await core.async_block_till_done()
    session = await card.call(type="waifu_rt3d/session/continue")
    history = await card.call(type="waifu_rt3d/session/history", session_id=session["result"]["id"])
    message_id = history["result"]["messages"][-1]["id"]
    found = await card.call(type="waifu_rt3d/message/get", message_id=message_id)
    message: dict[str, Any] = found["result"]
    return message


async def test_command_stays_in_the_house_and_tells_what_it_touched(
    core: HomeAssistant, card: Card
) -> None:
    """A command is done by Home Assistant, typed words were heard by nobody."""
    receipt = await ask(card, "Turn on the reading lamp")
    assert receipt["heard"] == receipt["spoken"] == []
    assert [one["name"] for one in receipt["thought"]] == ["Home Assistant"]
    assert receipt["inside"] is True
    assert card.of("touched") == [{"entities": ["input_boolean.lamp"]}]
    message = await last_answer(core, card)
    assert message["receipt"] == receipt
    assert message["touched"] == ["input_boolean.lamp"]


async def test_receipt_has_the_shape_of_the_contract(card: Card) -> None:
    """It is written as the golden file writes it."""
    golden = next(one["data"] for one in GOLDEN["envelopes"] if one["kind"] == "receipt")
    receipt = await ask(card, "Turn on the reading lamp")
    assert receipt.keys() == golden.keys()
    assert receipt["thought"][0].keys() == golden["thought"][0].keys()


async def test_engine_of_which_nothing_is_known_is_left_open(hass: HomeAssistant) -> None:
    """Nobody says of an engine that it stays inside when nobody knows where it runs."""
    entity = er.async_get(hass).async_get_or_create("tts", "gone", "1")
    assert helper_of_entity(hass, entity.entity_id).inside is None


async def test_speech_server_is_named_with_its_host(
    hass: HomeAssistant,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
) -> None:
    """The voice is the server that made the sound."""
    card = Card(await hass_ws_client(hass))
    await card.call(type="waifu_rt3d/subscribe")
    started = await card.call(type="waifu_rt3d/turn/start", text="Are you there?")
    audio = await card.until("audio")
    await (await (await hass_client()).get(audio["data"]["url"])).read()
    await card.call(
        type="waifu_rt3d/turn/played",
        turn_id=started["result"]["turn_id"],
        state="finished",
        audio_ms=10,
    )
    (voice,) = (await card.until("receipt"))["data"]["spoken"]
    assert voice["host"] == "127.0.0.1"
    assert voice["inside"] is True


@pytest.fixture
async def fake(socket_enabled: None) -> AsyncGenerator[FakeLlm]:
    """Return a server of models."""
    server = await FakeLlm(reply=Reply(words=("Hello.",))).start()
    yield server
    await server.stop()


async def test_own_model_is_named_with_its_host(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm
) -> None:
    """The model and the machine that it runs on are in the receipt."""
    await think_with(core, companion, model=await add_provider(core, companion, fake))
    receipt = await ask(card, "What do you think about clouds?")
    (model,) = receipt["thought"]
    assert (model["detail"], model["host"]) == ("tiny-tools", "127.0.0.1")
    assert receipt["inside"] is True


class ToolAgent(StreamingAgent):
    """Use a tool of its own before it answers."""

    @override
    async def _pieces(self) -> AsyncGenerator[Any]:
        call = llm.ToolInput(
            id="1", tool_name="Look", tool_args={"entity_id": "input_boolean.lamp"}, external=True
        )
        yield {"role": "assistant", "tool_calls": [call]}
        result = llm.ToolResult(data={"picture": "/api/image/1"})
        yield {"role": "tool_result", "tool_call_id": "1", "tool_name": "Look", "result": result}
        yield {"role": "assistant", "content": "It is off."}


@pytest.mark.parametrize("agent_class", [ToolAgent])
async def test_tools_of_an_agent_are_shown_and_kept(core: HomeAssistant, card: Card) -> None:
    """What a tool was given and what it gave can be looked up at the reply."""
    await ask(card, "What do you think about clouds?")
    (used,) = card.of("tool")
    assert used["name"] == "Look"
    assert used["arguments"] == {"entity_id": "input_boolean.lamp"}
    assert used["result"] == {"picture": "/api/image/1"}
    assert card.of("touched") == [{"entities": ["input_boolean.lamp"]}]
    message = await last_answer(core, card)
    assert message["tools"] == 1
    assert message["tool_calls"][0]["result"] == {"picture": "/api/image/1"}


@pytest.mark.parametrize(
    ("iot_class", "data", "inside", "host"),
    [
        ("cloud_push", {}, False, None),
        ("local_push", {}, True, None),
        ("local_push", {"host": "core-piper", "port": 1}, True, "core-piper"),
        ("cloud_polling", {"base_url": "http://192.168.1.4:1234/v1"}, True, "192.168.1.4"),
        ("local_polling", {"url": "https://api.example.com"}, False, "api.example.com"),
    ],
)
async def test_foreign_engine_is_where_its_address_or_its_class_says(
    hass: HomeAssistant, iot_class: str, data: dict[str, Any], inside: bool, host: str | None
) -> None:
    """An address is better than the integration's class, which is all that a cloud tells."""
    mock_integration(hass, MockModule("other", partial_manifest={"iot_class": iot_class}))
    entry = MockConfigEntry(domain="other", data=data)
    entry.add_to_hass(hass)
    entity = er.async_get(hass).async_get_or_create("tts", "other", "1", config_entry=entry)
    helper = helper_of_entity(hass, entity.entity_id)
    assert (helper.inside, helper.host) == (inside, host)


async def test_home_assistants_own_agent_is_inside(core: HomeAssistant) -> None:
    """Core's building blocks have no class; they call nobody."""
    assert helper_of_entity(core, conversation.HOME_ASSISTANT_AGENT).inside is True
