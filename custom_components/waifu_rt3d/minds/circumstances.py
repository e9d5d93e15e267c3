"""What changes from turn to turn: the hour, the room, who speaks, what is remembered."""

from homeassistant.components.conversation import AssistantContent, ChatLog, UserContent
from homeassistant.helpers import area_registry as ar, device_registry as dr
from homeassistant.util import dt as dt_util

from ..cast.personas import Lore, lore_for
from ..cast.presence import PRESENCE
from ..characters.prompt import Circumstances
from ..house import HOUSE
from ..room.speaker import asks_who
from ..turns.asked import Asked


def circumstances_of(asked: Asked, lore: Lore) -> Circumstances:
    """Return the moment in which something was said."""
    now = dt_util.now()
    facts = [now.strftime("%A, %Y-%m-%d, %H:%M")]
    if room := _room(asked):
        facts.append(room)
    if name := asked.turn.start.person.name:
        facts.append(name)
    elif asks_who(asked.hass, asked.user_input.satellite_id):
        facts.append("you don't know who speaks; ask for the name once")
    if presence := asked.hass.data.get(PRESENCE):
        facts.append(f"mood: {presence.mood(asked.character.id).now.name.value}")
    return Circumstances(facts=tuple(facts), memories=asked.memories, lore=lore.all)


def lore_of(asked: Asked) -> Lore:
    """Return what the lorebooks of a character know of what is talked about."""
    return lore_for(
        asked.hass.data[HOUSE],
        asked.character,
        (*_said_before(asked.chat_log), asked.text),
        user=asked.turn.start.person.name or "",
        language=asked.language,
    )


def _said_before(chat_log: ChatLog) -> list[str]:
    """Return what was said in this conversation, without the question itself."""
    return [
        content.content
        for content in chat_log.content[1:-1]
        if isinstance(content, UserContent | AssistantContent) and content.content
    ]


def _room(asked: Asked) -> str | None:
    """Return the name of the room in which somebody speaks, if it is known."""
    device_id = asked.user_input.device_id
    device = dr.async_get(asked.hass).async_get(device_id) if device_id else None
    area = ar.async_get(asked.hass).async_get_area(device.area_id or "") if device else None
    return area.name if area else None
