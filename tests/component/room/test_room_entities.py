"""The satellite's entities in a real Home Assistant, with a real satellite behind them."""

from collections.abc import AsyncGenerator
from pathlib import Path

from homeassistant.components.assist_pipeline import async_get_pipelines
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from ..processes import free_port, make_spoken_wav, say_into_satellite
from .rooms import SATELLITE, async_until, room_entry, room_in, states_from_now

SWITCHES = "custom_components.waifu_rt3d.switch"


@pytest.fixture
async def kitchen(
    core: HomeAssistant, tmp_path: Path, companion: MockConfigEntry, socket_enabled: None
) -> AsyncGenerator[MockConfigEntry]:
    """Return the entry of a room that is set up and connected."""
    async with room_in(core, tmp_path) as entry:
        await async_until(lambda: _state(core, "number.kitchen_volume") != "unavailable")
        await async_until(lambda: core.states.get("number.kitchen_sure_of_hey_jarvis") is not None)
        yield entry


def _state(hass: HomeAssistant, entity_id: str) -> str:
    """Return an entity's state, "unavailable" where there is none."""
    state = hass.states.get(entity_id)
    return state.state if state is not None else "unavailable"


async def _call(hass: HomeAssistant, action: str, entity_id: str, **data: object) -> None:
    """Call an action of an entity."""
    domain, _, name = action.partition(".")
    await hass.services.async_call(domain, name, {"entity_id": entity_id, **data}, blocking=True)


