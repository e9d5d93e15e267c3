"""Actions, entities and events of a character, through real automations."""

from collections.abc import AsyncGenerator
from datetime import timedelta
import json
from pathlib import Path
from typing import Any

from fake_llm import FakeLlm, Reply
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.setup import async_setup_component
import probatio as vol
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.waifu_rt3d.characters.cast import sheet_of
from custom_components.waifu_rt3d.characters.written import Moment
from custom_components.waifu_rt3d.stage.markup import complete

from .agents import HeldAgent, StreamingAgent
from .cards import Card
from .models import add_provider, think_with

DOMAIN = "waifu_rt3d"
KITCHEN = "assist_satellite.kitchen"
GOLDEN = Path(__file__).parents[1] / "contract" / "websocket.json"


@pytest.fixture
async def card(
    core: HomeAssistant, companion: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> Card:
    """Return a subscribed card."""
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    return card


@pytest.fixture
async def fake(socket_enabled: None) -> AsyncGenerator[FakeLlm]:
    """Return a server of models."""
    server = await FakeLlm(chunk_bytes=5).start()
    yield server
    await server.stop()


async def automate(hass: HomeAssistant, *automations: dict[str, Any]) -> None:
    """Set automations up."""
    assert await async_setup_component(hass, "automation", {"automation": list(automations)})
    await hass.async_block_till_done()


def on_event(event: str, *actions: dict[str, Any]) -> dict[str, Any]:
    """Return an automation that an event of Home Assistant starts."""
    return {"trigger": {"platform": "event", "event_type": event}, "action": list(actions)}


def state_of(hass: HomeAssistant, entity_id: str) -> str:
    """Return the state of an entity."""
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return state.state


async def test_automation_lets_her_perform(
    core: HomeAssistant, companion: MockConfigEntry, card: Card
) -> None:
    """A feeling, a gesture and a glance reach the card; the gesture is an event, the feeling a mood."""
    await automate(
        core,
        on_event(
            "visitor",
            {
                "action": "waifu_rt3d.perform",
                "data": {
                    "character": "conversation.mira",
                    "emotion": "excited",
                    "gesture": "wave",
                    "intensity": 0.8,
                },
            },
            {"action": "waifu_rt3d.look_at", "data": {"direction": "left"}},
        ),
        {
            "trigger": {
                "platform": "state",
                "entity_id": "event.mira_happening",
                "attribute": "gesture",
                "to": "wave",
            },
            "action": {"event": "waved"},
        },
    )
    waved = async_capture_events(core, "waved")
    core.bus.async_fire("visitor")
    await core.async_block_till_done()
    shown = await card.until("perform")
    assert shown["data"]["character"] == "default"
    assert [(c["kind"], c["name"], c["intensity"]) for c in shown["data"]["cues"]] == [
        ("emotion", "excited", 0.8),
        ("gesture", "wave", 1.0),
    ]
    while len(card.of("perform")) < 2:
        card.envelopes.append((await card.client.receive_json())["event"])
    assert card.of("perform")[1]["cues"][0]["name"] == "left"
    assert len(waved) == 1
    event = core.states.get("event.mira_happening")
    assert event is not None
    assert event.attributes["event_type"] == "gesture"
    assert state_of(core, "sensor.mira_mood") == "exuberant"


async def test_performance_has_the_shape_of_the_contract(
    core: HomeAssistant, companion: MockConfigEntry, card: Card
) -> None:
    """What the card gets is written as the contract writes it."""
    golden = json.loads(GOLDEN.read_text())["performance"]
    await core.services.async_call(DOMAIN, "perform", {"gesture": "wave"}, blocking=True)
    shown = await card.until("perform")
    assert shown.keys() == golden.keys()
    assert shown["data"] == {k: v for k, v in golden["data"].items() if k != "asleep"}


async def test_unknown_gesture_is_refused(core: HomeAssistant, companion: MockConfigEntry) -> None:
    """What nobody knows is told, not ignored."""
    with pytest.raises(ServiceValidationError, match="grumbleflump"):
        await core.services.async_call(
            DOMAIN, "perform", {"emotion": "grumbleflump"}, blocking=True
        )
    with pytest.raises(vol.Invalid):
        await core.services.async_call(DOMAIN, "perform", {}, blocking=True)
    with pytest.raises(ServiceValidationError, match="not set up"):
        await core.services.async_call(DOMAIN, "sleep", {"character": "nobody"}, blocking=True)


async def test_say_shows_it_and_returns_it(
    core: HomeAssistant, companion: MockConfigEntry, card: Card
) -> None:
    """A message is shown with its expressions, moves the mouth, and comes back without tags."""
    response = await core.services.async_call(
        DOMAIN,
        "say",
        {"character": "Mira", "message": "[happy] The washing machine is done."},
        blocking=True,
        return_response=True,
    )
    assert response is not None
    assert response["text"] == "The washing machine is done."
    await card.until("timeline", final=True)
    cues = [cue["name"] for data in card.of("timeline") for cue in data["cues"]]
    assert cues == ["happy"]
    assert any(data["visemes"] for data in card.of("timeline"))


async def test_say_in_rooms(core: HomeAssistant, companion: MockConfigEntry) -> None:
    """Rooms speak it through Home Assistant's own announcement."""
    core.states.async_set(KITCHEN, "idle")
    calls: list[ServiceCall] = []
    core.services.async_register("assist_satellite", "announce", calls.append)
    await core.services.async_call(
        DOMAIN,
        "say",
        {"message": "[happy] Dinner!", "rooms": [KITCHEN]},
        blocking=True,
    )
    (call,) = calls
    assert call.data["message"] == "Dinner!"
    assert call.data["entity_id"] == [KITCHEN]


async def test_say_in_her_own_words(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm
) -> None:
    """The model words it; where it is gone the message is said as it stands."""
    await think_with(core, companion, model=await add_provider(core, companion, fake))
    fake.reply = Reply(words=("[happy] Clean ", "laundry is waiting!"))
    data = {"message": "The washing machine is done.", "reword": True}

    async def said() -> object:
        response = await core.services.async_call(
            DOMAIN, "say", data, blocking=True, return_response=True
        )
        assert response is not None
        return response["text"]

    assert await said() == "Clean laundry is waiting!"
    assert "The washing machine is done." in fake.requests[0]["messages"][-1]["content"]
    await fake.stop()
    assert await said() == "The washing machine is done."


async def test_ask_returns_the_answer(core: HomeAssistant, companion: MockConfigEntry) -> None:
    """A question goes to the room, and the answer comes back to the automation."""
    core.states.async_set(KITCHEN, "idle")
    asked: list[ServiceCall] = []

    async def answer(call: ServiceCall) -> dict[str, Any]:
        asked.append(call)
        return {"id": "yes", "sentence": "yes please", "slots": {}}

    core.services.async_register(
        "assist_satellite", "ask_question", answer, supports_response=SupportsResponse.ONLY
    )
    answers = [{"id": "yes", "sentences": ["yes [please]"]}]
    await automate(
        core,
        on_event(
            "dusk",
            {
                "action": "waifu_rt3d.ask",
                "data": {
                    "question": "Shall I close the blinds?",
                    "room": KITCHEN,
                    "answers": answers,
                },
                "response_variable": "reply",
            },
            {"event": "answered", "event_data_template": {"id": "{{ reply.id }}"}},
        ),
    )
    answered = async_capture_events(core, "answered")
    core.bus.async_fire("dusk")
    await core.async_block_till_done()
    assert asked[0].data["answers"] == answers
    assert "question_media_id" not in asked[0].data
    assert [event.data["id"] for event in answered] == ["yes"]


async def test_named_character_asks_with_its_own_voice(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """Whoever answers in that room otherwise."""
    core.states.async_set(KITCHEN, "idle")
    asked: list[ServiceCall] = []

    async def answer(call: ServiceCall) -> dict[str, Any]:
        asked.append(call)
        return {"id": None, "sentence": "no", "slots": {}}

    core.services.async_register(
        "assist_satellite", "ask_question", answer, supports_response=SupportsResponse.ONLY
    )
    question = {"question": "Tea?", "room": KITCHEN, "character": "Mira"}
    await core.services.async_call(
        "waifu_rt3d", "ask", question, blocking=True, return_response=True
    )
    assert asked[0].data["question_media_id"].startswith("media-source://tts/tts.mira_voice?")


async def test_sleep_ends_when_somebody_speaks(
    core: HomeAssistant, companion: MockConfigEntry, card: Card
) -> None:
    """Asleep is a state; waking her, or speaking to her, ends it."""
    await core.services.async_call(DOMAIN, "sleep", {}, blocking=True)
    assert state_of(core, "sensor.mira_state") == "asleep"
    assert (await card.until("perform"))["data"]["asleep"] is True
    await core.services.async_call(DOMAIN, "wake", {"silent": True}, blocking=True)
    assert state_of(core, "sensor.mira_state") == "idle"
    await core.services.async_call(DOMAIN, "sleep", {}, blocking=True)
    del card.envelopes[:]
    await card.call(type="waifu_rt3d/turn/start", text="Who are you?", speak=False)
    assert (await card.until("perform"))["data"]["asleep"] is False
    await card.until("timeline", final=True)
    assert state_of(core, "sensor.mira_state") == "speaking"


async def test_who_is_woken_says_so(
    core: HomeAssistant, companion: MockConfigEntry, card: Card
) -> None:
    """A woken character has a line for it: shown on cards, aloud only in rooms that are named."""
    core.states.async_set(KITCHEN, "idle")
    calls: list[ServiceCall] = []
    core.services.async_register("assist_satellite", "announce", calls.append)
    spoken = _spoken(Moment.WOKEN)
    for data, aloud in (
        ({"character": "Mira", "rooms": [KITCHEN]}, True),
        ({}, False),
    ):
        await core.services.async_call(DOMAIN, "sleep", {}, blocking=True)
        del card.envelopes[:], calls[:]
        await core.services.async_call(DOMAIN, "wake", data, blocking=True)
        shown = (await card.until("text"))["data"]
        assert shown["speech"] in spoken
        assert [call.data["message"] for call in calls] == [shown["speech"]] * aloud
    del card.envelopes[:]
    await core.services.async_call(DOMAIN, "wake", {}, blocking=True)
    await core.services.async_call(DOMAIN, "sleep", {}, blocking=True)
    await core.services.async_call(DOMAIN, "wake", {"silent": True}, blocking=True)
    await core.async_block_till_done()
    assert not card.of("text")
    told = await card.call(type="waifu_rt3d/session/list", empty=True)
    assert all(not session["messages"] for session in told["result"]["sessions"])


def _spoken(moment: Moment) -> set[str]:
    """Return what Mira may say at a moment."""
    lines = sheet_of("mira").written("en").lines[moment]
    return {complete(line).speech.strip() for line in lines}


async def test_turn_wakes_her_with_a_look(
    core: HomeAssistant, companion: MockConfigEntry, card: Card
) -> None:
    """Who speaks to her while she sleeps sees her stir at once; she says nothing in between."""
    await core.services.async_call(DOMAIN, "sleep", {}, blocking=True)
    await card.call(type="waifu_rt3d/turn/start", text="Who are you?", speak=False)
    await card.until("perform", asleep=False)
    await card.until("timeline", final=True)
    (shown,) = [data["cues"] for data in card.of("perform") if data["cues"]]
    assert shown[0]["name"] in {"surprised", "happy", "user", "relaxed", "nod"}
    spoken = "".join(data["speech"] for data in card.of("text"))
    assert not any(line and spoken.startswith(line) for line in _spoken(Moment.WOKEN))


async def test_mood_fades_and_is_reset(
    core: HomeAssistant, companion: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Feelings move the mood, hours bring it back, a button at once."""
    rested = state_of(core, "sensor.mira_mood")
    for _ in range(6):
        await core.services.async_call(DOMAIN, "perform", {"emotion": "angry"}, blocking=True)
    assert state_of(core, "sensor.mira_mood") == "hostile"
    freezer.tick(timedelta(hours=40))
    async_fire_time_changed(core)
    await core.async_block_till_done()
    assert state_of(core, "sensor.mira_mood") == rested
    for _ in range(6):
        await core.services.async_call(DOMAIN, "perform", {"emotion": "angry"}, blocking=True)
    await core.services.async_call(
        "button", "press", {"entity_id": "button.mira_reset_mood"}, blocking=True
    )
    assert state_of(core, "sensor.mira_mood") == rested


async def test_turn_is_told_without_its_words(
    core: HomeAssistant, companion: MockConfigEntry, card: Card
) -> None:
    """Automations learn of a turn, never what was said."""
    seen: list[tuple[str, dict[str, Any]]] = []

    @callback
    def note(event: Any) -> None:
        state = event.data["new_state"]
        if state and state.entity_id == "event.mira_happening":
            seen.append((state.attributes["event_type"], dict(state.attributes)))

    core.bus.async_listen("state_changed", note)
    await card.call(type="waifu_rt3d/turn/start", text="My secret is blue", speak=False)
    await card.until("timeline", final=True)
    await core.async_block_till_done()
    assert [kind for kind, _ in seen][:2] == ["turn_started", "heard"]
    assert "blue" not in str(seen)


async def test_trigger_fires_for_its_happening_only(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """An automation with our trigger runs when she falls asleep, not when she waves."""
    target = {"entity_id": "event.mira_happening"}
    await automate(
        core,
        {
            "triggers": [{"trigger": "waifu_rt3d.asleep", "target": target}],
            "actions": [{"event": "lights_out"}],
        },
    )
    fired = async_capture_events(core, "lights_out")
    await core.services.async_call(DOMAIN, "perform", {"gesture": "wave"}, blocking=True)
    await core.async_block_till_done()
    assert not fired
    await core.services.async_call(DOMAIN, "sleep", {}, blocking=True)
    await core.async_block_till_done()
    assert len(fired) == 1


async def test_test_button_says_what_is_broken(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, agent: StreamingAgent
) -> None:
    """The button lets her answer once; a model that is gone is told."""
    press = {"entity_id": "button.mira_test_it"}
    await core.services.async_call("button", "press", press, blocking=True)
    assert len(agent.asked) == 1
    await card.until("timeline", final=True)
    await think_with(core, companion, model="conversation.gone")
    with pytest.raises(HomeAssistantError, match="Mira could not answer"):
        await core.services.async_call("button", "press", press, blocking=True)


async def test_new_character_answers_in_the_chosen_rooms(
    core: HomeAssistant, companion: MockConfigEntry, agent: StreamingAgent, socket_enabled: None
) -> None:
    """A satellite that is chosen in the form uses the new character, another one does not."""
    for number in (1, 2):
        entry = MockConfigEntry(
            domain=DOMAIN,
            unique_id=f"room-{number}",
            title=f"Room {number}",
            data={"kind": "satellite", "host": "127.0.0.1", "port": 1, "pairing_key": None},
        )
        entry.add_to_hass(core)
        assert await core.config_entries.async_setup(entry.entry_id)
    await core.async_block_till_done()
    form = await core.config_entries.subentries.async_init(
        (companion.entry_id, "character"), context={"source": "user"}
    )
    await core.config_entries.subentries.async_configure(
        form["flow_id"],
        {"name": "Rowan", "model": agent.entity_id, "rooms": ["assist_satellite.room_1"]},
    )
    await core.async_block_till_done()
    assert state_of(core, "select.room_1_assistant") == "Rowan"
    assert state_of(core, "select.room_2_assistant") == "preferred"


@pytest.mark.parametrize("agent_class", [HeldAgent])
async def test_adding_a_character_cuts_no_turn(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, agent: HeldAgent
) -> None:
    """While somebody is answered another character comes, complete, and the answer goes on."""
    await card.call(type="waifu_rt3d/turn/start", text="Tell me a long story", speak=False)
    await card.until("text")
    form = await core.config_entries.subentries.async_init(
        (companion.entry_id, "character"), context={"source": "user"}
    )
    await core.config_entries.subentries.async_configure(
        form["flow_id"], {"name": "Rowan", "model": agent.entity_id}
    )
    await core.async_block_till_done()
    rowan = next(s for s in companion.subentries.values() if s.title == "Rowan")
    assert rowan.data["pipeline"]
    for entity_id in (
        "conversation.rowan",
        "tts.rowan_voice",
        "stt.rowan_ears",
        "button.rowan_test_it",
        "sensor.rowan_mood",
    ):
        assert core.states.get(entity_id) is not None, entity_id
    assert not card.of("cancel")
    agent.gate.set()
    await card.until("timeline", final=True)
    said = "".join(data["speech"] for data in card.of("text"))
    assert said.endswith("There was once a house.")


async def test_touch_triggers_an_automation(
    core: HomeAssistant, companion: MockConfigEntry, card: Card
) -> None:
    """Who touches the figure wakes it, and an automation is told where."""
    await automate(
        core,
        {
            "triggers": [
                {
                    "trigger": "waifu_rt3d.touched",
                    "target": {"entity_id": "event.mira_happening"},
                }
            ],
            "action": {"event": "touched"},
        },
    )
    touched = async_capture_events(core, "touched")
    await core.services.async_call(DOMAIN, "sleep", {}, blocking=True)
    await core.async_block_till_done()
    assert state_of(core, "sensor.mira_state") == "asleep"
    reply = await card.call(type="waifu_rt3d/touch", place="head")
    assert reply["success"]
    await core.async_block_till_done()
    assert state_of(core, "sensor.mira_state") == "idle"
    assert len(touched) == 1
    event = core.states.get("event.mira_happening")
    assert event is not None
    assert event.attributes["place"] == "head"


async def test_every_action_tells_who_did_it(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """Automations get an answer; rooms in which nobody of ours answers are refused."""
    for action, data in (
        ("perform", {"gesture": "wave"}),
        ("look_at", {"direction": "left"}),
        ("sleep", {"character": "Mira"}),
        ("wake", {"character": "conversation.mira"}),
    ):
        told = await core.services.async_call(
            DOMAIN, action, data, blocking=True, return_response=True
        )
        assert told is not None
        assert told["characters"] == ["default"]
    core.states.async_set("assist_satellite.of_somebody_else", "idle")
    for room, reason in (("nowhere", "room_missing"), ("of_somebody_else", "nobody_in_rooms")):
        rooms = {"rooms": [f"assist_satellite.{room}"]}
        with pytest.raises(ServiceValidationError) as refusal:
            await core.services.async_call(DOMAIN, "sleep", rooms, blocking=True)
        assert refusal.value.translation_key == reason


async def test_rooms_that_are_not_connected_are_told(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """What is said is said to the others; a question that nobody hears is refused."""
    core.states.async_set(KITCHEN, "unavailable")
    core.states.async_set("assist_satellite.bath", "idle")
    core.services.async_register("assist_satellite", "announce", lambda _call: None)
    told = await core.services.async_call(
        DOMAIN,
        "say",
        {"message": "Dinner!", "rooms": [KITCHEN, "assist_satellite.bath"]},
        blocking=True,
        return_response=True,
    )
    assert told is not None
    assert told["lost"] == [KITCHEN]
    with pytest.raises(HomeAssistantError) as refusal:
        await core.services.async_call(
            DOMAIN,
            "ask",
            {"question": "Tea?", "room": KITCHEN},
            blocking=True,
            return_response=True,
        )
    assert refusal.value.translation_key == "satellite_lost"


async def test_note_belongs_to_the_character_that_is_named(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """A character is named by its entity, as the editor offers it."""
    await core.services.async_call(
        DOMAIN,
        "remember",
        {"text": "The bins go out on Tuesday", "character": "conversation.mira", "household": True},
        blocking=True,
        return_response=True,
    )
    told = await core.services.async_call(
        DOMAIN, "get_notes", {}, blocking=True, return_response=True
    )
    (note,) = told["notes"]
    assert note["character"] == "default"
