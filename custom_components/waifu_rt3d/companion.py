"""The companion entry: its characters, each with an explicit pipeline of its own."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import language as language_util

from .cast.character import Character
from .cast.children import CHILDREN, Children
from .cast.shown import async_show_characters
from .const import CONF_PIPELINE, CONF_ROOMS, SUBENTRY_CHARACTER, SUBENTRY_PROVIDER
from .house import House
from .minds.consent import CONSENTS, Consents
from .minds.model_servers import MODEL_SERVERS, ModelServer, ModelServers
from .minds.talks import TALKS, Talks
from .room.rooms import async_use_in_rooms
from .runtime import CompanionRuntime
from .speech.engines import Engine, ears_for, voice_for
from .turns.pipeline import async_ensure_pipeline, async_remove_pipeline
from .turns.prefill import PREFILLS, Prefills
from .voice.service import SpeechService


@callback
def load_characters(house: House, entry: ConfigEntry) -> None:
    """Take the characters and providers of the entry's subentries into the house."""
    house.characters = {
        character.id: character
        for subentry in entry.subentries.values()
        if subentry.subentry_type == SUBENTRY_CHARACTER
        for character in (Character.from_subentry(subentry),)
    }
    house.hass.data.setdefault(TALKS, Talks())
    house.hass.data.setdefault(CONSENTS, Consents())
    house.hass.data.setdefault(CHILDREN, Children(house.hass))
    house.hass.data.setdefault(PREFILLS, Prefills())
    servers = house.hass.data.setdefault(MODEL_SERVERS, ModelServers(house.hass))
    servers.take(
        {
            subentry.subentry_id: ModelServer.from_subentry(subentry)
            for subentry in entry.subentries.values()
            if subentry.subentry_type == SUBENTRY_PROVIDER
        }
    )


@callback
def named_character(house: House, wanted: str | None) -> Character | None:
    """Return the character that is meant by its id, entity or name; the house's first for none."""
    if not wanted or wanted in house.characters:
        return house.character_or_default(wanted or None)
    for character in house.characters.values():
        entity_id = character.entity_id(house.hass, Platform.CONVERSATION)
        if wanted == entity_id or wanted.casefold() == character.name.casefold():
            return character
    return None


async def async_take_changes(
    hass: HomeAssistant, house: House, entry: ConfigEntry, runtime: CompanionRuntime
) -> None:
    """Follow added, changed and removed characters without a reload: no running turn is cut."""
    before = {character.pipeline for character in house.characters.values()}
    load_characters(house, entry)
    runtime.characters_changed()
    async_show_characters(hass)
    await async_ensure_pipelines(hass, house, entry)
    kept = {character.pipeline for character in house.characters.values()}
    for pipeline_id in filter(None, before - kept):
        await async_remove_pipeline(hass, pipeline_id)


async def async_ensure_pipelines(hass: HomeAssistant, house: House, entry: ConfigEntry) -> None:
    """Give every character a working pipeline with the engines of the moment."""
    for character in list(house.characters.values()):
        conversation_engine = character.entity_id(hass, Platform.CONVERSATION)
        if conversation_engine is None:
            continue
        pipeline_id = await async_ensure_pipeline(
            hass,
            pipeline_id=character.pipeline,
            name=character.name,
            conversation_engine=conversation_engine,
            ears=_ears(hass, house, character),
            voice=_voice(hass, house, character),
        )
        data = dict(entry.subentries[character.subentry_id].data)
        # taken out before it is done: what the owner chooses in a room later on stays
        rooms = data.pop(CONF_ROOMS, [])
        data[CONF_PIPELINE] = pipeline_id
        hass.config_entries.async_update_subentry(
            entry, entry.subentries[character.subentry_id], data=data
        )
        await async_use_in_rooms(hass, pipeline_id, rooms)


def _voice(hass: HomeAssistant, house: House, character: Character) -> tuple[str, str] | None:
    """Return the character's voice entity and its language, where an engine is there."""
    engine: Engine | None = voice_for(house, character)
    entity_id = character.entity_id(hass, Platform.TTS)
    language = _language(hass, engine.languages) if engine else None
    return (entity_id, language) if entity_id and language else None


def _ears(hass: HomeAssistant, house: House, character: Character) -> tuple[str, str] | None:
    """Return the character's ears entity and its language, where an engine is there."""
    engine = ears_for(house, character)
    entity_id = character.entity_id(hass, Platform.STT)
    if engine is None or entity_id is None:
        return None
    languages = (
        list(engine.info.listen_languages)
        if isinstance(engine, SpeechService)
        else list(engine.supported_languages)
    )
    language = _language(hass, languages)
    return (entity_id, language) if language else None


def _language(hass: HomeAssistant, languages: list[str]) -> str | None:
    """Return the language among these that is nearest to Home Assistant's."""
    matches = language_util.matches(hass.config.language, languages, country=hass.config.country)
    return matches[0] if matches else None
