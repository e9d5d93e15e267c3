"""A scripted conversation agent that streams like a language model."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant

from .book import Book, read_book

type DemoAgentEntry = ConfigEntry[Book]

PLATFORMS = (Platform.CONVERSATION,)


async def async_setup_entry(hass: HomeAssistant, entry: DemoAgentEntry) -> bool:
    """Read the answers and set up the agent."""
    entry.runtime_data = await hass.async_add_executor_job(read_book)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: DemoAgentEntry) -> bool:
    """Take the agent away."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
