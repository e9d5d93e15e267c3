"""Rooms and the characters that answer in them."""

from collections.abc import Iterable

from homeassistant.components.assist_pipeline import async_get_pipeline
from homeassistant.components.assist_satellite import DOMAIN as SATELLITE_DOMAIN
from homeassistant.components.intent import async_device_supports_timers
from homeassistant.components.select import (
    ATTR_OPTION,
    DOMAIN as SELECT_DOMAIN,
    SERVICE_SELECT_OPTION,
)
from homeassistant.const import ATTR_ENTITY_ID, STATE_UNAVAILABLE, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..cast.character import Character
from ..const import LOGGER


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
def device_of_card(hass: HomeAssistant, character: Character, area: str | None) -> str | None:
    """Return the device for which a card speaks: where its timers ring, and which room is meant.

    That is a satellite of its room that keeps timers, else the character's own device.
    """
    registry = er.async_get(hass)
    for state in hass.states.async_all(SATELLITE_DOMAIN) if area else ():
        entry = registry.async_get(state.entity_id)
        if entry is None or entry.device_id is None or state.state == STATE_UNAVAILABLE:
            continue
        if area_of_entity(hass, entry.entity_id) != area:
            continue
        if async_device_supports_timers(hass, entry.device_id):
            return entry.device_id
    entity_id = character.entity_id(hass, Platform.CONVERSATION)
    own = registry.async_get(entity_id) if entity_id else None
    return own.device_id if own is not None else None


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
