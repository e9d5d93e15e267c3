"""Two dimmable lights."""

from typing import Any, override

from homeassistant.components.light import ATTR_BRIGHTNESS, ColorMode, LightEntity
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import DemoEntity

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant, entry: ConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the lights."""
    async_add_entities(
        [
            DemoLight("kitchen_light", "Kitchen Light"),
            DemoLight("living_room_light", "Living Room Light"),
        ]
    )


class DemoLight(DemoEntity, LightEntity):
    """A lamp with a dimmer, off at first."""

    _attr_color_mode = ColorMode.BRIGHTNESS
    _attr_supported_color_modes = {ColorMode.BRIGHTNESS}
    _attr_is_on = False
    _attr_brightness = 255

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Light up, at the brightness it had or the one that is asked for."""
        self._attr_is_on = True
        self._attr_brightness = kwargs.get(ATTR_BRIGHTNESS, self._attr_brightness)
        self.async_write_ha_state()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Go dark."""
        self._attr_is_on = False
        self.async_write_ha_state()
