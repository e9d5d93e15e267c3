"""What a room's satellite uses: the pipeline, and the pause that ends a command."""

from homeassistant.components.assist_pipeline import AssistPipelineSelect, VadSensitivitySelect
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import DOMAIN
from .entity import WaifuConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: WaifuConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the selects of a satellite."""
    async_add_entities([RoomPipeline(hass, entry), RoomPause(hass, entry)])


class RoomPipeline(AssistPipelineSelect):
    """The pipeline of a room; "preferred" is that of the room's character."""

    _attr_has_entity_name = True

    def __init__(self, hass: HomeAssistant, entry: WaifuConfigEntry) -> None:
        """Belong to a satellite."""
        super().__init__(hass, DOMAIN, str(entry.unique_id))
        self._attr_device_info = _device(entry)


class RoomPause(VadSensitivitySelect):
    """The pause that ends a command, for satellites that do not end it themselves."""

    _attr_has_entity_name = True

    def __init__(self, hass: HomeAssistant, entry: WaifuConfigEntry) -> None:
        """Belong to a satellite."""
        super().__init__(hass, str(entry.unique_id))
        self._attr_device_info = _device(entry)


def _device(entry: WaifuConfigEntry) -> DeviceInfo:
    """Return the satellite's device."""
    return DeviceInfo(identifiers={(DOMAIN, str(entry.unique_id))})
