"""What a character does, and the mood it is in; and how much is remembered."""

from datetime import datetime, timedelta
from typing import Any, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.event import async_track_time_interval

from .cast.character import Character
from .cast.presence import PRESENCE, Doing, News
from .characters.mood import MoodName
from .entity import CharacterEntity, WaifuConfigEntry, async_add_for_characters
from .house import House
from .remembering.sensors import memory_sensors
from .room.entity import async_add_for_words, room_of
from .room.sensors import live_scores, room_sensors

PARALLEL_UPDATES = 0
FADE_INTERVAL = timedelta(minutes=10)
"""A mood halves in four hours: nobody sees it change faster."""


async def async_setup_entry(
    hass: HomeAssistant,
    entry: WaifuConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of every character, or of a room."""
    if (room := room_of(entry)) is not None:
        async_add_entities(room_sensors(entry, room))
        async_add_for_words(entry, room, async_add_entities, live_scores(entry, room))
        return
    for make in (DoingSensor, MoodSensor):
        async_add_for_characters(hass, entry, async_add_entities, make)
    async_add_entities(memory_sensors(hass))


class _PresenceSensor(CharacterEntity, SensorEntity):
    """A sensor that follows how a character is."""

    _attr_should_poll = False
    _attr_device_class = SensorDeviceClass.ENUM
    platform_kind = Platform.SENSOR
    kind: str

    def __init__(self, house: House, character: Character) -> None:
        """Belong to a character."""
        super().__init__(house, character)
        self._attr_translation_key = self.kind
        self._attr_unique_id = f"{character.id}-{self.kind}"

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the character."""
        await super().async_added_to_hass()
        self.async_on_remove(self.hass.data[PRESENCE].listen(self._take_news))

    @callback
    def _take_news(self, news: News) -> None:
        """Show a change of this character."""
        if news.character_id == self.character.id:
            self.async_write_ha_state()


class DoingSensor(_PresenceSensor):
    """What the character does."""

    _attr_options = [doing.value for doing in Doing]
    kind = "doing"

    @property
    @override
    def native_value(self) -> str:
        """Return what it does now."""
        return self.hass.data[PRESENCE].doing(self.character.id).value


class MoodSensor(_PresenceSensor):
    """The mood that feelings have moved and hours calm."""

    _attr_options = [name.value for name in MoodName]
    kind = "mood"

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the character, and the hours."""
        await super().async_added_to_hass()
        self.async_on_remove(async_track_time_interval(self.hass, self._fade, FADE_INTERVAL))

    @property
    @override
    def native_value(self) -> str:
        """Return the name of the mood."""
        return self.hass.data[PRESENCE].mood(self.character.id).now.name.value

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Return the three axes, each −1…1."""
        now = self.hass.data[PRESENCE].mood(self.character.id).now
        return {
            "pleasure": round(now.pleasure, 2),
            "arousal": round(now.arousal, 2),
            "dominance": round(now.dominance, 2),
        }

    @callback
    def _fade(self, _now: datetime) -> None:
        """Show how the mood has calmed."""
        self.async_write_ha_state()
