"""Try a satellite's microphone and loudspeaker, as far as it can be asked."""

from homeassistant.core import HomeAssistant

from .finding import State

type Judged = tuple[State, str, dict[str, str]]


async def try_room(hass: HomeAssistant, entity_id: str) -> Judged:
    """Return how a connected satellite is."""
    state = hass.states.get(entity_id)
    return State.AMBER, "room_connected", {"state": state.state if state else ""}
