"""Who helps with a reply, as Home Assistant knows them: its engines, agents, models and tools."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import CONF_HOST, CONF_MODEL, CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.llm import Tool
from homeassistant.loader import IntegrationNotLoaded, async_get_loaded_integration

from ..const import DOMAIN
from ..minds.model_servers import ModelServer
from ..stage.receipt import Helper, Part, host_of, is_inside
from ..voice.service import SpeechService
from .turn import Turn

_ADDRESS_KEYS = (CONF_HOST, CONF_URL, "base_url", "server_url", "address")
_MODEL_KEYS = (CONF_MODEL, "chat_model", "llm_model")
_INSIDE_BRANDS = ("local", "calculated", "assumed")


@callback
def note_engine(hass: HomeAssistant, turn: Turn, part: Part, entity_id: str | None) -> None:
    """Note another integration's engine; ours note what is behind them by themselves."""
    entry = er.async_get(hass).async_get(entity_id) if entity_id else None
    if entity_id and (entry is None or entry.platform != DOMAIN):
        turn.receipt.note(part, helper_of_entity(hass, entity_id))


@callback
def helper_of_entity(hass: HomeAssistant, entity_id: str) -> Helper:
    """Return an entity of any integration: where it runs is told by its address or its class."""
    entry = er.async_get(hass).async_get(entity_id)
    state = hass.states.get(entity_id)
    name = state.name if state is not None else entity_id
    if entry is None:
        return Helper(name=name, inside=_inside_by_class(hass, entity_id.partition(".")[0]))
    data = _data_of(hass, entry)
    host = next((host_of(str(data[key])) for key in _ADDRESS_KEYS if data.get(key)), None)
    return Helper(
        name=name,
        detail=next((str(data[key]) for key in _MODEL_KEYS if data.get(key)), None),
        host=host,
        inside=_inside_by_class(hass, entry.platform) if host is None else is_inside(host),
    )


def helper_of_server(server: SpeechService, voice: str | None = None) -> Helper:
    """Return a speech server."""
    return Helper(
        name=server.info.name, detail=voice, host=server.host, inside=is_inside(server.host)
    )


def helper_of_model(server: ModelServer) -> Helper:
    """Return one of the owner's own models."""
    host = host_of(server.address.url)
    return Helper(
        name=server.name,
        detail=server.model,
        host=host,
        inside=is_inside(host) if host else None,
    )


@callback
def helper_of_tool(hass: HomeAssistant, tool: Tool) -> Helper:
    """Return a tool; one that may reach out is inside only where its integration does not."""
    inside: bool | None = True
    if tool.annotations.open_world and tool.integration != DOMAIN:
        inside = _inside_by_class(hass, tool.integration) if tool.integration else None
    return Helper(name=tool.title or tool.name, inside=inside)


def _data_of(hass: HomeAssistant, entry: er.RegistryEntry) -> Mapping[str, Any]:
    """Return what the config entry behind an entity says of its server; the subentry knows better."""
    config = hass.config_entries.async_get_entry(entry.config_entry_id or "")
    if config is None:
        return {}
    subentry = config.subentries.get(entry.config_subentry_id or "")
    return {**config.data, **config.options, **(subentry.data if subentry else {})}


@callback
def _inside_by_class(hass: HomeAssistant, domain: str) -> bool | None:
    """Return what the manifest says: core's own building blocks have no class and call nobody."""
    try:
        integration = async_get_loaded_integration(hass, domain)
    except IntegrationNotLoaded:
        return None
    if integration.iot_class is None:
        return True if integration.quality_scale == "internal" else None
    return integration.iot_class.startswith(_INSIDE_BRANDS)
