"""Numbers of a room's satellite: volume, follow-up, and how sure it must be of each wake word."""

from typing import override

from homeassistant.components.number import NumberEntity, NumberEntityDescription, NumberMode
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import WaifuConfigEntry
from .room.entity import RoomEntity, WordEntity, async_add_for_words, room_of
from .room.room import Room, WakeWord

PARALLEL_UPDATES = 1

VOLUME = NumberEntityDescription(
    key="volume",
    native_min_value=0,
    native_max_value=100,
    native_step=1,
    native_unit_of_measurement=PERCENTAGE,
    mode=NumberMode.SLIDER,
)
FOLLOW_UP = NumberEntityDescription(
    key="follow_up_s",
    native_min_value=1,
    native_max_value=60,
    native_step=1,
    native_unit_of_measurement=UnitOfTime.SECONDS,
    entity_category=EntityCategory.CONFIG,
)
SCALE = {"volume": 100.0}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: WaifuConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers of a satellite."""
    room = room_of(entry)
    assert room is not None
    async_add_entities([RoomNumber(entry, room, each) for each in (VOLUME, FOLLOW_UP)])
    async_add_for_words(
        entry, room, async_add_entities, lambda word: [Threshold(entry, room, word)]
    )


class RoomNumber(RoomEntity, NumberEntity):
    """A setting of the satellite that is a number."""

    def __init__(
        self, entry: WaifuConfigEntry, room: Room, description: NumberEntityDescription
    ) -> None:
        """Belong to a satellite."""
        super().__init__(entry, room, description.key)
        self.entity_description = description

    @property
    @override
    def native_value(self) -> float | None:
        """Return what the satellite said last."""
        value = self.room.settings.get(self.entity_description.key)
        scale = SCALE.get(self.entity_description.key, 1.0)
        return value * scale if isinstance(value, int | float) else None

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Let the satellite keep another value."""
        key = self.entity_description.key
        await self.room.async_send("configure", {key: value / SCALE.get(key, 1.0)})


class Threshold(WordEntity, NumberEntity):
    """How sure the satellite must be of a wake word: higher for fewer false alarms."""

    _attr_entity_category = EntityCategory.CONFIG
    _attr_native_min_value = 0.05
    _attr_native_max_value = 1.0
    _attr_native_step = 0.01
    _attr_mode = NumberMode.SLIDER

    def __init__(self, entry: WaifuConfigEntry, room: Room, word: WakeWord) -> None:
        """Belong to a word."""
        super().__init__(entry, room, word, "threshold")

    @property
    @override
    def native_value(self) -> float | None:
        """Return the present threshold."""
        word = self.room.word(self.word)
        return word.threshold if word is not None else None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, str]:
        """Name the model and its licence."""
        word = self.room.word(self.word)
        return {"engine": word.engine, "licence": word.licence} if word is not None else {}

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Tune the word while the satellite runs."""
        await self.room.async_send("configure", {"thresholds": {self.word: value}})
