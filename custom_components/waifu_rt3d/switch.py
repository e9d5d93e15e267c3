"""Switches of a room's satellite: microphone, wake words, chime, wake tester, the debug recording."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.event import async_call_later

from .const import DOMAIN
from .entity import WaifuConfigEntry
from .room.answering import MOST_WAKE_WORDS
from .room.entity import RoomEntity, WordEntity, async_add_for_words, room_of
from .room.room import Room, WakeWord

PARALLEL_UPDATES = 1
TEST_S = 120.0
RECORD_S = 600.0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: WaifuConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switches of a satellite."""
    room = room_of(entry)
    assert room is not None
    async_add_entities(
        [
            RoomSwitch(entry, room, "mute", "muted"),
            RoomSwitch(entry, room, "chime", "chime"),
            WakeTester(entry, room),
            Recording(entry, room),
        ]
    )
    async_add_for_words(
        entry, room, async_add_entities, lambda word: [Listening(entry, room, word)], idle_too=True
    )


class RoomSwitch(RoomEntity, SwitchEntity):
    """A setting of the satellite that is on or off."""

    def __init__(self, entry: WaifuConfigEntry, room: Room, key: str, setting: str) -> None:
        """Belong to a satellite."""
        super().__init__(entry, room, key)
        self._setting = setting
        if key != "mute":
            self._attr_entity_category = EntityCategory.CONFIG

    @property
    @override
    def is_on(self) -> bool | None:
        """Return what the satellite said last."""
        value = self.room.settings.get(self._setting)
        return value if isinstance(value, bool) else None

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch it on; a muted microphone is closed."""
        await self.room.async_send("configure", {self._setting: True})

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch it off."""
        await self.room.async_send("configure", {self._setting: False})


class Listening(WordEntity, SwitchEntity):
    """Whether a word wakes the satellite; core's own dialogue can choose one alone."""

    _attr_entity_category = EntityCategory.CONFIG

    def __init__(self, entry: WaifuConfigEntry, room: Room, word: WakeWord) -> None:
        """Belong to a word."""
        super().__init__(entry, room, word, "listening")

    @property
    @override
    def available(self) -> bool:
        """Return whether the satellite knows the word."""
        return self.room.connected and self.room.word(self.word) is not None

    @property
    @override
    def is_on(self) -> bool:
        """Return whether it listens for the word."""
        return self.word in self._active

    @property
    def _active(self) -> list[str]:
        """Return the words that it listens for."""
        return [word.name for word in self.room.wake_words if word.active]

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Listen for this word as well."""
        if self.is_on:
            return
        if len(self._active) >= MOST_WAKE_WORDS:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="too_many_wake_words",
                translation_placeholders={"most": str(MOST_WAKE_WORDS)},
            )
        await self.room.async_send("configure", {"wake_words": [*self._active, self.word]})

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Listen for the others alone; without any a button and a follow-up still wake it."""
        others = [name for name in self._active if name != self.word]
        await self.room.async_send("configure", {"wake_words": others})


class WakeTester(RoomEntity, SwitchEntity):
    """Show live scores for two minutes, so that a wake word can be tuned."""

    _attr_entity_category = EntityCategory.DIAGNOSTIC
    _attr_is_on = False

    def __init__(self, entry: WaifuConfigEntry, room: Room) -> None:
        """Belong to a satellite."""
        super().__init__(entry, room, "wake_tester")

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Begin."""
        await self.room.async_send("wake-test", {"seconds": TEST_S})
        self._attr_is_on = True
        self.async_write_ha_state()
        self.async_on_remove(async_call_later(self.hass, TEST_S, self._over))

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """End it before its time."""
        await self.room.async_send("wake-test", {"seconds": 0})
        self._over(None)

    @callback
    def _over(self, _now: object) -> None:
        """Show that the test is over."""
        self._attr_is_on = False
        self.async_write_ha_state()


class Recording(RoomEntity, SwitchEntity):
    """Keep what the microphone hears as a file on the satellite, to find a fault.

    It goes off by itself after ten minutes. Only an administrator can enable the entity, and the room
    hears when a recording begins.
    """

    _attr_entity_category = EntityCategory.DIAGNOSTIC
    _attr_entity_registry_enabled_default = False

    def __init__(self, entry: WaifuConfigEntry, room: Room) -> None:
        """Belong to a satellite."""
        super().__init__(entry, room, "recording")

    @property
    @override
    def is_on(self) -> bool:
        """Return what the satellite said last."""
        return self.room.recording.on

    @property
    @override
    def extra_state_attributes(self) -> dict[str, str | None]:
        """Return why the last recording could not be made."""
        return {"error": self.room.recording.error}

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Record for ten minutes."""
        await self.room.async_send("record", {"seconds": RECORD_S})

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """End it before its time."""
        await self.room.async_send("record", {"seconds": 0})
