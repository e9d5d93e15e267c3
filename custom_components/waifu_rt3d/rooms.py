"""Rooms and the characters that answer in them."""

from collections.abc import Iterable

from homeassistant.components.assist_pipeline import async_get_pipeline
from homeassistant.components.select import (
    ATTR_OPTION,
    DOMAIN as SELECT_DOMAIN,
    SERVICE_SELECT_OPTION,
)
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .const import LOGGER


async def async_use_in_rooms(hass: HomeAssistant, pipeline_id: str, rooms: Iterable[str]) -> None:
    """Let satellites, ours or others, answer with a pipeline; one that is gone is left out."""
    for room in rooms:
        select = _pipeline_select(hass, room)
        if select is None:
            LOGGER.warning("The assistant of %s can't be chosen", room)
            continue
        name = async_get_pipeline(hass, pipeline_id).name
        try:
            await hass.services.async_call(
                SELECT_DOMAIN,
                SERVICE_SELECT_OPTION,
                {ATTR_ENTITY_ID: select, ATTR_OPTION: name},
                blocking=True,
            )
        except HomeAssistantError as err:
            LOGGER.warning("The assistant of %s can't be chosen: %s", room, err)


@callback
def area_of_device(hass: HomeAssistant, device_id: str | None) -> str | None:
    """Return the room in which a device is."""
    device = dr.async_get(hass).async_get(device_id) if device_id else None
    return device.area_id if device is not None else None


@callback
def area_of_entity(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return the room of an entity: its own, or that of its device."""
    entry = er.async_get(hass).async_get(entity_id)
    if entry is None:
        return None
    return entry.area_id or area_of_device(hass, entry.device_id)


@callback
def _pipeline_select(hass: HomeAssistant, room: str) -> str | None:
    """Return the select entity with which a satellite chooses its assistant."""
    registry = er.async_get(hass)
    satellite = registry.async_get(room)
    if satellite is None or satellite.device_id is None:
        return None
    for entry in er.async_entries_for_device(registry, satellite.device_id):
        if entry.domain == SELECT_DOMAIN and entry.translation_key == "pipeline":
            return entry.entity_id
    return None
