"""Parts that fail beside us: the house goes on, and says what it could not do."""

import asyncio
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, Mock, patch
import zipfile

from homeassistant.components import conversation, tts
from homeassistant.components.lovelace.const import LOVELACE_DATA
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, UnknownUser
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.waifu_rt3d import backup, dashboard
from custom_components.waifu_rt3d.actions.rights import async_check_control
from custom_components.waifu_rt3d.cast import imported as imported_characters
from custom_components.waifu_rt3d.cast.character import Character
from custom_components.waifu_rt3d.characters.cards.errors import CardError, CardProblem
from custom_components.waifu_rt3d.const import DOMAIN
from custom_components.waifu_rt3d.house import HOUSE
from custom_components.waifu_rt3d.memory.exchange.growing import ForeignCharacter
from custom_components.waifu_rt3d.memory.faults import StoreDamaged, StoreError
from custom_components.waifu_rt3d.minds.house_tools import async_use, specs
from custom_components.waifu_rt3d.providers.base import ToolCall
from custom_components.waifu_rt3d.remembering import bundle, care as memory_care
from custom_components.waifu_rt3d.remembering.rights import MemoryRefusal
from custom_components.waifu_rt3d.remembering.sensors import SENSORS, MemorySensor
from custom_components.waifu_rt3d.room import hearing, ring_line, rooms
from custom_components.waifu_rt3d.room.events import wake_phrases
from custom_components.waifu_rt3d.room.sound import RoomSound
from custom_components.waifu_rt3d.speech import engines
from custom_components.waifu_rt3d.turns import say
from custom_components.waifu_rt3d.voice.connection import WireError

from .agents import StreamingAgent, add_agent


