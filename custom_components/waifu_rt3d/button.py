"""Buttons of a character: test it, and calm its mood."""

from typing import override

from homeassistant.components.button import ButtonEntity
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .cast.character import Character
from .cast.presence import PRESENCE
from .entity import CharacterEntity, WaifuConfigEntry, async_add_for_characters
from .house import House
from .room.buttons import room_buttons
from .room.entity import room_of
from .turns.say import async_test

PARALLEL_UPDATES = 1


async def async_setup_entry(
    hass: HomeAssistant,
    entry: WaifuConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of every character, or of a room."""
    if (room := room_of(entry)) is not None:
        async_add_entities(room_buttons(entry, room))
        return
    for make in (TestButton, ResetMoodButton):
        async_add_for_characters(hass, entry, async_add_entities, make)


class _CharacterButton(CharacterEntity, ButtonEntity):
    """A button of a character."""

    _attr_entity_category = EntityCategory.DIAGNOSTIC
    platform_kind = Platform.BUTTON
    kind: str

    def __init__(self, house: House, character: Character) -> None:
        """Belong to a character."""
        super().__init__(house, character)
        self._attr_translation_key = self.kind
        self._attr_unique_id = f"{character.id}-{self.kind}"


class TestButton(_CharacterButton):
    """Let the character think and speak once."""

    kind = "test"

    @override
    async def async_press(self) -> None:
        """Ask who it is, and say the answer in its rooms; raise what is broken."""
        await async_test(self.house, self.character)


class ResetMoodButton(_CharacterButton):
    """Let the character be as if nothing had happened."""

    kind = "reset_mood"

    @override
    async def async_press(self) -> None:
        """Go back to the temperament."""
        self.hass.data[PRESENCE].reset_mood(self.character.id)
