"""Rare ways through a turn: what was said by others, timers that come back, tools that are vague."""

from typing import Any
from unittest.mock import AsyncMock, Mock, patch

from homeassistant.components import conversation, tts
from homeassistant.components.conversation import AssistantContent, UserContent
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.components.intent.const import TIMER_DATA
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er, intent, llm
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from openai import APIConnectionError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.waifu_rt3d.actions import cards as card_services
from custom_components.waifu_rt3d.characters.cards.errors import CardError, CardProblem
from custom_components.waifu_rt3d.house import HOUSE
from custom_components.waifu_rt3d.memory.faults import StoreError
from custom_components.waifu_rt3d.minds import circumstances, talks, tool_policy
from custom_components.waifu_rt3d.minds.commands import async_try_command
from custom_components.waifu_rt3d.providers.base import Message, Role, StopDelta, TextDelta
from custom_components.waifu_rt3d.providers.errors import BadResponseError
from custom_components.waifu_rt3d.providers.reading import checked
from custom_components.waifu_rt3d.room.rooms import device_of_card
from custom_components.waifu_rt3d.room.timers import RoomTimers
from custom_components.waifu_rt3d.speech import timing
from custom_components.waifu_rt3d.stage.timeline import Source, SpeechMarks
from custom_components.waifu_rt3d.turns import first_meeting, pipeline
from custom_components.waifu_rt3d.voice.api_speech import ApiSettings, ApiSpeech
from custom_components.waifu_rt3d.voice.connection import WireError
from custom_components.waifu_rt3d.voice.wav import AudioFormat

from .cards import Card