async def test_backup_of_a_memory_that_fails_is_told(
    core: HomeAssistant, companion: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """Before it, core is told and makes none; after it, only the log is."""
    store = core.data[HOUSE].store
    with (
        patch.object(type(store), "hold", side_effect=StoreError("The disk is full")),
        pytest.raises(MemoryRefusal),
    ):
        await backup.async_pre_backup(core)
    with patch.object(type(store), "release", side_effect=StoreError("The disk is full")):
        await backup.async_post_backup(core)
    assert "could not be released" in caplog.text
    with patch.object(core.data[HOUSE], "store", None):
        await backup.async_pre_backup(core)
        await backup.async_post_backup(core)


async def test_copy_without_a_built_card_is_told(
    core: HomeAssistant, companion: MockConfigEntry, tmp_path: Path
) -> None:
    """Who cloned the repository reads what is missing."""
    with patch.object(dashboard, "BUILD", tmp_path):
        await dashboard.async_serve(core)
    assert ir.async_get(core).async_get_issue(DOMAIN, dashboard.ISSUE_NOT_BUILT) is not None


def resources(core: HomeAssistant) -> list[str]:
    """Return the addresses of the dashboard's resources."""
    return [item["url"] for item in core.data[LOVELACE_DATA].resources.async_items()]


async def test_resource_follows_the_version_and_goes_with_the_companion(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """An older address is changed in place; another's resource is left alone."""
    kept = core.data[LOVELACE_DATA].resources
    await kept.async_create_item({"res_type": "module", "url": "/local/other.js"})
    with patch.object(dashboard, "VERSION", "99.0.0"):
        await dashboard._add_resource(core)
    assert [url for url in resources(core) if "99.0.0" in url and dashboard.CARD_URL in url]
    pipeline = next(iter(companion.subentries.values())).data["pipeline"]
    assert await core.config_entries.async_remove(companion.entry_id)
    assert resources(core) == ["/local/other.js"]
    found = core.data["assist_pipeline"].pipeline_store.data
    assert pipeline not in found


async def test_yaml_dashboards_load_the_card_on_every_page(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """Where resources can't be written, it is added to the page and taken off again."""
    with (
        patch.object(core.data[LOVELACE_DATA], "resources", object()),
        patch.object(dashboard, "add_extra_js_url") as added,
        patch.object(dashboard, "remove_extra_js_url") as removed,
    ):
        await dashboard._add_resource(core)
        await dashboard.async_remove_resource(core)
    assert added.call_args == removed.call_args


def stream(*pieces: bytes) -> Any:
    """Return a result stream of these bytes."""

    async def result() -> Any:
        for piece in pieces:
            yield piece

    return SimpleNamespace(async_stream_result=result)


async def test_reply_that_can_not_be_sent_costs_its_sound_only() -> None:
    """The turn goes on without a voice."""
    link = Mock(send=AsyncMock(side_effect=WireError("gone")))
    sound, turn = RoomSound(link), Mock(id="t1")
    wav = b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x01\0\x80>\0\0\0}\0\0\x02\0\x10\0data\xff\xff\xff\xff"
    await sound.play(turn, stream(wav + b"ab" * 800))
    turn.lose_voice.assert_not_called()
    await sound.stop(turn)
    link.send.side_effect = None
    await sound.play(turn, stream(b"no sound at all" * 10))
    turn.lose_voice.assert_called_once()
    await sound.stop(Mock(id="another"))
    await sound.play_stream(stream())


async def test_any_sound_file_is_played_in_a_room(core: HomeAssistant, tmp_path: Path) -> None:
    """A chime first, then a file of the media browser; a satellite that never answers is not waited for."""
    assert await async_setup_component(core, "ffmpeg", {})
    path = tmp_path / "chime.wav"
    path.write_bytes(
        b"RIFF\x24\x32\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80>\0\0\0}\0\0\x02\0\x10\0data\0\x32\0\0"
        + b"ab" * 6400
    )
    link = Mock(send=AsyncMock())
    sound = RoomSound(link)
    link.send.side_effect = lambda event: sound.played() if event.type == "audio-stop" else None
    announcement = Mock(tts_token=None, preannounce_media_id=str(path), media_id=str(path))
    await sound.announce(core, announcement)
    sent = [call.args[0].type for call in link.send.call_args_list]
    assert (sent.count("audio-start"), sent.count("audio-stop")) == (2, 2)
    link.send.side_effect = None
    with patch("custom_components.waifu_rt3d.room.sound.PLAYED_GRACE_S", -10):
        await sound.play_media(core, str(path))


async def test_memory_that_fails_is_looked_after_again(
    core: HomeAssistant, companion: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """Each care may fail and does not take the next one with it."""
    house = core.data[HOUSE]
    store = house.store
    assert store is not None
    with patch.object(type(store), "check", side_effect=StoreError("busy")):
        await memory_care._async_check(core, store)
    with patch.object(type(store), "nightly", side_effect=StoreError("busy")):
        await memory_care.async_night(core)
    with patch.object(memory_care, "async_read_on", side_effect=StoreError("busy")):
        await memory_care._async_read_on(core)
    with patch.object(house, "store", None):
        await memory_care._async_purge(core)
    assert "could not be looked after" in caplog.text
    with (
        patch.object(type(store), "check", side_effect=StoreDamaged("page 7")),
        patch.object(memory_care, "async_reopen_memory") as reopened,
    ):
        await memory_care._async_check(core, store)
    reopened.assert_awaited_once()
    with (
        patch.object(type(store), "purge", AsyncMock(return_value=Mock(messages=[1]))),
        patch.object(memory_care, "async_forget_copies") as forgotten,
    ):
        await memory_care._async_purge(core)
    forgotten.assert_awaited_once()


async def test_figures_of_a_closed_memory_are_unavailable(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """They come back when it can be asked."""
    house = core.data[HOUSE]
    sensor = MemorySensor(house, SENSORS[0])
    with patch.object(house, "store", None):
        await sensor._async_count()
    assert not sensor.available
    with patch.object(sensor, "_async_figures", side_effect=StoreError("busy")):
        await sensor._async_count()
    assert not sensor.available
    sensor.hass = core
    sensor.async_write_ha_state = Mock()  # type: ignore[method-assign] # counted
    await sensor._async_count_anew(Mock())
    assert sensor.available


async def test_character_of_an_import_that_is_no_card_is_left_out(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """The others are made."""
    one = ForeignCharacter(name="Ada", system_prompt="Be kind")
    with patch.object(
        imported_characters, "async_import_card", side_effect=CardError(CardProblem.NO_NAME)
    ):
        assert await imported_characters.async_make_characters(core, Mock(characters=[one])) == []


async def test_backup_file_that_is_none_changes_nothing(
    core: HomeAssistant, companion: MockConfigEntry, tmp_path: Path
) -> None:
    """Too large, of something else, leading out, of another version."""

    def file(**names: str) -> Path:
        path = tmp_path / "backup.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in names.items():
                archive.writestr(name.replace("__", "/"), text)
        return path

    base = {bundle.SETTINGS: "{}", bundle.DATABASE: ""}
    for names, reason in (
        ({"other.txt": "x"}, "no backup"),
        ({**base, "..__..__out": "x"}, "leads out"),
        (base, "another version"),
    ):
        with pytest.raises(MemoryRefusal, match=reason):
            await bundle.async_restore(core, file(**names))
    with patch.object(bundle, "MAX_BYTES", 1), pytest.raises(MemoryRefusal, match="too large"):
        await bundle.async_restore(core, file(**base))
    assert core.data[HOUSE].store is not None


async def test_backup_that_can_not_be_written_is_told(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """A full disk, or a memory that fails."""
    for fault in (OSError(28, "No space left"), StoreError("busy")):
        with patch.object(bundle, "_write", side_effect=fault), pytest.raises(MemoryRefusal):
            await bundle.async_backup(core)


def test_parts_of_a_backup_go_where_they_belong(tmp_path: Path) -> None:
    """Pictures and cards too."""
    unpacked, folder = tmp_path / "new", tmp_path / "here"
    for path in (unpacked / bundle.DATABASE, unpacked / bundle.LIBRARY / "cards" / "ada.json"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    folder.mkdir()
    bundle._put_in_place(unpacked, folder, folder / "companion.db")
    assert (folder / "cards" / "ada.json").read_text() == "x"
    assert not unpacked.exists()


async def test_without_a_companion_no_characters_come_back(core: HomeAssistant) -> None:
    """They are left out, and the log says so."""
    assert bundle._add_characters(core, {"characters": []}) == []


async def test_line_at_a_ring_is_said_only_while_it_rings(
    core: HomeAssistant, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And an announcement that fails leaves the ring."""
    monkeypatch.setattr(ring_line, "RING_S", 0.0)
    said = AsyncMock(side_effect=HomeAssistantError("busy"))
    monkeypatch.setattr(ring_line, "async_say_line", said)
    await ring_line.async_say_ring(core, Mock(state="idle"), "s", Mock(), "tea")
    said.assert_not_called()
    await ring_line.async_say_ring(core, Mock(state="ringing"), "s", Mock(), "tea")
    assert "rings without a word" in caplog.text


async def test_microphone_that_says_nothing_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a place of a sound that makes no sense is dropped."""
    monkeypatch.setattr(hearing, "FIRST_SOUND_LIMIT_S", 0.0)
    audio: hearing.Microphone = asyncio.Queue()
    assert [chunk async for chunk in hearing.microphone(audio)] == []
    turn, clock = Mock(), Mock(known=False)
    hearing.take_playback(turn, clock, "playback-started", {"at_ms": 1})
    clock.known = True
    hearing.take_playback(turn, clock, "playback-started", {"at_ms": "soon"})
    turn.sound_at.assert_not_called()
    assert wake_phrases(Mock(data={"wake": [{"name": 5}]})) == set()


async def test_room_without_a_choice_of_assistant_is_left_out(
    core: HomeAssistant, companion: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """A satellite that is gone, or whose choice fails, does not stop the others."""
    character = core.data[HOUSE].default_character
    assert character is not None and character.pipeline is not None
    await rooms.async_use_in_rooms(core, character.pipeline, ["assist_satellite.gone"])
    with patch.object(rooms, "_pipeline_select", return_value="select.gone"):
        core.services.async_register(
            "select", "select_option", AsyncMock(side_effect=HomeAssistantError("no"))
        )
        await rooms.async_use_in_rooms(core, character.pipeline, ["assist_satellite.hall"])
    assert caplog.text.count("can't be chosen") == 2
    assert rooms.area_of_entity(core, "light.gone") is None
    assert rooms._pipeline_select(core, "light.gone") is None


async def test_character_speaks_in_the_rooms_that_chose_it(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """A room without a choice uses the character of the house."""
    registry = er.async_get(core)
    house = core.data[HOUSE]
    character = house.default_character
    assert character is not None and character.pipeline is not None
    kitchen = registry.async_get_or_create(
        "assist_satellite", DOMAIN, "one-assist_satellite", suggested_object_id="kitchen"
    )
    core.states.async_set(kitchen.entity_id, "idle")
    assert say.rooms_of(core, character) == [kitchen.entity_id]
    select = registry.async_get_or_create("select", DOMAIN, "one-pipeline")
    core.states.async_set(select.entity_id, "preferred")
    assert say.rooms_of(core, character) == [kitchen.entity_id]
    core.states.async_set(select.entity_id, "Somebody else")
    assert say.rooms_of(core, character) == []
    name = say.async_get_pipeline(core, character.pipeline).name
    core.states.async_set(select.entity_id, name)
    assert say.rooms_of(core, character) == [kitchen.entity_id]
    core.states.async_set(kitchen.entity_id, "unavailable")
    assert say.rooms_of(core, character) == []


class FailingAgent(StreamingAgent):
    """An agent that breaks."""

    _attr_unique_id = "failing"
    entity_id = "conversation.failing"

    async def _async_handle_message(self, *_: Any) -> conversation.ConversationResult:
        """Break."""
        raise HomeAssistantError("out of words")


async def test_text_is_reworded_by_whoever_thinks(
    core: HomeAssistant, companion: MockConfigEntry, agent: StreamingAgent
) -> None:
    """An agent's words, or the text itself where it fails; Home Assistant's own says it as a command."""
    character = core.data[HOUSE].default_character
    assert character is not None
    agent.pieces = ["The tea is ready, my dear."]
    assert await say._async_reworded(core, character, "Tea") == "The tea is ready, my dear."
    await add_agent(core, FailingAgent([]))

    def with_model(model: str) -> Character:
        return replace(character, model=model)

    assert await say._async_reworded(core, with_model("conversation.failing"), "Tea") == "Tea"
    own = with_model(conversation.HOME_ASSISTANT_AGENT)
    assert "Tea" in await say._async_reworded(core, own, "Tea")


async def test_voice_of_another_integration_that_fails_is_told(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """One that is gone is none; one that breaks, or makes no sound, says so; silence is not asked."""
    assert engines._entity_voice(core, "tts.gone") is None

    async def text(words: str) -> Any:
        yield words

    async def spoken(words: str) -> list[Any]:
        return [
            item async for item in engines._speak_by_entity(core, "tts.x", text(words), "en", None)
        ]

    assert await spoken("  ") == []
    with (
        patch.object(tts, "async_create_stream", side_effect=HomeAssistantError("no engine")),
        pytest.raises(engines.VoiceError, match="no engine"),
    ):
        await spoken("Hello")
    silent = Mock(async_stream_result=stream().async_stream_result)
    with (
        patch.object(tts, "async_create_stream", return_value=silent),
        pytest.raises(engines.VoiceError, match="made no sound"),
    ):
        await spoken("Hello")


async def test_local_voice_of_the_house_is_found(core: HomeAssistant) -> None:
    """Engines that run in the house may stand in for ours."""
    entry = er.async_get(core).async_get_or_create("tts", next(iter(engines.LOCAL_PLATFORMS)), "1")
    core.states.async_set(entry.entity_id, "unknown")
    assert engines.local_engine(core, engines.Platform.TTS) == entry.entity_id


async def test_tools_that_are_not_there_are_refused() -> None:
    """The model reads why."""
    assert specs(None) == []
    for call in (
        ToolCall(id="1", name="x", arguments={}, invalid="[1]"),
        ToolCall(id="1", name="x", arguments={}),
    ):
        assert (await async_use(None, call)).result.error


async def test_action_of_a_deleted_user_is_refused(core: HomeAssistant) -> None:
    """A context may outlive its user."""
    with pytest.raises(UnknownUser):
        await async_check_control(core, Context(user_id="gone"), ["light.x"])
