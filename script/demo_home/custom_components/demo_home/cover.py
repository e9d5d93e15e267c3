"""A blind."""

from typing import Any, override

from homeassistant.components.cover import (
    ATTR_POSITION,
    CoverDeviceClass,
    CoverEntity,
    CoverEntityFeature,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import DemoEntity

PARALLEL_UPDATES = 0
OPEN = 100


async def async_setup_entry(
    hass: HomeAssistant, entry: ConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the blind."""
    async_add_entities([DemoBlind("bedroom_blind", "Bedroom Blind")])


class DemoBlind(DemoEntity, CoverEntity):
    """A blind that moves at once, open at first."""

    _attr_device_class = CoverDeviceClass.BLIND
    _attr_current_cover_position = OPEN
    _attr_is_closed = False
    _attr_supported_features = (
        CoverEntityFeature.OPEN | CoverEntityFeature.CLOSE | CoverEntityFeature.SET_POSITION
    )

    @override
    async def async_open_cover(self, **kwargs: Any) -> None:
        """Open fully."""
        self._move_to(OPEN)

    @override
    async def async_close_cover(self, **kwargs: Any) -> None:
        """Close fully."""
        self._move_to(0)

    @override
    async def async_set_cover_position(self, **kwargs: Any) -> None:
        """Move to a position in per cent."""
        self._move_to(int(kwargs[ATTR_POSITION]))

    def _move_to(self, position: int) -> None:
        """Show the new position."""
        self._attr_current_cover_position = position
        self._attr_is_closed = position == 0
        self.async_write_ha_state()
