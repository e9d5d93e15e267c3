"""Follow entities to their new ids: what names them would else be silent from then on.

Core tells of a new id and mends nothing that holds the old one, neither our options nor a pipeline.
"""

from collections.abc import Mapping
from typing import Any

from homeassistant.components.assist_pipeline import async_get_pipelines, async_update_pipeline
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_registry import EventEntityRegistryUpdatedData

from ..const import CONF_KIND, DOMAIN, KIND_SATELLITE

_ENGINES = ("conversation_engine", "stt_engine", "tts_engine")
type Registry = Event[EventEntityRegistryUpdatedData]


@callback
def async_follow(hass: HomeAssistant) -> None:
    """Take every new id up, from now on."""

    async def renamed(event: Registry) -> None:
        assert event.data["action"] == "update"
        old, new = event.data["old_entity_id"], event.data["entity_id"]
        async_rename(hass, old, new)
        entry = er.async_get(hass).async_get(new)
        if entry is not None and entry.platform == DOMAIN:
            await _async_mend_pipelines(hass, old, new)

    hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, renamed, _has_new_id)


@callback
def _has_new_id(data: EventEntityRegistryUpdatedData) -> bool:
    """Say whether an event tells of a new id."""
    return data["action"] == "update" and "old_entity_id" in data


@callback
def async_rename(hass: HomeAssistant, old: str, new: str) -> None:
    """Put the new id in the place of the old one in our entries and what belongs to them."""
    entries = hass.config_entries
    for entry in entries.async_entries(DOMAIN):
        for subentry in list(entry.subentries.values()):
            data = _with_new(subentry.data, old, new)
            entries.async_update_subentry(entry, subentry, data=data)
        changed = entries.async_update_entry(entry, options=_with_new(entry.options, old, new))
        if changed and entry.data[CONF_KIND] == KIND_SATELLITE:
            entries.async_schedule_reload(entry.entry_id)


async def _async_mend_pipelines(hass: HomeAssistant, old: str, new: str) -> None:
    """Let the pipelines that named one of our entities go on with it, the owner's own as well."""
    for pipeline in async_get_pipelines(hass):
        named = [engine for engine in _ENGINES if getattr(pipeline, engine) == old]
        changes: dict[str, Any] = dict.fromkeys(named, new)
        if changes:
            await async_update_pipeline(hass, pipeline, **changes)


def _with_new(value: Any, old: str, new: str) -> Any:
    """Return a value of an entry with the new id wherever the old one stood."""
    if isinstance(value, Mapping):
        return {key: _with_new(one, old, new) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_new(one, old, new) for one in value]
    return new if value == old else value
