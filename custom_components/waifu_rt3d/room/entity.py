"""What the entities of a room's satellite share."""

from collections.abc import Callable, Iterable
from typing import override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..const import CONF_AREA, DOMAIN, MANUFACTURER
from ..entity import WaifuConfigEntry
from ..runtime import SatelliteRuntime
from .room import Room, WakeWord


def room_of(entry: WaifuConfigEntry) -> Room | None:
    """Return the room of an entry, nothing where the entry is of another kind."""
    runtime = entry.runtime_data
    return runtime.room if isinstance(runtime, SatelliteRuntime) else None


@callback
def register_room(hass: HomeAssistant, entry: WaifuConfigEntry) -> None:
    """Make the satellite's device; a new one stands in the room that the satellite named."""
    dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, str(entry.unique_id))},
        name=entry.title,
        manufacturer=MANUFACTURER,
        model="Satellite",
        suggested_area=entry.data.get(CONF_AREA),
    )


def room_device(entry: WaifuConfigEntry) -> DeviceInfo:
    """Return the satellite's device."""
    return DeviceInfo(identifiers={(DOMAIN, str(entry.unique_id))})


class RoomEntity(Entity):
    """An entity of a room; it follows the satellite."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, entry: WaifuConfigEntry, room: Room, key: str) -> None:
        """Belong to a satellite."""
        self.room = room
        self._attr_translation_key = key
        self._attr_unique_id = f"{entry.unique_id}-{key}"
        self._attr_device_info = room_device(entry)

    @property
    @override
    def available(self) -> bool:
        """Return whether the satellite is there."""
        return self.room.connected

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the satellite."""
        await super().async_added_to_hass()
        self.async_on_remove(self.room.on_change(self._room_changed))

    @callback
    def _room_changed(self) -> None:
        """Show what changed."""
        self.async_write_ha_state()


class WordEntity(RoomEntity):
    """An entity of one wake word of a room."""

    def __init__(self, entry: WaifuConfigEntry, room: Room, word: WakeWord, key: str) -> None:
        """Belong to a word."""
        super().__init__(entry, room, key)
        self.word = word.name
        self._attr_unique_id = f"{entry.unique_id}-{key}-{word.name}"
        self._attr_translation_placeholders = {"word": word.phrase}

    @property
    @override
    def available(self) -> bool:
        """Return whether the satellite listens for the word."""
        word = self.room.word(self.word)
        return super().available and word is not None and word.active


@callback
def async_add_for_words(
    entry: WaifuConfigEntry,
    room: Room,
    async_add_entities: AddConfigEntryEntitiesCallback,
    make: Callable[[WakeWord], Iterable[Entity]],
    *,
    idle_too: bool = False,
) -> None:
    """Add the entities of every word that is listened for, or of all; also of those that come later."""
    known: set[str] = set()

    @callback
    def refresh() -> None:
        wanted = [word for word in room.wake_words if word.active or idle_too]
        new = [word for word in wanted if word.name not in known]
        known.update(word.name for word in new)
        if new:
            async_add_entities([entity for word in new for entity in make(word)])

    refresh()
    entry.async_on_unload(room.on_change(refresh))
