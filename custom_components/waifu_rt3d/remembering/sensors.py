"""How much is remembered: figures of the household and of the file, for the curious.

They count; they never quote. What persons said for themselves is in no figure but the file's size.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfInformation, UnitOfTime
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.event import async_track_time_interval

from ..const import DOMAIN, MANUFACTURER
from ..house import HOUSE, House
from ..memory import HOUSEHOLD, Scope, StoreError
from ..memory.statistics import Statistics
from .care import database_path

COUNT_INTERVAL = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is counted at a moment."""

    household: Statistics
    size_bytes: int
    unsaved: int


@dataclass(frozen=True, kw_only=True)
class MemorySensorDescription(SensorEntityDescription):
    """Describe a figure and how it is taken."""

    value: Callable[[Figures], float | None]


SENSORS = (
    MemorySensorDescription(
        key="messages",
        translation_key="messages",
        state_class=SensorStateClass.TOTAL,
        value=lambda figures: figures.household.messages,
    ),
    MemorySensorDescription(
        key="talking_time",
        translation_key="talking_time",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.MINUTES,
        state_class=SensorStateClass.TOTAL,
        suggested_display_precision=0,
        value=lambda figures: figures.household.talking_ms / 60_000,
    ),
    MemorySensorDescription(
        key="memory_size",
        translation_key="memory_size",
        device_class=SensorDeviceClass.DATA_SIZE,
        native_unit_of_measurement=UnitOfInformation.BYTES,
        suggested_unit_of_measurement=UnitOfInformation.MEGABYTES,
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda figures: figures.size_bytes,
    ),
    MemorySensorDescription(
        key="unsaved_turns",
        translation_key="unsaved_turns",
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda figures: figures.unsaved,
    ),
)


@callback
def memory_sensors(hass: HomeAssistant) -> list[MemorySensor]:
    """Return the figures of the memory, which are off until somebody wants them."""
    return [MemorySensor(hass.data[HOUSE], one) for one in SENSORS]


class MemorySensor(SensorEntity):
    """One figure of the memory."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    _attr_entity_category = EntityCategory.DIAGNOSTIC
    _attr_entity_registry_enabled_default = False
    entity_description: MemorySensorDescription

    def __init__(self, house: House, description: MemorySensorDescription) -> None:
        """Belong to the memory of a house."""
        self._house = house
        self.entity_description = description
        self._attr_unique_id = f"memory-{description.key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, "memory")},
            translation_key="memory",
            manufacturer=MANUFACTURER,
            entry_type=DeviceEntryType.SERVICE,
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Count now and from time to time."""
        await self._async_count()
        self.async_on_remove(
            async_track_time_interval(self.hass, self._async_count_anew, COUNT_INTERVAL)
        )

    async def _async_count_anew(self, _now: datetime) -> None:
        """Count and show it."""
        await self._async_count()
        self.async_write_ha_state()

    async def _async_count(self) -> None:
        """Count; a memory that can't be asked has no figures."""
        try:
            figures = await self._async_figures()
        except StoreError:
            figures = None
        self._attr_available = figures is not None
        if figures is not None:
            self._attr_native_value = self.entity_description.value(figures)

    async def _async_figures(self) -> Figures | None:
        """Return what is counted now."""
        if self._house.store is None:
            return None
        household = await self._house.store.statistics(Scope(person=HOUSEHOLD))
        path = database_path(self.hass)
        size_bytes = await self.hass.async_add_executor_job(_size_bytes, path)
        return Figures(household=household, size_bytes=size_bytes, unsaved=len(self._house.unsaved))


def _size_bytes(path: Path) -> int:
    """Return the size of the memory's files; blocks."""
    parts = (path, path.with_name(f"{path.name}-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())
