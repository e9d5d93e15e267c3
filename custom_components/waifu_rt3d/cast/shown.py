"""What a card needs to know of the characters, and when they change."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util.ulid import ulid_now

from ..const import DOMAIN
from ..house import HOUSE
from ..stage.bus import EVERYBODY, Kind
from .avatar_files import avatar_url
from .presence import PRESENCE, Doing


@callback
def shown_characters(hass: HomeAssistant) -> list[dict[str, object]]:
    """Return the characters of the house (contract `websocket`)."""
    return [
        {
            "id": character.id,
            "name": character.name,
            "avatar_url": avatar_url(hass, character),
            "avatar_colours": dict(character.avatar_colours),
            "mood_entity": er.async_get(hass).async_get_entity_id(
                Platform.SENSOR, DOMAIN, f"{character.id}-mood"
            ),
            "conversation_entity": character.entity_id(hass, Platform.CONVERSATION),
            "pipeline": character.pipeline,
            "asleep": PRESENCE in hass.data
            and hass.data[PRESENCE].doing(character.id) is Doing.ASLEEP,
        }
        for character in hass.data[HOUSE].characters.values()
    ]


@callback
def async_show_characters(hass: HomeAssistant) -> None:
    """Tell every card how the characters are now."""
    data: dict[str, object] = {"characters": shown_characters(hass)}
    hass.data[HOUSE].bus.publish(ulid_now(), Kind.CHARACTERS, data, EVERYBODY)
