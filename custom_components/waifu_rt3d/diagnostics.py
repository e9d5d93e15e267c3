"""What helps to find a fault, without a word that anybody said."""

from collections.abc import Mapping
from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_API_KEY, CONF_HOST, CONF_URL
from homeassistant.core import HomeAssistant

from .const import CONF_PAIRING_KEY
from .entity import WaifuConfigEntry
from .house import HOUSE
from .room.room import Room
from .runtime import SatelliteRuntime, SpeechRuntime
from .voice.service import SpeechService

REDACTED = {CONF_API_KEY, CONF_PAIRING_KEY, CONF_HOST, CONF_URL, "unique_id"}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: WaifuConfigEntry
) -> dict[str, Any]:
    """Return the entry's settings and the state of what belongs to it, if it is loaded."""
    house = hass.data[HOUSE]
    diagnostics: dict[str, Any] = {
        "entry": async_redact_data(dict(entry.data), REDACTED),
        "options": _plain(entry.options),
        "state": entry.state.value,
        "characters": [
            {
                "model": character.model,
                "voice": character.voice,
                "ears": character.ears,
                "has_pipeline": character.pipeline is not None,
            }
            for character in house.characters.values()
        ],
        "turns": [
            {"state": turn.state.value, "origin": turn.start.origin.value, "error": turn.error}
            for turn in house.turns.values()
        ],
        "memory": house.store is not None,
    }
    # An entry that could not be set up is the one that people ask about.
    match getattr(entry, "runtime_data", None):
        case SpeechRuntime(server=server):
            diagnostics["server"] = _server(server)
        case SatelliteRuntime(room=room):
            diagnostics["satellite"] = _satellite(room)
    return diagnostics


def _server(server: SpeechService) -> dict[str, Any]:
    """Return what a speech server is and can."""
    info = server.info
    return {
        "up": server.health.up,
        "version": info.version,
        "speech_marks": info.speech_marks,
        "grammar": info.grammar,
        "feelings": info.feelings,
        "endpoint": info.endpoint,
        "voices": len(info.voices),
        "listen_languages": list(info.listen_languages),
    }


def _satellite(room: Room) -> dict[str, Any]:
    """Return how a room's satellite is; a wake word may be somebody's name."""
    return {
        "connected": room.connected,
        "state": room.state,
        "settings": _plain(room.settings),
        "stats": _plain(room.stats),
        "wake_words": [
            {"engine": word.engine, "active": word.active, "threshold": word.threshold}
            for word in room.wake_words
        ],
        "recording": room.recording.on,
    }


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what is a number or a yes or no: texts name people and things of the house."""
    return {key: value for key, value in values.items() if isinstance(value, (bool, int, float))}
