"""Look for servers of language models while a form is open: at known hosts, on the usual ports.

Asked are the hosts of servers that the owner has entered already, Home Assistant's own, and its
add-ons. No subnet is scanned, and nothing is asked at any other time.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from homeassistant.const import CONF_HOST, CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.hassio import is_hassio
from homeassistant.helpers.httpx_client import get_async_client
from homeassistant.util.json import json_loads
from httpx import HTTPError

from ..const import DOMAIN
from ..providers.catalog import KINDS, Kind

_PATIENCE_S = 1.5
_AT_ONCE = 24
_MOST_BYTES = 1 << 18
_SERVERS = {DOMAIN, "litellm", "llama_cpp", "mcp", "ollama", "openai_conversation", "wyoming"}
"""Integrations whose hosts are computers that may run a model; lamps and televisions are left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A server that answered."""

    kind: str
    url: str
    label: str


async def async_find_servers(hass: HomeAssistant) -> list[Found]:
    """Return the servers that answer within a moment, in the order of the hosts."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def ask(host: str, kind: Kind) -> Found | None:
        async with gate:
            url = kind.url_at(host)
            if not await _answers(hass, f"{url}{kind.probe_path}", kind.probe_key):
                return None
            return Found(kind=kind.name, url=url, label=f"{kind.label} ({host}:{kind.port})")

    asking = [ask(host, kind) for host in hosts(hass) for kind in KINDS.values() if kind.port]
    return [found for found in await asyncio.gather(*asking) if found is not None]


@callback
def hosts(hass: HomeAssistant) -> list[str]:
    """Return the hosts that may be asked, each once."""
    found = ["127.0.0.1"]
    for entry in hass.config_entries.async_entries():
        if entry.domain in _SERVERS:
            for data in (entry.data, *(s.data for s in entry.subentries.values())):
                found += _hosts_in(data)
    return list(dict.fromkeys([*found, *_add_ons(hass)]))


def _hosts_in(data: Any) -> Iterator[str]:
    """Yield the hosts of an entry's data; those of services in the internet have https."""
    if host := data.get(CONF_HOST):
        yield str(host)
    parts = urlsplit(str(data.get(CONF_URL) or ""))
    if parts.scheme == "http" and parts.hostname:
        yield parts.hostname


@callback
def _add_ons(hass: HomeAssistant) -> list[str]:
    """Return the names of the add-ons, where there is a supervisor."""
    if not is_hassio(hass):
        return []
    from homeassistant.components.hassio import get_addons_info  # noqa: PLC0415 - only where there is one

    try:
        about = get_addons_info(hass).values()
    except HomeAssistantError:  # the supervisor has not told yet
        return []
    return [str(one["hostname"]) for one in about if one and one.get("hostname")]


async def _answers(hass: HomeAssistant, url: str, key: str) -> bool:
    """Return whether a server of the kind answers there: a JSON object with a certain member."""
    body = bytearray()
    try:
        async with (
            asyncio.timeout(_PATIENCE_S),
            get_async_client(hass).stream("GET", url, follow_redirects=False) as response,
        ):
            if response.status_code != HTTPStatus.OK:
                return False
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > _MOST_BYTES:
                    return False
        value = json_loads(bytes(body))
    except HTTPError, TimeoutError, ValueError, OSError:
        return False
    return isinstance(value, dict) and key in value
