"""The timers that run in the house's rooms: what a card shows, and how it stops one."""

from contextlib import suppress
from typing import Any

from homeassistant.components import websocket_api
from homeassistant.components.intent.const import TIMER_DATA
from homeassistant.components.intent.timers import TimerInfo, TimerManager, TimerNotFoundError
from homeassistant.core import HomeAssistant, callback
import probatio as vol

from ..remembering.rights import is_household
from .rooms import area_of_device


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the card's commands."""
    websocket_api.async_register_command(hass, ws_timers)
    websocket_api.async_register_command(hass, ws_stop_timer)


@websocket_api.websocket_command({vol.Required("type"): "waifu_rt3d/timers"})
@callback
def ws_timers(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]
) -> None:
    """Return the timers of all rooms, the next to ring first; who does not live here sees none."""
    timers = _timers(hass) if is_household(connection.user) else []
    connection.send_result(msg["id"], {"timers": [_shown(hass, timer) for timer in timers]})


@websocket_api.websocket_command(
    {vol.Required("type"): "waifu_rt3d/timers/stop", vol.Required("timer_id"): str}
)
@callback
def ws_stop_timer(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]
) -> None:
    """Stop a timer; stopping one that is over is no error."""
    manager: TimerManager | None = hass.data.get(TIMER_DATA)
    if manager is not None and is_household(connection.user):
        with suppress(TimerNotFoundError):
            manager.cancel_timer(msg["timer_id"])
    connection.send_result(msg["id"], {})


@callback
def _timers(hass: HomeAssistant) -> list[TimerInfo]:
    """Return core's timers, those that stand still last."""
    manager: TimerManager | None = hass.data.get(TIMER_DATA)
    timers = manager.timers.values() if manager is not None else ()
    return sorted(timers, key=lambda timer: (not timer.is_active, timer.seconds_left))


@callback
def _shown(hass: HomeAssistant, timer: TimerInfo) -> dict[str, object]:
    """Return a timer as the websocket contract writes it."""
    return {
        "id": timer.id,
        "name": timer.name,
        "seconds": timer.created_seconds,
        "seconds_left": timer.seconds_left,
        "is_active": timer.is_active,
        "area": area_of_device(hass, timer.device_id),
    }
