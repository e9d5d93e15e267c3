"""How a room's satellite does, and how sure it is of its wake words just now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    PERCENTAGE,
    SIGNAL_STRENGTH_DECIBELS,
    EntityCategory,
    UnitOfInformation,
    UnitOfTemperature,
)
from homeassistant.core import callback

from ..entity import WaifuConfigEntry
from .entity import RoomEntity, WordEntity
from .room import Room, WakeWord


@dataclass(frozen=True, kw_only=True)
class RoomSensorDescription(SensorEntityDescription):
    """A figure of the satellite's `stats`."""

    entity_category: EntityCategory | None = EntityCategory.DIAGNOSTIC
    state_class: SensorStateClass | None = SensorStateClass.MEASUREMENT


SENSORS = (
    RoomSensorDescription(key="wake_score", suggested_display_precision=2),
    RoomSensorDescription(
        key="snr_db",
        native_unit_of_measurement=SIGNAL_STRENGTH_DECIBELS,
        suggested_display_precision=0,
    ),
    RoomSensorDescription(key="gaps", state_class=SensorStateClass.TOTAL_INCREASING),
    RoomSensorDescription(key="reconnects", state_class=SensorStateClass.TOTAL_INCREASING),
    RoomSensorDescription(
        key="cpu_percent", native_unit_of_measurement=PERCENTAGE, suggested_display_precision=1
    ),
    RoomSensorDescription(
        key="rss_mb",
        device_class=SensorDeviceClass.DATA_SIZE,
        native_unit_of_measurement=UnitOfInformation.MEBIBYTES,
        entity_registry_enabled_default=False,
    ),
    RoomSensorDescription(
        key="temperature_c",
        device_class=SensorDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
    ),
)


def room_sensors(entry: WaifuConfigEntry, room: Room) -> list[RoomSensor]:
    """Return the sensors of a satellite."""
    return [RoomSensor(entry, room, description) for description in SENSORS]


class RoomSensor(RoomEntity, SensorEntity):
    """One figure of the satellite."""

    def __init__(
        self, entry: WaifuConfigEntry, room: Room, description: RoomSensorDescription
    ) -> None:
        """Belong to a satellite."""
        super().__init__(entry, room, description.key)
        self.entity_description = description

    @property
    @override
    def native_value(self) -> float | None:
        """Return what the satellite said last."""
        value = self.room.stats.get(self.entity_description.key)
        return value if isinstance(value, int | float) else None


class LiveScore(WordEntity, SensorEntity):
    """How sure the satellite is of a word just now, while the wake tester runs."""

    _attr_entity_category = EntityCategory.DIAGNOSTIC
    _attr_suggested_display_precision = 2

    def __init__(self, entry: WaifuConfigEntry, room: Room, word: WakeWord) -> None:
        """Belong to a word."""
        super().__init__(entry, room, word, "live_score")
        self._shown: tuple[object, ...] = ()

    @property
    @override
    def native_value(self) -> float | None:
        """Return the best score of the last moment."""
        return self.room.scores.get(self.word)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Return the room's loudness with it."""
        return {"level_db": self.room.level_db}

    @callback
    @override
    def _room_changed(self) -> None:
        """Show a new score; other news are none of this entity."""
        shown = (self.available, self.native_value, self.room.level_db)
        if shown != self._shown:
            self._shown = shown
            self.async_write_ha_state()


def live_scores(entry: WaifuConfigEntry, room: Room) -> Callable[[WakeWord], list[LiveScore]]:
    """Return what makes the live score of a word."""
    return lambda word: [LiveScore(entry, room, word)]
