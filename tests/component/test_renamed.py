"""Who gives an entity another id finds all that named it going on with it."""

from homeassistant.components.assist_pipeline import async_get_pipeline
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from .cards import Card


async def rename(core: HomeAssistant, old: str, new: str) -> None:
    """Give an entity another id, as its dialogue does."""
    er.async_get(core).async_update_entity(old, new_entity_id=new)
    await core.async_block_till_done(wait_background_tasks=True)


async def test_character_goes_on_under_another_id(
    core: HomeAssistant,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Its pipeline names the new ones, and it is still heard."""
    (character,) = companion.subentries.values()
    for old, new in (
        ("conversation.mira", "conversation.spirit"),
        ("tts.mira_voice", "tts.spirit"),
        ("stt.mira_ears", "stt.spirit"),
    ):
        await rename(core, old, new)
    pipeline = async_get_pipeline(core, character.data["pipeline"])
    assert pipeline.conversation_engine == "conversation.spirit"
    assert (pipeline.stt_engine, pipeline.tts_engine) == ("stt.spirit", "tts.spirit")
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    await card.call(type="waifu_rt3d/turn/start", text="Are you there?")
    assert (await card.until("audio"))["data"]["url"]


async def test_what_names_others_follows_them(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """Mind, voice, what is watched over and the music of a room."""
    registry = er.async_get(core)
    for domain in ("conversation", "tts", "person", "media_player"):
        registry.async_get_or_create(domain, "demo", domain, suggested_object_id="old")
    (character,) = companion.subentries.values()
    data = {**character.data, "model": "conversation.old", "voice": "tts.old"}
    core.config_entries.async_update_subentry(companion, character, data=data)
    watched = {"watched": ["person.old", "person.other"], "sleep_after_min": 5}
    core.config_entries.async_update_entry(companion, options=watched)
    room = MockConfigEntry(
        domain="waifu_rt3d",
        data={"kind": "satellite", "host": "127.0.0.1", "port": 1},
        options={"media_players": ["media_player.old"]},
        disabled_by=ConfigEntryDisabler.USER,
    )
    room.add_to_hass(core)
    await core.async_block_till_done()
    for domain in ("conversation", "tts", "person", "media_player"):
        await rename(core, f"{domain}.old", f"{domain}.new")
    (character,) = companion.subentries.values()
    assert (character.data["model"], character.data["voice"]) == ("conversation.new", "tts.new")
    assert companion.options == {"watched": ["person.new", "person.other"], "sleep_after_min": 5}
    assert room.options["media_players"] == ["media_player.new"]