async def test_timers_of_a_room_survive_on_either_side(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """A satellite that comes back is told which run; one that core has lost goes on, paused as it was."""
    assert await async_setup_component(core, "intent", {})
    device = dr.async_get(core).async_get_or_create(
        config_entry_id=companion.entry_id, identifiers={("test", "kitchen")}
    )
    sent: list[Any] = []
    room = RoomTimers(core, device.id, sent.append, lambda _timer: None)
    stop = room.register()
    manager = core.data[TIMER_DATA]
    tea = manager.start_timer(device.id, None, None, 600, "en", name="tea")
    manager.pause_timer(tea)
    assert sent[-1].type == "timer-updated"
    sent.clear()
    room.connected()
    assert [event.type for event in sent] == ["timer-started", "timer-updated"]
    room.take_living(["no", {"id": 7}, {"id": "far", "seconds_left": 1e9}])
    kept = {"id": "lost", "seconds_left": 90, "name": "eggs", "is_active": False}
    room.take_living([kept])
    eggs = next(timer for timer in manager.timers.values() if timer.name == "eggs")
    assert not eggs.is_active
    for timer_id in list(manager.timers):
        manager.cancel_timer(timer_id)
    stop()


def turn(**changes: Any) -> Any:
    """Return a turn of a session."""
    made = Mock(id="t1", heard_text="And you?", cut_ms=None)
    made.start.session_id = "s1"
    made.speech.text = "Fine."
    for name, value in changes.items():
        setattr(made, name, value)
    return made


async def test_model_is_told_what_others_said_meanwhile() -> None:
    """Words of other agents in the same conversation, and answers that no model gave."""
    known = talks.Talks()
    talk = await known.async_talk(None, turn(), Mock(content=[]))
    said = [UserContent("Who are you?"), AssistantContent(agent_id="other", content="A robot.")]
    await known.async_talk(None, turn(), Mock(content=[Mock(), *said, Mock()]))
    talk.known_until = dt_util.utcnow()
    assert [one.text for one in talk.history.messages] == ["Who are you?", "A robot."]
    first = turn()
    known.began(first)
    known.settle(first)
    known.settle(first)
    assert [one.text for one in talk.history.messages][-2:] == ["And you?", "Fine."]
    with patch.object(talks, "_KEPT_TALKS", 1):
        other = turn(id="t2")
        other.start.session_id = "s2"
        await known.async_talk(None, other, Mock(content=[]))
    assert known.known("s1") == ()


async def test_talk_that_can_not_be_read_begins_anew() -> None:
    """A memory that fails costs what was said before, not the answer."""
    store = Mock(history=AsyncMock(side_effect=StoreError("busy")))
    talk = await talks._async_stored(store, turn())
    assert talk.history.messages == ()


def test_stored_talk_is_what_was_heard_of_it() -> None:
    """Messages of the house itself are no part of it."""
    stored = {"sent": None, "heard": None, "text": "All of it"}
    said = Mock(role=talks.StoredRole.ASSISTANT, **stored)
    assert talks._as_sent(said) == (Message(role=Role.ASSISTANT, text="All of it"),)
    said.heard = "Some of it"
    assert talks._as_sent(said)[0].text == "Some of it"
    assert talks._as_sent(Mock(role=None, **stored)) == ()


async def test_sentence_of_an_automation_is_said_as_it_stands(core: HomeAssistant) -> None:
    """The owner wrote it."""
    asked = Mock(language="en")
    with patch.object(conversation, "async_handle_sentence_triggers", return_value="Aye."):
        done = await async_try_command(core, asked, Mock())
    assert done is not None
    assert (done.text, done.verbatim) == ("Aye.", True)


def tool(intent_type: str, **changes: Any) -> Any:
    """Return a tool that is an intent of the house."""
    made = Mock(spec=llm.IntentTool)
    made.intent_type, made.integration, made.title = intent_type, "intent", None
    made.name = intent_type
    made.annotations = Mock(read_only=False, destructive=True, open_world=False)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


async def test_vague_tools_are_asked_for_where_harm_is_near(core: HomeAssistant) -> None:
    """What reaches nothing that is known is judged by all that may be reached."""
    assert await async_setup_component(core, "intent", {})
    on = tool(intent.INTENT_TURN_ON)
    assert not tool_policy.is_dangerous(core, on, {})
    core.states.async_set("cover.gate", "open", {"device_class": "gate", "friendly_name": "Gate"})
    async_expose_entity(core, "conversation", "cover.gate", True)
    assert tool_policy.is_dangerous(core, on, {})
    assert tool_policy.is_dangerous(core, on, {"conversation_command": "open the gate"})
    assert tool_policy.is_dangerous(core, on, {"name": ["a", {}]})
    harmless = tool(next(iter(tool_policy._HARMLESS_INTENTS)))
    assert not tool_policy.is_dangerous(core, harmless, {})
    told = tool(intent.INTENT_TURN_ON, annotations=Mock(read_only=True))
    assert not tool_policy.is_dangerous(core, told, {})


async def test_deeds_are_told_in_words_of_the_house(core: HomeAssistant) -> None:
    """Each thing by its name, a few at most, and what is unknown as it is called."""
    assert await async_setup_component(core, "intent", {})
    for number in range(9):
        core.states.async_set(f"light.l{number}", "on", {"friendly_name": f"Lamp {number}"})
        async_expose_entity(core, "conversation", f"light.l{number}", True)
    core.states.async_set("cover.blind", "open", {"friendly_name": "Blind"})
    async_expose_entity(core, "conversation", "cover.blind", True)

    def told(intent_type: str, **arguments: Any) -> str:
        return tool_policy.described(core, tool(intent_type), arguments, "en")

    assert "more" in told(intent.INTENT_TURN_OFF, domain="light")
    assert "30 %" in told(intent.INTENT_SET_POSITION, name="Blind", position=30)
    assert "Blind" in told("HassSomething", name="Blind")
    assert "then says" in told("HassStartTimer", conversation_command="open the blind")


async def test_first_meeting_ends_where_it_can_not_go_on(
    core: HomeAssistant, companion: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """No name, no memory, nothing to show: the talk is an ordinary one."""
    asked = Mock(hass=core, language="en", text="What is this?")
    assert first_meeting._a_command(core, "en") is None
    assert await first_meeting._async_show(asked, Mock(lines=[""] * 5)) is None
    core.states.async_set("light.lamp", "off", {"friendly_name": "Lamp"})
    async_expose_entity(core, "conversation", "light.lamp", True)
    with (
        patch.object(first_meeting, "replace", Mock()),
        patch.object(first_meeting, "async_try_command", return_value=None),
    ):
        assert await first_meeting._async_show(asked, Mock(lines=[""] * 5)) is None
    house = core.data[HOUSE]
    with patch.object(house, "store", None):
        await first_meeting._async_keep_name(asked, "Ann")
    with (
        patch.object(first_meeting, "scope_of_turn"),
        patch.object(type(house.store), "add_note", side_effect=StoreError("busy")),
    ):
        await first_meeting._async_keep_name(asked, "Ann")
    assert "can't be kept" in caplog.text
    nobody = Mock(data={})
    assert await first_meeting.async_answer(Mock(hass=nobody)) is None


async def test_person_who_is_not_known_is_asked_for(core: HomeAssistant) -> None:
    """And the model knows in which room."""
    asked = Mock(hass=core)
    asked.turn.start.person.name = None
    with (
        patch.object(circumstances, "asks_who", return_value=True),
        patch.object(circumstances, "_room", return_value="Kitchen"),
    ):
        facts = circumstances.circumstances_of(asked, Mock(all=())).facts
    assert facts[1] == "Kitchen"
    assert "ask for the name" in facts[2]


async def test_run_without_a_pipeline_ends_the_turn(core: HomeAssistant) -> None:
    """So does one that core refuses, and a written answer is shown without ours."""
    assert await async_setup_component(core, "assist_pipeline", {})
    lost: Any = Mock()
    await pipeline.async_run_text(core, lost, "Hi", pipeline_id="gone", context=Mock(), speak=False)
    lost.fail.assert_called_once_with("character_missing")
    refused, given = Mock(), Mock()
    given.validate = AsyncMock(side_effect=pipeline.PipelineError("intent-not-supported", "no"))
    await pipeline._async_execute(refused, given)
    refused.fail.assert_called_once()
    written: Any = Mock(voiced=False)
    written.speech.text = ""
    kind = pipeline.PipelineEventType.TTS_START
    pipeline.follow(core, written, pipeline.PipelineEvent(kind, {"tts_input": "Aye."}))
    assert written.say.call_args.args[0].display == "Aye."


async def test_voice_speaks_to_callers_of_every_kind(
    core: HomeAssistant, companion: MockConfigEntry, speech: MockConfigEntry
) -> None:
    """Core's older call gives a whole text; the voices of a language are told."""
    entity = tts.get_engine_instance(core, "tts.mira_voice")
    assert entity is not None
    kind, wav = await entity.async_get_tts_audio("Hello.", "en-US", {})
    assert kind == "wav" and wav is not None and wav.startswith(b"RIFF")
    assert entity.async_get_supported_voices("en-us") is not None
    server = tts.get_engine_instance(core, "tts.speech_voice")
    assert server is not None
    assert server.async_get_supported_voices("en-us") is not None
    with patch.object(type(entity), "engines", return_value=[]), pytest.raises(HomeAssistantError):
        await entity.async_get_tts_audio("Hello.", "en-US", {})


async def test_segments_without_times_wait_for_their_sound(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """Each is let go with the next one, and the last at the end; a very long one is not aligned."""
    house = core.data[HOUSE]

    def guess(text: str, end_ms: int) -> SpeechMarks:
        return SpeechMarks(
            text=text, offset=0, start_ms=0, end_ms=end_ms, marks=(), source=Source.ESTIMATED
        )

    async def spoken() -> Any:
        yield AudioFormat(rate_hz=16000, width=2, channels=1)
        yield guess("One.", 100)
        yield guess("Two.", 100)

    kinds = [type(one).__name__ async for one in timing.timed(house, spoken(), "en")]
    assert kinds.count("SpeechMarks") == 2
    audio = AudioFormat(rate_hz=16000, width=2, channels=1)
    assert await timing._aligned(Mock(), guess("Long", 999_999), audio, b"", "en") is None


async def test_stream_that_ends_within_a_letter_is_whole() -> None:
    """And one of another shape is a fault of the server."""

    async def deltas(*items: Any) -> Any:
        for item in items:
            if isinstance(item, Exception):
                raise item
            yield item

    half = checked(deltas(TextDelta(text="a\ud83d"), StopDelta(reason="stop")))
    text = "".join([one.text async for one in half if isinstance(one, TextDelta)])
    assert text.startswith("a") and len(text) == 2
    with pytest.raises(BadResponseError):
        _ = [one async for one in checked(deltas(KeyError("choices")))]


async def test_card_that_can_not_be_made_or_written_is_told(
    core: HomeAssistant,
    companion: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    tmp_path: Any,
) -> None:
    """By action and by command, with its reason."""
    core.config.allowlist_external_dirs.add(str(tmp_path))
    broken = CardError(CardProblem.NO_NAME)
    path = tmp_path / "card.json"
    path.write_text("{}")
    for function, action in (("async_import_file", "import"), ("async_export_card", "export")):
        with (
            patch.object(card_services, function, side_effect=broken),
            patch.object(card_services, "_async_path", return_value=path),
            pytest.raises(HomeAssistantError),
        ):
            await getattr(card_services, f"_{action}")(Mock(hass=core, data={"character": None}))
    with (
        patch.object(card_services, "async_export_card", return_value=b"x"),
        patch.object(card_services, "_async_path", return_value=path / "x.json"),
        pytest.raises(HomeAssistantError),
    ):
        await card_services._export(Mock(hass=core, data={}))
    card = Card(await hass_ws_client(core))
    with patch(
        "custom_components.waifu_rt3d.websocket.cards.async_export_card", side_effect=broken
    ):
        refused = await card.call(type="waifu_rt3d/character/export", format="json")
    assert not refused["success"]
    for command in ("turn/start", "touch"):
        message: dict[str, Any] = {"type": f"waifu_rt3d/{command}", "character": "gone"}
        message |= {"text": "Hi"} if command == "turn/start" else {"zone": "head"}
        assert not (await card.call(**message))["success"]
    assert not (await card.call(type="waifu_rt3d/turn/start", text="  "))["success"]


async def test_audio_server_that_is_gone_or_silent_is_told() -> None:
    """A refusal shows that it is there; a fault of ours is raised as it is."""
    client = Mock()
    server = ApiSpeech.of(client, ApiSettings(url="http://nas:1", languages=("en",)))
    client.models.list = AsyncMock(side_effect=APIConnectionError(request=Mock()))
    with pytest.raises(WireError, match="Nothing answers"):
        await server.refresh()
    client.models.list.side_effect = ValueError("a fault of ours")
    await server.refresh()
    client.audio.speech.create = AsyncMock(return_value=Mock(content=b"RIFF"))
    with pytest.raises(WireError, match="made no sound"):
        await server._say("Hello.", None)
    client.audio.speech.create.side_effect = KeyError("ours")
    with pytest.raises(KeyError):
        await server._say("Hello.", None)


async def test_card_in_a_room_speaks_for_its_satellite(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """One that is away, or stands elsewhere, is passed over."""
    character = core.data[HOUSE].default_character
    assert character is not None
    registry = er.async_get(core)
    device = dr.async_get(core).async_get_or_create(
        config_entry_id=companion.entry_id, identifiers={("test", "hall")}
    )
    for name, state, device_id in (
        ("away", "unavailable", device.id),
        ("hall", "idle", device.id),
        ("loose", "idle", None),
    ):
        entry = registry.async_get_or_create(
            "assist_satellite", "test", name, device_id=device_id, suggested_object_id=name
        )
        core.states.async_set(entry.entity_id, state)
    own = device_of_card(core, character, "kitchen")
    assert own is not None and own != device.id
