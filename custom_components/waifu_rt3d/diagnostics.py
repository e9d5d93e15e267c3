"""What helps to find a fault, without a word that anybody said."""

from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_API_KEY, CONF_HOST, CONF_URL
from homeassistant.core import HomeAssistant

from .const import CONF_PAIRING_KEY
from .entity import WaifuConfigEntry
from .house import HOUSE
from .runtime import SpeechRuntime

REDACTED = {CONF_API_KEY, CONF_PAIRING_KEY, CONF_HOST, CONF_URL, "unique_id"}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: WaifuConfigEntry
) -> dict[str, Any]:
    """Return the entry's settings and the state of what belongs to it."""
    house = hass.data[HOUSE]
    diagnostics: dict[str, Any] = {
        "entry": async_redact_data(dict(entry.data), REDACTED),
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
    if isinstance(entry.runtime_data, SpeechRuntime):
        info = entry.runtime_data.server.info
        diagnostics["server"] = {
            "version": info.version,
            "speech_marks": info.speech_marks,
            "grammar": info.grammar,
            "voices": len(info.voices),
            "listen_languages": list(info.listen_languages),
        }
    return diagnostics
