"""One character has one body: a card calls her into its room, and she walks off the others."""

from typing import Any

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import area_registry as ar
import probatio as vol

from ..cast.presence import PRESENCE
from ..const import DOMAIN
from ..house import HOUSE
from ..remembering.rights import is_household


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the card's command."""
    websocket_api.async_register_command(hass, ws_come)


@websocket_api.websocket_command(
    {
        vol.Required("type"): "waifu_rt3d/come",
        vol.Required("character"): str,
        vol.Required("area"): str,
    }
)
@callback
def ws_come(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]
) -> None:
    """Let a character go to a room; only who lives here calls her away from others."""
    known = msg["character"] in hass.data[HOUSE].characters
    if not known or ar.async_get(hass).async_get_area(msg["area"]) is None:
        connection.send_error(
            msg["id"],
            websocket_api.ERR_NOT_FOUND,
            "There is no such character or room",
            translation_domain=DOMAIN,
            translation_key="character_missing",
        )
        return
    if is_household(connection.user):
        hass.data[PRESENCE].come(msg["character"], msg["area"])
    connection.send_result(msg["id"], {})
