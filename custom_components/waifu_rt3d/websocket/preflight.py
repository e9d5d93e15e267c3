"""Try every part of the house on behalf of an administrator, with progress."""

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant, callback
import probatio as vol

from ..const import DOMAIN
from ..preflight import Finding, async_run
from ..preflight.words import Words
from .asked import Message


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/preflight",
        vol.Optional("language"): vol.All(
            str, vol.Match(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}\Z")
        ),
    }
)
@websocket_api.require_admin
@websocket_api.async_response
async def preflight(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Message
) -> None:
    """Run all checks; an event tells of each one that is done."""
    words = await Words.of(hass, msg.get("language"))

    @callback
    def progress(done: int, total: int, lights: list[Finding]) -> None:
        findings = [words.shown(light) for light in lights]
        connection.send_event(msg["id"], {"done": done, "total": total, "findings": findings})

    found = await async_run(hass, progress=progress)
    connection.send_result(msg["id"], {"findings": [words.shown(light) for light in found]})


COMMANDS: tuple[websocket_api.const.WebSocketCommandHandler, ...] = (preflight,)
