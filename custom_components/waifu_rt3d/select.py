"""What a room's satellite uses: its pipelines, and the pause that ends a command."""

from dataclasses import replace

from homeassistant.components.assist_pipeline import AssistPipelineSelect, VadSensitivitySelect
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import DOMAIN
from .entity import WaifuConfigEntry
from .room.entity import async_add_for_words, room_device, room_of
from .room.room import WakeWord

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: WaifuConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the selects of a satellite."""
    async_add_entities([RoomPipeline(hass, entry), RoomPause(hass, entry)])
    room = room_of(entry)
    assert room is not None
    async_add_for_words(
        entry, room, async_add_entities, lambda word: [WordPipeline(hass, entry, word)]
    )


class RoomPipeline(AssistPipelineSelect):
    """The pipeline of a room; "preferred" is that of the room's character."""

    _attr_has_entity_name = True

    def __init__(self, hass: HomeAssistant, entry: WaifuConfigEntry) -> None:
        """Belong to a satellite."""
        super().__init__(hass, DOMAIN, str(entry.unique_id))
        self._attr_device_info = room_device(entry)


class WordPipeline(AssistPipelineSelect):
    """The pipeline, and so the character, of one wake word; "preferred" is that of the room."""

    _attr_has_entity_name = True

    def __init__(self, hass: HomeAssistant, entry: WaifuConfigEntry, word: WakeWord) -> None:
        """Belong to a word of a satellite."""
        super().__init__(hass, DOMAIN, str(entry.unique_id))
        self.entity_description = replace(
            self.entity_description,
            key=f"pipeline-{word.name}",
            translation_key="word_pipeline",
            translation_placeholders={"word": word.phrase},
        )
        self._attr_unique_id = f"{entry.unique_id}-pipeline-{word.name}"
        self._attr_device_info = room_device(entry)


class RoomPause(VadSensitivitySelect):
    """The pause that ends a command, for satellites that do not end it themselves."""

    _attr_has_entity_name = True

    def __init__(self, hass: HomeAssistant, entry: WaifuConfigEntry) -> None:
        """Belong to a satellite."""
        super().__init__(hass, str(entry.unique_id))
        self._attr_device_info = room_device(entry)
