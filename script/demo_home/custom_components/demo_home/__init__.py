"""A small home whose lights, thermostat and blind live in memory."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant

PLATFORMS = (Platform.CLIMATE, Platform.COVER, Platform.LIGHT, Platform.SWITCH)


async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Set up every device of the home."""
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Take the home away."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
