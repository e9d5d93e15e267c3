"""Make the memory fit for Home Assistant's own backup."""

from homeassistant.core import HomeAssistant

from .const import LOGGER
from .house import HOUSE
from .memory import StoreError
from .remembering.rights import MemoryRefusal, key_of


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Put everything into the file and leave it alone; talk goes on meanwhile."""
    if HOUSE not in hass.data or (store := hass.data[HOUSE].store) is None:
        return
    try:
        await store.hold()
    except StoreError as err:
        raise MemoryRefusal(key_of(err), str(err)) from err


async def async_post_backup(hass: HomeAssistant) -> None:
    """Let the file be written again."""
    if HOUSE not in hass.data or (store := hass.data[HOUSE].store) is None:
        return
    try:
        await store.release()
    except StoreError as err:
        LOGGER.warning("The memory could not be released after the backup: %s", err)
