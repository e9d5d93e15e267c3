"""Which character wears which figure, and in which colours: kept with the character."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant, callback

from ..avatars import Problem
from ..characters.cast import sheet_of
from ..const import CONF_AVATAR, CONF_AVATAR_COLOURS, CONF_KIND, DOMAIN, KIND_COMPANION
from ..house import HOUSE
from .avatar_files import AVATARS, AvatarRefusal
from .character import OWN_AVATARS


@callback
def wearers(hass: HomeAssistant, avatar: str) -> list[str]:
    """Return the characters that wear a figure."""
    characters = hass.data[HOUSE].characters.values()
    return [character.id for character in characters if character.avatar == avatar]


@callback
def async_choose_avatar(
    hass: HomeAssistant,
    character_id: str,
    avatar: str | None,
    colours: Mapping[str, str] | None,
) -> None:
    """Give a character another figure or other colours; what is nothing stays as it is."""
    if avatar is not None and avatar not in OWN_AVATARS:
        library = hass.data[AVATARS]
        if avatar not in library or not library.find(avatar).kind.is_figure:
            raise AvatarRefusal(Problem.NOT_FOUND)
    changes: dict[str, Any] = {} if avatar is None else {CONF_AVATAR: avatar}
    if colours is not None:
        changes[CONF_AVATAR_COLOURS] = dict(colours)
    entry, subentry = _subentry_of(hass, character_id)
    hass.config_entries.async_update_subentry(entry, subentry, data={**subentry.data, **changes})


@callback
def async_take_off(hass: HomeAssistant, avatar: str) -> None:
    """Give our own figure to those who wear one that is gone."""
    for character_id in wearers(hass, avatar):
        person = hass.data[HOUSE].characters[character_id].person
        async_choose_avatar(hass, character_id, sheet_of(person).avatar, None)


def _subentry_of(hass: HomeAssistant, character_id: str) -> tuple[ConfigEntry, ConfigSubentry]:
    """Return where the options of a character are kept."""
    character = hass.data[HOUSE].characters.get(character_id)
    for entry in hass.config_entries.async_entries(DOMAIN):
        if character and entry.data.get(CONF_KIND) == KIND_COMPANION:
            return entry, entry.subentries[character.subentry_id]
    raise AvatarRefusal("no_character")
