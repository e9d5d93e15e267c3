"""Lorebooks of a character: look into them, bring one, take one away (administrators)."""

from typing import Any

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import probatio as vol

from ..cast.cards import CardRefusal
from ..cast.character import Character
from ..cast.lorebooks import OwnBook, async_import_upload, async_remove, books_of
from ..characters.cards.errors import CardError
from ..characters.lorebook import Entry, Lorebook
from ..const import CONF_CHARACTER, DOMAIN
from ..house import HOUSE
from .cards import refuse


@websocket_api.websocket_command(
    {vol.Required("type"): f"{DOMAIN}/lorebook/list", vol.Optional(CONF_CHARACTER): str}
)
@websocket_api.require_admin
@websocket_api.async_response
async def list_lorebooks(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]
) -> None:
    """Show what a character knows by its lorebooks: that of its card first."""
    character = _character(hass, connection, msg)
    if character is not None:
        _show(hass, connection, msg["id"], character)


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/lorebook/import",
        vol.Required("file_id"): str,
        vol.Optional("name", default=""): str,
        vol.Optional(CONF_CHARACTER): str,
    }
)
@websocket_api.require_admin
@websocket_api.async_response
async def import_lorebook(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]
) -> None:
    """Give an uploaded lorebook to a character."""
    character = _character(hass, connection, msg)
    if character is None:
        return
    try:
        await async_import_upload(hass, msg["file_id"], msg["name"], character)
    except CardError as err:
        refuse(connection, msg["id"], CardRefusal.of(err))
    except HomeAssistantError as err:
        refuse(connection, msg["id"], err)
    else:
        _show(hass, connection, msg["id"], character)


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/lorebook/remove",
        vol.Required("book_id"): str,
        vol.Optional(CONF_CHARACTER): str,
    }
)
@websocket_api.require_admin
@websocket_api.async_response
async def remove_lorebook(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]
) -> None:
    """Take a lorebook away from a character; the file goes with the last one that knows it."""
    character = _character(hass, connection, msg)
    if character is None:
        return
    if msg["book_id"] not in character.lorebooks:
        refuse(connection, msg["id"], CardRefusal("lorebook_missing"))
        return
    await async_remove(hass, msg["book_id"], character)
    _show(hass, connection, msg["id"], character)


def _character(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]
) -> Character | None:
    """Return whose lorebooks are meant; where there is nobody the command is refused."""
    character = hass.data[HOUSE].character_or_default(msg.get(CONF_CHARACTER))
    if character is None:
        refuse(connection, msg["id"], CardRefusal("character_missing"))
    return character


def _show(
    hass: HomeAssistant,
    connection: websocket_api.ActiveConnection,
    msg_id: int,
    character: Character,
) -> None:
    """Answer with the lorebooks as they are now."""
    books = [_shown(one) for one in books_of(hass, character)]
    connection.send_result(msg_id, {"books": books})


def _shown(own: OwnBook) -> dict[str, Any]:
    """Return a lorebook as the contract writes it."""
    return {"id": own.id, "name": own.name, "entries": _entries(own.book)}


def _entries(book: Lorebook) -> list[dict[str, Any]]:
    """Return the entries of a lorebook."""
    return [_entry(entry) for entry in book.entries]


def _entry(entry: Entry) -> dict[str, Any]:
    """Return an entry: without keys it comes to mind always."""
    return {
        "name": entry.name,
        "keys": [*entry.keys],
        "content": entry.content,
        "enabled": entry.enabled,
        "constant": entry.constant,
    }


COMMANDS: tuple[websocket_api.const.WebSocketCommandHandler, ...] = (
    list_lorebooks,
    import_lorebook,
    remove_lorebook,
)
