"""What the entities of characters and of speech servers share."""

from collections.abc import Callable
from typing import ClassVar, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .cast.character import Character
from .const import DOMAIN, MANUFACTURER
from .house import HOUSE, House
from .runtime import CompanionRuntime, Runtime
from .voice.service import SpeechService

type WaifuConfigEntry = ConfigEntry[Runtime]


class CharacterEntity(Entity):
    """An entity of one character's device."""

    _attr_has_entity_name = True
    platform_kind: ClassVar[Platform]

    def __init__(self, house: House, character: Character) -> None:
        """Belong to a character."""
        self.house = house
        self.character = character
        self._attr_unique_id = character.unique_id(self.platform_kind)
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, character.id)},
            name=character.name,
            manufacturer=MANUFACTURER,
            model="Character",
            entry_type=DeviceEntryType.SERVICE,
        )

    @callback
    def take(self, character: Character) -> None:
        """Take changed options; the running turn keeps what it began with."""
        self.character = character
        self.async_write_ha_state()


@callback
def async_add_for_characters(
    hass: HomeAssistant,
    entry: WaifuConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    make: Callable[[House, Character], CharacterEntity],
) -> None:
    """Add an entity for each character, also for those that come later, without a reload."""
    runtime = entry.runtime_data
    if not isinstance(runtime, CompanionRuntime):
        return
    house = hass.data[HOUSE]
    entities: dict[str, CharacterEntity] = {}

    @callback
    def refresh() -> None:
        for character in house.characters.values():
            if known := entities.get(character.id):
                if known.character != character:
                    known.take(character)
                continue
            entities[character.id] = make(house, character)
            async_add_entities([entities[character.id]], config_subentry_id=character.subentry_id)
        for gone in entities.keys() - house.characters.keys():
            del entities[gone]

    refresh()
    entry.async_on_unload(runtime.on_characters_changed(refresh))


class SpeechServerEntity(Entity):
    """An entity of a speech server's device."""

    _attr_has_entity_name = True
    platform_kind: ClassVar[Platform]

    def __init__(self, entry: WaifuConfigEntry, server: SpeechService) -> None:
        """Belong to a server."""
        self.server = server
        self._attr_available = server.health.up
        self._attr_unique_id = f"{entry.unique_id}-{self.platform_kind.value}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, str(entry.unique_id))},
            name=entry.title,
            manufacturer=MANUFACTURER,
            model="Speech server",
            sw_version=server.info.version,
            entry_type=DeviceEntryType.SERVICE,
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the health of the server."""
        await super().async_added_to_hass()
        self.async_on_remove(self.server.health.listen(self._health_changed))

    @callback
    def _health_changed(self, trouble: str | None) -> None:
        """Be unavailable while the server is lost."""
        self._attr_available = trouble is None
        self.async_write_ha_state()
