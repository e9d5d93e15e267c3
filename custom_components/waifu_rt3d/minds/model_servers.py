"""The owner's own language models: providers as subentries, opened on first use.

Their SDKs come at core's own pins with core's own integrations, which are not set up by that. They
are imported in a thread, and share Home Assistant's HTTP client.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_API_KEY, CONF_MODEL, CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.httpx_client import get_async_client
from homeassistant.requirements import RequirementsNotFound, async_get_integration_with_requirements
from homeassistant.util.hass_dict import HassKey

from ..const import (
    CONF_CONTEXT_TOKENS,
    CONF_EMBEDDING_MODEL,
    CONF_PROVIDER,
    CONF_SERVER_KIND,
    CONF_TOOLS,
    DOCUMENTS,
    DOMAIN,
)
from ..providers.base import Deltas, Embedder, Provider, Request
from ..providers.catalog import KINDS, Kind
from ..providers.errors import LoginError, ProviderError

MODEL_SERVERS: HassKey[ModelServers] = HassKey(f"{DOMAIN}_model_servers")

OPENAI_SDK: Final = "openai_conversation"


class SdkMissingError(ProviderError):
    """The provider's software can't be installed here."""

    key = "provider_sdk_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a server of models is, and how to get in."""

    kind: str
    """Name of a kind of the catalog."""
    url: str
    key: str = ""

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Address:
        """Read the address from a subentry's data."""
        kind = str(data[CONF_SERVER_KIND])
        return cls(
            kind=kind,
            url=str(data.get(CONF_URL) or KINDS[kind].usual_url).rstrip("/"),
            key=str(data.get(CONF_API_KEY) or ""),
        )

    @property
    def about(self) -> Kind:
        """Return what is known of such servers."""
        return KINDS[self.kind]

    def options(self, context_tokens: int) -> dict[str, Any]:
        """Return what every request to this server carries."""
        return {"num_ctx": context_tokens} if self.about.names_context else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelServer:
    """A provider as its subentry tells it: a model, and how it is reached."""

    id: str
    name: str
    address: Address
    model: str
    context_tokens: int
    tools: bool
    embedding_model: str | None = None
    """The model of this server that makes vectors for the memory, where the owner named one."""

    @classmethod
    def from_subentry(cls, subentry: ConfigSubentry) -> ModelServer:
        """Read a provider from its subentry."""
        data = subentry.data
        address = Address.from_data(data)
        return cls(
            id=subentry.subentry_id,
            name=subentry.title,
            address=address,
            model=data[CONF_MODEL],
            context_tokens=data.get(CONF_CONTEXT_TOKENS) or address.about.usual_context,
            tools=data.get(CONF_TOOLS, True),
            embedding_model=data.get(CONF_EMBEDDING_MODEL) or None,
        )

    @property
    def options(self) -> dict[str, Any]:
        """Return what every request to this server carries."""
        return self.address.options(self.context_tokens)


class ModelServers:
    """The providers of the house."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Start with none."""
        self._hass = hass
        self._servers: dict[str, ModelServer] = {}
        self._open: dict[Address, asyncio.Task[Provider]] = {}

    def take(self, servers: Mapping[str, ModelServer]) -> None:
        """Take the providers as they are now; running answers keep what they began with."""
        for server_id, before in self._servers.items():
            if servers.get(server_id) != before:  # it may know tools now
                ir.async_delete_issue(self._hass, DOMAIN, f"no_tools_{server_id}")
        self._servers = dict(servers)
        known = {server.address for server in servers.values()}
        self._open = {at: task for at, task in self._open.items() if at in known}

    def get(self, server_id: str | None) -> ModelServer | None:
        """Return a provider by the id of its subentry."""
        return self._servers.get(server_id) if server_id else None

    def all(self) -> list[ModelServer]:
        """Return all providers."""
        return list(self._servers.values())

    async def stream(self, server: ModelServer, request: Request) -> Deltas:
        """Yield the answer of a provider; its SDK is loaded when it is first asked."""
        provider = await self._provider(server.address)
        deltas = provider.stream(request)
        try:
            async for delta in deltas:
                yield delta
        except LoginError:
            ask_for_key(self._hass, server)
            raise
        finally:
            await deltas.aclose()

    async def embed(self, server: ModelServer, texts: list[str]) -> list[list[float]]:
        """Return a vector for each text, made by the server's embedding model."""
        provider = await self._provider(server.address)
        if server.embedding_model is None or not isinstance(provider, Embedder):
            raise ProviderError(f"{server.name} makes no vectors")
        vectors = await provider.embed(server.embedding_model, texts)
        if len(vectors) != len(texts):
            raise ProviderError(f"{len(texts)} texts gave {len(vectors)} vectors")
        return vectors

    async def _provider(self, address: Address) -> Provider:
        """Return the open provider of an address; one that could not be opened is tried anew."""
        task = self._open.get(address)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._open[address] = self._hass.async_create_task(
                async_open(self._hass, address), f"{DOMAIN} open {address.kind}"
            )
        return await asyncio.shield(task)


@callback
def ask_for_key(hass: HomeAssistant, server: ModelServer) -> None:
    """Ask the owner for a new key: subentries have no such flow, so the companion's leads to it."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        if server.id in entry.subentries:
            entry.async_start_reauth(hass, data={CONF_PROVIDER: server.id})


async def async_open(hass: HomeAssistant, address: Address) -> Provider:
    """Return a provider; an SDK that can't be installed disables this provider only."""
    if not (address.key.isascii() and address.key.isprintable()):
        raise LoginError("The key holds signs that no header can carry")
    kind = address.about
    await async_install(hass, kind.sdk_of)
    # the SDK is imported here
    connect = partial(kind.connect, address.url, address.key, get_async_client(hass))
    return await hass.async_add_import_executor_job(connect)


async def async_install(hass: HomeAssistant, integration: str) -> None:
    """Install what one of core's integrations needs, and tell the owner when that fails."""
    issue = f"sdk_missing_{integration}"
    try:
        await async_get_integration_with_requirements(hass, integration)
    except RequirementsNotFound as err:
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue,
            is_fixable=False,
            learn_more_url=f"{DOCUMENTS}/troubleshooting.md#repairs",
            severity=ir.IssueSeverity.ERROR,
            translation_key="sdk_missing",
            translation_placeholders={"packages": ", ".join(err.requirements)},
        )
        raise SdkMissingError(str(err)) from err
    ir.async_delete_issue(hass, DOMAIN, issue)