async def test_wake_words_are_chosen_in_home_assistant(
    hass: HomeAssistant, kitchen: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    """Core's own dialogue offers them all, and the satellite listens for the chosen ones."""
    client = await hass_ws_client(hass)
    await client.send_json_auto_id(
        {"type": "assist_satellite/get_configuration", "entity_id": SATELLITE}
    )
    config = (await client.receive_json())["result"]
    assert {"alexa", "hey_jarvis"} <= {word["id"] for word in config["available_wake_words"]}
    assert config["active_wake_words"] == ["hey_jarvis"]
    assert config["max_active_wake_words"] > 1
    await client.send_json_auto_id(
        {
            "type": "assist_satellite/set_wake_words",
            "entity_id": SATELLITE,
            "wake_word_ids": ["alexa", "hey_jarvis"],
        }
    )
    assert (await client.receive_json())["success"]
    await async_until(lambda: hass.states.get("number.kitchen_sure_of_alexa") is not None)
    state = hass.states.get("number.kitchen_sure_of_alexa")
    assert state is not None
    assert state.attributes["licence"] == "CC BY-NC-SA 4.0"
    assert state.attributes["engine"] == "openwakeword"


async def test_several_wake_words_are_switched_on(
    hass: HomeAssistant, kitchen: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each word has a switch; the satellite listens for all that are on, for so many, or for none."""
    switch = "switch.kitchen_listen_for_{}"
    await async_until(lambda: _state(hass, switch.format("alexa")) == "off")
    assert _state(hass, switch.format("hey_jarvis")) == "on"
    await _call(hass, "switch.turn_on", switch.format("alexa"))
    await async_until(lambda: _state(hass, switch.format("alexa")) == "on")
    await async_until(lambda: hass.states.get("number.kitchen_sure_of_alexa") is not None)
    monkeypatch.setattr(f"{SWITCHES}.MOST_WAKE_WORDS", 2)
    with pytest.raises(ServiceValidationError, match="2 wake words at most"):
        await _call(hass, "switch.turn_on", switch.format("hey_marvin"))
    for word in ("alexa", "hey_jarvis"):
        await _call(hass, "switch.turn_off", switch.format(word))
        await async_until(lambda word=word: _state(hass, switch.format(word)) == "off")
    assert _state(hass, "number.kitchen_sure_of_alexa") == "unavailable"
    await _call(hass, "switch.turn_on", switch.format("hey_jarvis"))
    await async_until(lambda: _state(hass, switch.format("hey_jarvis")) == "on")


async def test_settings_are_those_of_the_satellite(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    """A slider moves the satellite's own setting, which is what is shown."""
    await _call(hass, "number.set_value", "number.kitchen_volume", value=40)
    await async_until(lambda: _state(hass, "number.kitchen_volume") == "40.0")
    await _call(hass, "number.set_value", "number.kitchen_sure_of_hey_jarvis", value=0.7)
    await async_until(lambda: _state(hass, "number.kitchen_sure_of_hey_jarvis") == "0.7")
    await _call(hass, "switch.turn_on", "switch.kitchen_chime_when_listening")
    await async_until(lambda: _state(hass, "switch.kitchen_chime_when_listening") == "on")
    await _call(hass, "switch.turn_on", "switch.kitchen_microphone_off")
    await async_until(lambda: _state(hass, "switch.kitchen_microphone_off") == "on")
    await _call(hass, "switch.turn_off", "switch.kitchen_microphone_off")
    await async_until(lambda: _state(hass, "switch.kitchen_microphone_off") == "off")


async def test_wake_tester_shows_live_scores(
    hass: HomeAssistant, kitchen: MockConfigEntry, tmp_path: Path
) -> None:
    """While it is on, a spoken word is seen with its score."""
    spoken = tmp_path / "spoken.wav"
    await make_spoken_wav(spoken, "hey jarvis")
    await _call(hass, "switch.turn_on", "switch.kitchen_wake_tester")
    scores = states_from_now(hass, "sensor.kitchen_live_score_of_hey_jarvis")
    await say_into_satellite(tmp_path, spoken)
    await async_until(lambda: any(_number(score) > 0.5 for score in scores))
    await _call(hass, "switch.turn_off", "switch.kitchen_wake_tester")
    assert _state(hass, "switch.kitchen_wake_tester") == "off"


async def test_debug_recording_is_seen_and_ends(
    hass: HomeAssistant, kitchen: MockConfigEntry, tmp_path: Path
) -> None:
    """Only who enables the entity can record; the switch shows what the satellite does."""
    switch = "switch.kitchen_record_the_microphone"
    registry = er.async_get(hass)
    known = registry.async_get(switch)
    assert known is not None
    assert known.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    registry.async_update_entity(switch, disabled_by=None)
    await hass.config_entries.async_reload(kitchen.entry_id)
    await async_until(lambda: _state(hass, switch) == "off")
    await _call(hass, "switch.turn_on", switch)
    await async_until(lambda: _state(hass, switch) == "on")
    await _call(hass, "switch.turn_off", switch)
    await async_until(lambda: _state(hass, switch) == "off")
    assert len(list(tmp_path.rglob("recordings/*.wav"))) == 1


def _number(state: str) -> float:
    """Return a sensor's number, 0 where it has none."""
    try:
        return float(state)
    except ValueError:
        return 0.0


async def test_buttons_listen_stop_and_identify(
    hass: HomeAssistant, speech: MockConfigEntry, kitchen: MockConfigEntry
) -> None:
    """A press in Home Assistant is a press in the room."""
    await _call(hass, "button.press", "button.kitchen_identify")
    await _call(hass, "button.press", "button.kitchen_listen")
    await async_until(lambda: _state(hass, SATELLITE) in {"listening", "processing"})
    await _call(hass, "button.press", "button.kitchen_stop")
    await async_until(lambda: _state(hass, SATELLITE) == "idle")


async def test_each_wake_word_has_a_character_of_its_own(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    """The select of a word offers every assistant, and by default the room's."""
    select = hass.states.get("select.kitchen_assistant_for_hey_jarvis")
    assert select is not None
    assert select.state == "preferred"
    names = {pipeline.name for pipeline in async_get_pipelines(hass)}
    assert names <= set(select.attributes["options"])


async def test_lost_satellite_says_so(
    hass: HomeAssistant, companion: MockConfigEntry, socket_enabled: None
) -> None:
    """Settings of a satellite that is not there can't be changed, and that is said."""
    entry = room_entry(free_port())
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert _state(hass, "number.kitchen_volume") == "unavailable"
    room = entry.runtime_data.room
    with pytest.raises(HomeAssistantError, match="not connected"):
        await room.async_send("identify")
    await hass.config_entries.async_unload(entry.entry_id)
