"""Commands about what was said before, about avatars and characters (contracts `websocket-memory`, `websocket-avatars`)."""

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant, callback

from . import (
    avatars,
    branches,
    cards,
    exchange,
    finding,
    forgetting,
    lorebooks,
    notes,
    preflight,
    sessions,
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register every command; each asks with the rights of the user who is logged in."""
    talk = (sessions, branches, finding, notes, forgetting, exchange)
    subjects = (avatars, cards, lorebooks, *talk, preflight)
    for subject in subjects:
        for command in subject.COMMANDS:
            websocket_api.async_register_command(hass, command)
