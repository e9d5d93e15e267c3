"""waifu-rt3d: an AI companion for the home, with a voice and a face."""

from homeassistant.const import (
    CONF_HOST,
    CONF_PORT,
    EVENT_HOMEASSISTANT_FINAL_WRITE,
    EVENT_HOMEASSISTANT_STOP,
    Platform,
)
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv, issue_registry as ir
from homeassistant.helpers.typing import ConfigType

from . import dashboard, websocket_api
from .actions.cards import async_setup_card_services
from .actions.characters import async_setup_character_services
from .actions.memory import async_setup_services
from .cast import renamed
from .cast.avatar_files import async_open_avatars
from .cast.cards import async_open_cards
from .cast.noticing import async_watch_house
from .cast.presence import async_open_presence
from .companion import async_ensure_pipelines, async_take_changes, load_characters
from .const import (
    CONF_KIND,
    CONF_ORDER,
    CONF_PAIRING_KEY,
    CONF_PIPELINE,
    DEFAULT_ORDER,
    DOMAIN,
    KIND_COMPANION,
    KIND_SATELLITE,
    KIND_SPEECH,
    KIND_SPEECH_API,
)
from .entity import WaifuConfigEntry
from .house import HOUSE, House
from .preflight.after_change import async_check_device
from .problems import async_open_problems
from .providers.errors import ProviderError
from .remembering.care import async_open_memory, async_start_care
from .remembering.exchange_files import async_serve_exports
from .remembering.leaving import ISSUE_LEFT, async_leave
from .room import running_timers, whereabouts
from .room.entity import register_room
from .runtime import CompanionRuntime, SatelliteRuntime, SpeechRuntime
from .speech.api_servers import async_open_api
from .speech.health import async_watch_server
from .speech.home_grammar import async_warm_ears
from .turns import first_meeting
from .turns.pipeline import async_remove_pipeline
from .turns.turn import CancelReason
from .voice.connection import WireError, WrongKeyError
from .voice.pairing import parse_key
from .voice.service import SpeechService
from .voice.speech import SpeechServer

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

