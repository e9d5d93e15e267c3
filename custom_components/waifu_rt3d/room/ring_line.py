"""What the room's character says when a timer rings, between two rings."""

import asyncio

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..cast.character import Character
from ..characters.written import Moment
from ..const import LOGGER
from ..turns.say import async_say_line
from .room import Room

RING_S = 0.6
"""How long a satellite's melody sounds before its pause; a line that begins then cuts no tone."""
_RINGING = "ringing"


async def async_say_ring(
    hass: HomeAssistant, room: Room, satellite: str, character: Character, timer_name: str
) -> None:
    """Say the character's line for a timer that rings; the satellite rings on behind it.

    Where the room does not ring (any more), because somebody stopped it or talks just now, nothing
    is said: an announcement would cut their turn.
    """
    await asyncio.sleep(RING_S)
    if room.state != _RINGING:
        return
    try:
        await async_say_line(hass, character, Moment.TIMER, [satellite], about=timer_name)
    except HomeAssistantError as err:
        LOGGER.warning("The timer rings without a word: %s", err)
