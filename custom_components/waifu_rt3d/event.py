"""What happens with a character, for automations; never what was said."""

from typing import override

from homeassistant.components.event import EventEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .cast.presence import PRESENCE, Happening, News
from .entity import CharacterEntity, WaifuConfigEntry, async_add_for_characters

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: WaifuConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event entity of every character."""
    async_add_for_characters(hass, entry, async_add_entities, CharacterEvents)


class CharacterEvents(CharacterEntity, EventEntity):
    """What a character does and what is done with it."""

    _attr_translation_key = "happening"
    _attr_event_types = [happening.value for happening in Happening]
    platform_kind = Platform.EVENT

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the character."""
        await super().async_added_to_hass()
        self.async_on_remove(self.hass.data[PRESENCE].listen(self._take_news))

    @callback
    def _take_news(self, news: News) -> None:
        """Tell what happened with this character."""
        if news.character_id == self.character.id and news.happening is not None:
            self._trigger_event(news.happening.value, news.data)
            self.async_write_ha_state()