PLATFORMS = {
    KIND_COMPANION: [
        Platform.BUTTON,
        Platform.CONVERSATION,
        Platform.EVENT,
        Platform.SENSOR,
        Platform.STT,
        Platform.TTS,
    ],
    KIND_SPEECH: [Platform.STT, Platform.TTS],
    KIND_SPEECH_API: [Platform.STT, Platform.TTS],
    KIND_SATELLITE: [
        Platform.ASSIST_SATELLITE,
        Platform.BUTTON,
        Platform.NUMBER,
        Platform.SELECT,
        Platform.SENSOR,
        Platform.SWITCH,
    ],
}


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Make the house, its commands and its pages."""
    house = hass.data[HOUSE] = House(hass)
    close_problems = await async_open_problems(hass)
    await async_open_memory(hass)
    await async_open_avatars(hass)
    websocket_api.async_register(hass)
    async_setup_character_services(hass)
    async_setup_card_services(hass)
    first_meeting.async_register(hass)
    running_timers.async_register(hass)
    whereabouts.async_register(hass)
    async_setup_services(hass)
    await async_serve_exports(hass)
    renamed.async_follow(hass)
    stop_care = async_start_care(hass)
    await dashboard.async_serve(hass)

    @callback
    def stop(_event: Event) -> None:
        stop_care()
        house.cancel_all(CancelReason.LOST)

    async def close(_event: Event) -> None:
        if house.store is not None:
            await house.store.close()
        if close_problems is not None:
            await hass.async_add_executor_job(close_problems)

    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, stop)
    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_FINAL_WRITE, close)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: WaifuConfigEntry) -> bool:
    """Set up an entry of any kind."""
    ir.async_delete_issue(hass, DOMAIN, ISSUE_LEFT)
    match entry.data[CONF_KIND]:
        case "companion":
            await _async_setup_companion(hass, entry)
        case "speech":
            await _async_setup_speech(hass, entry)
        case "speech_api":
            await _async_setup_speech_api(hass, entry)
        case "satellite":
            entry.runtime_data = SatelliteRuntime(
                host=entry.data[CONF_HOST],
                port=entry.data[CONF_PORT],
                key=pairing_key(entry),
            )
            register_room(hass, entry)
            await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS[KIND_SATELLITE])
            async_check_device(hass, entry)
    return True


async def _async_setup_companion(hass: HomeAssistant, entry: WaifuConfigEntry) -> None:
    """Set up the characters; later changes are followed without a reload."""
    house = hass.data[HOUSE]
    if house.store is None:
        # It can't be opened, or what was there was deleted when the last entry left.
        await async_open_memory(hass)
    runtime = CompanionRuntime()
    entry.runtime_data = runtime
    await async_open_cards(hass)
    load_characters(house, entry)
    await async_open_presence(hass, house)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS[KIND_COMPANION])
    await dashboard.async_show(hass)

    watch_anew = async_watch_house(hass, entry)

    async def on_update(hass: HomeAssistant, entry: WaifuConfigEntry) -> None:
        watch_anew()
        await async_take_changes(hass, house, entry, runtime)

    @callback
    def on_engines_changed() -> None:
        entry.async_create_task(
            hass, async_ensure_pipelines(hass, house, entry), f"{DOMAIN} pipelines"
        )

    entry.async_on_unload(entry.add_update_listener(on_update))
    entry.async_on_unload(house.on_engines_changed(on_engines_changed))
    await async_ensure_pipelines(hass, house, entry)


async def _async_setup_speech(hass: HomeAssistant, entry: WaifuConfigEntry) -> None:
    """Ask the speech server what it is and let it speak for the house."""
    try:
        server = await SpeechServer.open(
            entry.data[CONF_HOST], entry.data[CONF_PORT], pairing_key(entry)
        )
    except WrongKeyError as err:
        raise ConfigEntryAuthFailed(translation_domain=DOMAIN, translation_key="wrong_key") from err
    except WireError as err:
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN,
            translation_key="server_lost",
            translation_placeholders={"reason": str(err)},
        ) from err
    await _async_use_server(hass, entry, server)
    entry.async_create_background_task(hass, async_warm_ears(hass, server), f"{DOMAIN} warm ears")


async def _async_setup_speech_api(hass: HomeAssistant, entry: WaifuConfigEntry) -> None:
    """Let a server with OpenAI's audio endpoints speak and listen for the house."""
    try:
        server = await async_open_api(hass, entry.data)
        await server.refresh()
    except (ProviderError, WireError) as err:
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN,
            translation_key="server_lost",
            translation_placeholders={"reason": str(err)},
        ) from err
    await _async_use_server(hass, entry, server)


async def _async_use_server(
    hass: HomeAssistant, entry: WaifuConfigEntry, server: SpeechService
) -> None:
    """Give a speech server its entities and its place among the engines of the house."""
    server.order = entry.data.get(CONF_ORDER, DEFAULT_ORDER)
    entry.runtime_data = SpeechRuntime(server=server)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS[KIND_SPEECH])
    entry.async_on_unload(hass.data[HOUSE].add_speech_server(entry.entry_id, server))
    async_watch_server(hass, entry, server)
    async_check_device(hass, entry)


async def async_unload_entry(hass: HomeAssistant, entry: WaifuConfigEntry) -> bool:
    """Unload an entry; turns that need it end."""
    house = hass.data[HOUSE]
    kind = entry.data[CONF_KIND]
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS[kind]):
        return False
    if kind == KIND_COMPANION:
        house.cancel_all(CancelReason.LOST)
        house.characters = {}
        await dashboard.async_hide(hass)
    return True


async def async_remove_entry(hass: HomeAssistant, entry: WaifuConfigEntry) -> None:
    """Remove what the entry made: repairs, pipelines and the dashboard resource; ask about the files."""
    async_leave(hass, entry)
    if entry.data[CONF_KIND] != KIND_COMPANION:
        return
    for subentry in entry.subentries.values():
        if pipeline_id := subentry.data.get(CONF_PIPELINE):
            await async_remove_pipeline(hass, pipeline_id)
    await dashboard.async_remove_resource(hass)


async def async_migrate_entry(hass: HomeAssistant, entry: WaifuConfigEntry) -> bool:
    """Accept entries of this version; one from a newer release is left alone."""
    return entry.version == 1


def pairing_key(entry: WaifuConfigEntry) -> bytes | None:
    """Return the key of an entry, nothing where the owner chose the plain protocol."""
    text = entry.data.get(CONF_PAIRING_KEY)
    return parse_key(text) if text else None
