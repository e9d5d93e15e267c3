"""Export and import what was said."""

from dataclasses import asdict

from homeassistant.components import websocket_api
from homeassistant.core import callback
import probatio as vol

from ..cast.imported import async_make_characters
from ..memory import NotFound
from ..memory.exchange.export import Format
from ..remembering.exchange_files import async_import_upload, async_offer_export
from ..remembering.shown import shown_import
from .asked import ID, Answer, Request, asks_memory


@asks_memory(
    "export",
    {
        vol.Required("format"): vol.Coerce(Format),
        vol.Optional("session_id"): ID,
        vol.Optional("character"): str,
    },
)
async def export(request: Request) -> Answer:
    """Write a session, a character's or all that the user may see; return where to fetch it."""
    offered = await async_offer_export(
        request.hass,
        request.scope,
        request.msg["format"],
        **request.given("session_id", "character"),
    )
    return asdict(offered)


@asks_memory("import", {vol.Required("file_id"): ID, vol.Optional("character"): str})
async def import_file(request: Request) -> Answer:
    """Bring an uploaded file's conversations to the user; events tell how far it is."""
    character = request.house.character_or_default(request.msg.get("character"))
    if character is None:
        raise NotFound("There is no such character")

    @callback
    def progress(stored: int, total: int, **more: str) -> None:
        event = {"stored": stored, "total": total, **more}
        request.connection.send_event(request.msg["id"], event)

    imported = await async_import_upload(
        request.hass,
        request.scope,
        request.msg["file_id"],
        character=character.id,
        progress=progress,
    )
    if imported.encoding:
        # Home Assistant's own client gives no result to who listens to events.
        progress(imported.messages, imported.messages, encoding=imported.encoding)
    may_make = request.user.is_admin
    made = await async_make_characters(request.hass, imported) if may_make else []
    return shown_import(imported, made)


COMMANDS: tuple[websocket_api.const.WebSocketCommandHandler, ...] = (export, import_file)
