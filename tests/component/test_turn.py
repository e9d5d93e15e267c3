"""A turn lives to the end of its sound, and nothing of a cancelled one is left."""

import asyncio
from datetime import timedelta
import threading
from typing import Any

from homeassistant.components import conversation
from homeassistant.core import Context, HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.waifu_rt3d.house import HOUSE
from custom_components.waifu_rt3d.memory import Role, Scope

from .agents import HeldAgent, StreamingAgent
from .cards import Card

MIRA = "conversation.mira"
HEADER_BYTES = 44


@pytest.fixture
def agent_class() -> type[StreamingAgent]:
    """Let the agent wait in the middle of its answer."""
    return HeldAgent


@pytest.fixture
async def card(
    companion: MockConfigEntry, core: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> Card:
    """Return a subscribed card."""
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    return card


async def start(card: Card, text: str = "Tell me something.", **more: Any) -> str:
    """Begin a turn and return its id."""
    reply = await card.call(type="waifu_rt3d/turn/start", text=text, **more)
    return str(reply["result"]["turn_id"])


def leftovers(before: set[asyncio.Task[Any]]) -> set[str]:
    """Return the names of tasks that were not there before."""
    return {
        task.get_name()
        for task in asyncio.all_tasks() - before
        if task is not asyncio.current_task() and not task.done()
    }


async def test_cancel_during_text_leaves_nothing(
    core: HomeAssistant, agent: HeldAgent, card: Card
) -> None:
    """The model's stream is closed, the turn ends, no task is left."""
    before, threads = set(asyncio.all_tasks()), threading.active_count()
    turn_id = await start(card)
    await card.until("text")
    assert core.data[HOUSE].turns
    await card.call(type="waifu_rt3d/turn/cancel", turn_id=turn_id)
    heard = await card.until("turn", state="heard")
    assert heard["data"]["cut_ms"] is None
    await core.async_block_till_done(wait_background_tasks=True)
    assert agent.closed == 1
    assert not core.data[HOUSE].turns
    assert leftovers(before) == set()
    assert threading.active_count() <= threads + 4  # the executor's own


async def test_cancel_during_speech_stops_the_voice(
    core: HomeAssistant,
    speech: MockConfigEntry,
    agent: HeldAgent,
    card: Card,
    hass_client: ClientSessionGenerator,
) -> None:
    """Cut while she speaks: the WAV stream ends, and the place of the cut is remembered."""
    agent.pieces = ["One sentence to be heard. Two sentences.", " Never said."]
    before = set(asyncio.all_tasks())
    turn_id = await start(card)
    audio = await card.until("audio")
    http = await hass_client()
    response = await http.get(audio["data"]["url"])
    await response.content.readexactly(2000)
    await card.until("timeline")
    await card.call(type="waifu_rt3d/turn/played", turn_id=turn_id, state="started", audio_ms=0)
    await card.call(type="waifu_rt3d/turn/cancel", turn_id=turn_id)
    async with asyncio.timeout(60):
        await response.content.read()
    await card.call(type="waifu_rt3d/turn/played", turn_id=turn_id, state="stopped", audio_ms=700)
    heard = await card.until("turn", state="heard")
    assert heard["data"]["cut_ms"] == 700
    await http.close()
    await core.async_block_till_done(wait_background_tasks=True)
    assert {name for name in leftovers(before) if "waifu" in name or "speech" in name} == set()
    assert agent.closed == 1

    store, (session_id,) = core.data[HOUSE].store, {e["session_id"] for e in card.of("turn")}
    assert store is not None
    (person,) = {e["person"] for e in card.of("turn")}
    history = await store.history(Scope.of(person, "default"), session_id)
    assert [message.role for message in history] == [Role.USER, Role.ASSISTANT]
    answer = await store.message(Scope.of(person, "default"), history[1].id)
    assert answer.cut_ms == 700
    assert answer.heard
    assert answer.text.startswith(answer.heard)
    assert len(answer.heard) < len(answer.text)


async def test_first_sentence_sounds_before_the_second_is_written(
    core: HomeAssistant,
    speech: MockConfigEntry,
    agent: HeldAgent,
    card: Card,
    hass_client: ClientSessionGenerator,
) -> None:
    """The model stops in the middle of its second sentence, and the first is heard meanwhile."""
    agent.pieces = ["There was once a house. In it ", "lived a cat. She slept."]
    await start(card)
    audio = await card.until("audio")
    http = await hass_client()
    response = await http.get(audio["data"]["url"])
    async with asyncio.timeout(60):
        begun = await response.content.readexactly(HEADER_BYTES + 20_000)
    assert any(begun[HEADER_BYTES:])
    written = "".join(text["display"] for text in card.of("text"))
    assert agent.closed == 0
    assert "lived" not in written
    agent.gate.set()
    async with asyncio.timeout(60):
        rest = await response.content.read()
    await card.until("timeline", final=True)
    assert len(rest) > len(begun)
    assert "".join(text["display"] for text in card.of("text")) == "".join(agent.pieces)
    await http.close()


@pytest.mark.parametrize("fetched", [True, False])
async def test_reply_whose_sound_is_lost_goes_on_in_writing(
    core: HomeAssistant,
    speech: MockConfigEntry,
    agent: HeldAgent,
    card: Card,
    hass_client: ClientSessionGenerator,
    *,
    fetched: bool,
) -> None:
    """The rest of the text comes, the turn is no interrupted one, and it ends with its timeline."""
    agent.pieces = ["One sentence to be heard.", " And another one."]
    turn_id = await start(card)
    audio = await card.until("audio")
    http = await hass_client()
    if fetched:
        response = await http.get(audio["data"]["url"])
        await response.content.readexactly(100)
    await card.until("text")
    await card.call(type="waifu_rt3d/turn/played", turn_id=turn_id, state="lost", audio_ms=0)
    agent.gate.set()
    if fetched:
        await response.content.read()
    await card.until("timeline", final=True)
    finals = [segment["final"] for segment in card.of("timeline")]
    async_fire_time_changed(core, dt_util.utcnow() + timedelta(seconds=60))
    heard = await card.until("turn", state="heard")
    assert "".join(text["display"] for text in card.of("text")) == "".join(agent.pieces)
    assert heard["data"]["cut_ms"] is None
    assert "error" not in heard["data"]
    assert finals == [False] * (len(finals) - 1) + [True]
    await http.close()


async def test_lost_client_ends_its_turn(core: HomeAssistant, agent: HeldAgent, card: Card) -> None:
    """A tablet that goes away takes its turn with it."""
    before = set(asyncio.all_tasks())
    await start(card)
    await card.until("text")
    await card.client.close()
    async with asyncio.timeout(60):
        while core.data[HOUSE].turns:
            await asyncio.sleep(0.01)
    await core.async_block_till_done(wait_background_tasks=True)
    assert agent.closed == 1
    assert {name for name in leftovers(before) if "waifu" in name} == set()


async def test_turn_whose_card_never_reports_is_ended(
    core: HomeAssistant, agent: HeldAgent, card: Card
) -> None:
    """A mouth that moved by the text is done when its time is over; time is moved, not waited."""
    agent.gate.set()
    await start(card, speak=False)
    await card.until("timeline", final=True)
    async_fire_time_changed(core, dt_util.utcnow() + timedelta(seconds=60))
    heard = await card.until("turn", state="heard")
    assert "error" not in heard["data"]


async def test_model_that_never_answers_is_ended(
    core: HomeAssistant, agent: HeldAgent, card: Card
) -> None:
    """No state is for ever."""
    await start(card)
    await card.until("text")
    async_fire_time_changed(core, dt_util.utcnow() + timedelta(seconds=200))
    await card.until("cancel", reason="timeout")
    await card.until("turn", state="heard")


async def test_broken_model_tells_the_person(
    core: HomeAssistant, companion: MockConfigEntry, card: Card
) -> None:
    """A model that is gone ends the turn with a sentence, and the next turn works."""
    house = core.data[HOUSE]
    core.states.async_remove("conversation.scripted")
    component = core.data[conversation.DATA_COMPONENT]
    await component.async_remove_entity("conversation.scripted")
    await start(card)
    heard = await card.until("turn", state="heard")
    assert heard["data"]["error"] == "agent_missing"
    assert not house.turns


async def test_run_of_another_client_has_a_turn_too(
    core: HomeAssistant, agent: HeldAgent, card: Card, hass_admin_user: Any
) -> None:
    """Who talks in the app is seen on the tablet of the same user, by the text's own time."""
    agent.gate.set()
    await conversation.async_converse(
        core,
        "Hello there",
        conversation_id=None,
        context=Context(user_id=hass_admin_user.id),
        agent_id="conversation.mira",
    )
    await card.until("heard", text="Hello there")
    async_fire_time_changed(core, dt_util.utcnow() + timedelta(seconds=4))
    await core.async_block_till_done()
    await card.until("timeline", final=True)
    async_fire_time_changed(core, dt_util.utcnow() + timedelta(seconds=60))
    await card.until("turn", state="heard")


async def test_session_goes_on_after_a_pause(
    core: HomeAssistant, agent: HeldAgent, card: Card
) -> None:
    """Two turns of one person belong to one session."""
    agent.gate.set()
    for text in ("One", "Two"):
        await start(card, text, speak=False)
        await card.until("heard", text=text)
        async_fire_time_changed(core, dt_util.utcnow() + timedelta(seconds=60))
        await core.async_block_till_done()
    assert len({data["session_id"] for data in card.of("turn")}) == 1


async def test_another_users_turn_looks_like_none(
    core: HomeAssistant,
    agent: HeldAgent,
    card: Card,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
) -> None:
    """A stranger sees nothing of a turn and can't stop it."""
    stranger = Card(await hass_ws_client(core, hass_read_only_access_token))
    await stranger.call(type="waifu_rt3d/subscribe", after_seq=0)
    turn_id = await start(card)
    await card.until("text")
    await stranger.call(type="waifu_rt3d/turn/cancel", turn_id=turn_id)
    await stranger.call(type="waifu_rt3d/clock")
    assert [one for one in stranger.envelopes if one["turn_id"] == turn_id] == []
    assert {one["kind"] for one in stranger.envelopes} <= {"characters"}
    assert core.data[HOUSE].turns[turn_id].cancelled.is_set() is False


async def test_reply_that_core_has_cached_keeps_its_mouth(
    core: HomeAssistant,
    speech: MockConfigEntry,
    agent: HeldAgent,
    card: Card,
    hass_admin_user: Any,
    hass_client: ClientSessionGenerator,
) -> None:
    """A reply whose sound core kept moves the mouth by the times of old."""
    agent.gate.set()
    await start(card)
    audio = await card.until("audio")
    await (await (await hass_client()).get(audio["data"]["url"])).read()
    await card.until("timeline", final=True)
    first = [data["visemes"] for data in card.of("timeline")]
    assert card.of("timeline")[0]["source"] == "exact"
    del card.envelopes[:]
    await conversation.async_converse(
        core,
        "Tell me something.",
        conversation_id=None,
        context=Context(user_id=hass_admin_user.id),
        agent_id="conversation.mira",
    )
    async_fire_time_changed(core, dt_util.utcnow() + timedelta(seconds=4))
    await card.until("timeline", final=True)
    assert [data["visemes"] for data in card.of("timeline")] == first


async def test_entity_keeps_nothing_of_a_turn_that_is_over(
    core: HomeAssistant, companion: MockConfigEntry, agent: HeldAgent
) -> None:
    """What is to be undone when a character is removed does not grow with each turn."""
    agent.gate.set()
    entity = core.data[conversation.DATA_COMPONENT].get_entity(MIRA)
    assert entity is not None
    before = len(entity._on_remove or ())
    for number in range(3):
        await conversation.async_converse(
            core, f"What is cloud {number}?", "c", Context(), language="en", agent_id=MIRA
        )
    assert len(entity._on_remove or ()) == before
