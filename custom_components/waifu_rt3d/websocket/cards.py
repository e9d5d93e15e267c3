"""Characters from cards: take one in (administrators), give one out."""

from typing import Any

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import probatio as vol

from ..actions.cards import SPECS
from ..cast.cards import (
    DEFAULT_MODEL,
    CardRefusal,
    ImportedCard,
    async_add_character,
    async_export_card,
    async_import_upload,
)
from ..characters.cards.errors import CardError
from ..characters.library import file_name
from ..const import CONF_CHARACTER, CONF_MODEL, DOMAIN
from ..house import HOUSE
from ..remembering.exchange_files import async_offer_bytes

SUFFIXES = ("json", "png", "charx", "jpg", "yaml", "byaf")


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/character/import",
        vol.Required("file_id"): str,
        vol.Optional("name", default=""): str,
        vol.Optional(CONF_MODEL, default=DEFAULT_MODEL): str,
    }
)
@websocket_api.require_admin
@websocket_api.async_response
async def import_character(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]
) -> None:
    """Make a character of an uploaded card; it may use nothing in the house yet."""
    try:
        imported = await async_import_upload(hass, msg["file_id"])
        character_id = async_add_character(hass, imported, name=msg["name"], model=msg[CONF_MODEL])
    except CardError as err:
        refuse(connection, msg["id"], CardRefusal.of(err))
    except HomeAssistantError as err:
        refuse(connection, msg["id"], err)
    else:
        card = imported.card
        connection.send_result(
            msg["id"],
            {
                "character": character_id,
                "name": msg["name"].strip() or card.called,
                "version": card.spec.value,
                "greetings": len(card.greetings),
                "lore_entries": imported.lore_entries,
                "avatar": imported.avatar,
                "warnings": _warnings(imported),
            },
        )


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/character/export",
        vol.Optional(CONF_CHARACTER): str,
        vol.Optional("format", default="png"): vol.In(SUFFIXES),
        vol.Optional("version"): vol.In(SPECS),
    }
)
@websocket_api.require_admin
@websocket_api.async_response
async def export_character(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]
) -> None:
    """Offer a character as a card, to be fetched within some minutes by this user only."""
    character = hass.data[HOUSE].character_or_default(msg.get(CONF_CHARACTER))
    if character is None:
        refuse(connection, msg["id"], CardRefusal("character_missing"))
        return
    suffix = f".{msg['format']}"
    try:
        data = await async_export_card(hass, character, suffix, SPECS.get(msg.get("version", "")))
    except CardError as err:
        refuse(connection, msg["id"], CardRefusal.of(err))
        return
    name = f"{file_name(character.name)}{suffix}"
    offered = await async_offer_bytes(hass, connection.user.id, data, name=name)
    connection.send_result(msg["id"], {"url": offered.url, "name": offered.name})


def _warnings(imported: ImportedCard) -> list[dict[str, Any]]:
    """Return what of a card was left out, as sentences that the page can translate."""
    if (refusal := imported.refusal) is None:
        return []
    return [
        {
            "message": str(refusal),
            "translation_domain": DOMAIN,
            "translation_key": refusal.translation_key,
            "translation_placeholders": refusal.translation_placeholders,
        }
    ]


def refuse(
    connection: websocket_api.ActiveConnection, msg_id: int, err: HomeAssistantError
) -> None:
    """Answer with a sentence that the card can translate."""
    connection.send_error(
        msg_id,
        websocket_api.ERR_HOME_ASSISTANT_ERROR,
        str(err),
        translation_domain=DOMAIN,
        translation_key=err.translation_key,
        translation_placeholders=err.translation_placeholders,
    )


COMMANDS: tuple[websocket_api.const.WebSocketCommandHandler, ...] = (
    import_character,
    export_character,
)
