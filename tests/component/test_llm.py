"""The character's own tools: there inside a turn of ours, and nowhere else."""

import asyncio
from collections.abc import AsyncGenerator
import json
from typing import Any

from fake_llm import FakeLlm, Reply
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import llm
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from .cards import Card
from .models import add_provider, think_with

OURS = {
    f"waifu_rt3d__{name}" for name in ("set_expression", "gesture", "remember", "recall", "forget")
}


@pytest.fixture
async def fake(
    core: HomeAssistant, companion: MockConfigEntry, socket_enabled: None
) -> AsyncGenerator[FakeLlm]:
    """Return the server of the model with which the character thinks."""
    assert await async_setup_component(core, "llm", {})
    server = await FakeLlm().start()
    await think_with(core, companion, model=await add_provider(core, companion, server))
    yield server
    await server.stop()


@pytest.fixture
async def card(core: HomeAssistant, fake: FakeLlm, hass_ws_client: WebSocketGenerator) -> Card:
    """Return a subscribed card."""
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    return card


async def let_call(card: Card, fake: FakeLlm, tool: str, /, **arguments: Any) -> dict[str, Any]:
    """Let the model call a tool in a turn and return the request with the tool's answer."""
    del card.envelopes[:]
    fake.requests.clear()
    fake.reply = Reply(words=(), calls=((f"waifu_rt3d__{tool}", arguments),))

    async def end() -> None:
        while not fake.requests:
            await asyncio.sleep(0)
        fake.reply = Reply(words=("All right.",))

    task = asyncio.create_task(end())
    await card.call(type="waifu_rt3d/turn/start", text="Here is something to do", speak=False)
    await card.until("timeline", final=True)
    await task
    request: dict[str, Any] = fake.requests[-1]
    return request


async def test_nobody_else_gets_them(core: HomeAssistant, fake: FakeLlm) -> None:
    """Another agent of the house can't reach a person's memories."""
    context = llm.LLMContext(
        platform="other",
        context=Context(),
        language="en",
        assistant="conversation",
        device_id=None,
    )
    api = await llm.async_get_api(core, "assist", context)
    assert not OURS & {tool.name for tool in api.tools}


async def test_model_moves_the_body(card: Card, fake: FakeLlm) -> None:
    """Inside a turn all of them are offered, and a gesture is shown."""
    request = await let_call(card, fake, "gesture", name="wave")
    assert {tool["function"]["name"] for tool in request["tools"]} >= OURS
    cues = [cue["name"] for data in card.of("timeline") for cue in data["cues"]]
    assert cues == ["wave"]


async def test_unknown_feeling_is_told_to_the_model(card: Card, fake: FakeLlm) -> None:
    """The model learns that it asked for something that is not there."""
    request = await let_call(card, fake, "set_expression", name="grumbleflump")
    assert "not known" in request["messages"][-1]["content"]


async def test_note_is_kept_recalled_and_forgotten(card: Card, fake: FakeLlm) -> None:
    """What the model keeps it finds again, until it is forgotten."""
    kept = await let_call(card, fake, "remember", text="The bins go out on Tuesday")
    assert "note_id" in kept["messages"][-1]["content"]
    found = await let_call(card, fake, "recall", about="bins")
    answer = found["messages"][-1]["content"]
    assert "The bins go out on Tuesday" in answer
    (note,) = json.loads(answer)["notes"]
    await let_call(card, fake, "forget", note_id=note["note_id"])
    found = await let_call(card, fake, "recall", about="bins")
    assert json.loads(found["messages"][-1]["content"])["notes"] == []
