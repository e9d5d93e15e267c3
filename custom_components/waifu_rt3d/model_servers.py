"""The owner's own language models: providers as subentries, opened on first use.

Their SDKs come at core's own pins with core's own integrations, which are not set up by that. They
are imported in a thread, and share Home Assistant's HTTP client.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_API_KEY, CONF_MODEL, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.httpx_client import get_async_client
from homeassistant.requirements import RequirementsNotFound, async_get_integration_with_requirements
from homeassistant.util.hass_dict import HassKey

from .const import CONF_CONTEXT_TOKENS, CONF_SERVER_KIND, CONF_TOOLS, DOMAIN
from .providers import anthropic, ollama, openai_compatible
from .providers.base import Deltas, Provider, Request
from .providers.errors import ProviderError
from .providers.profiles import PROFILES

MODEL_SERVERS: HassKey[ModelServers] = HassKey(f"{DOMAIN}_model_servers")

OLLAMA: Final = "ollama"
ANTHROPIC: Final = "anthropic"
DEFAULT_CONTEXT_TOKENS: Final = 8192
_ANTHROPIC_URL = "https://api.anthropic.com"
_ANTHROPIC_CONTEXT_TOKENS = 100_000
_SDK_OF = {OLLAMA: "ollama", ANTHROPIC: "anthropic"}
OPENAI_SDK: Final = "openai_conversation"


class SdkMissingError(ProviderError):
    """The provider's software can't be installed here."""

    key = "provider_sdk_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a server of models is, and how to get in."""

    kind: str
    """Name of a profile, or `ollama` or `anthropic`."""
    url: str
    key: str = ""

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Address:
        """Read the address from a subentry's data."""
        kind = str(data[CONF_SERVER_KIND])
        return cls(
            kind=kind,
            url=str(data.get(CONF_URL) or default_url(kind)),
            key=str(data.get(CONF_API_KEY) or ""),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelServer:
    """A provider as its subentry tells it: a model, and how it is reached."""

    id: str
    name: str
    address: Address
    model: str
    context_tokens: int
    tools: bool

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
            context_tokens=data.get(CONF_CONTEXT_TOKENS) or default_context(address.kind),
            tools=data.get(CONF_TOOLS, True),
        )

    @property
    def options(self) -> dict[str, Any]:
        """Return what every request to this server carries."""
        # Ollama silently drops the head of a prompt that is longer than it was told.
        return {"num_ctx": self.context_tokens} if self.address.kind == OLLAMA else {}


class ModelServers:
    """The providers of the house."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Start with none."""
        self._hass = hass
        self._servers: dict[str, ModelServer] = {}
        self._open: dict[Address, asyncio.Task[Provider]] = {}

    def take(self, servers: Mapping[str, ModelServer]) -> None:
        """Take the providers as they are now; running answers keep what they began with."""
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
        finally:
            await deltas.aclose()

    async def _provider(self, address: Address) -> Provider:
        """Return the open provider of an address; one that could not be opened is tried anew."""
        task = self._open.get(address)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._open[address] = self._hass.async_create_task(
                async_open(self._hass, address), f"{DOMAIN} open {address.kind}"
            )
        return await asyncio.shield(task)


def default_url(kind: str) -> str:
    """Return where a kind of server usually is, seen from Home Assistant."""
    if kind == ANTHROPIC:
        return _ANTHROPIC_URL
    port = ollama.DEFAULT_PORT if kind == OLLAMA else PROFILES[kind].port
    fixed = None if kind == OLLAMA else PROFILES[kind].url
    return fixed or f"http://localhost:{port or 8080}"


def default_context(kind: str) -> int:
    """Return how many tokens are used where nobody says how many there are."""
    return _ANTHROPIC_CONTEXT_TOKENS if kind == ANTHROPIC else DEFAULT_CONTEXT_TOKENS


async def async_open(hass: HomeAssistant, address: Address) -> Provider:
    """Return a provider; an SDK that can't be installed disables this provider only."""
    await async_install(hass, _SDK_OF.get(address.kind, OPENAI_SDK))
    http_client = get_async_client(hass)
    make = _maker(address)
    return await hass.async_add_import_executor_job(partial(make, http_client))


def _maker(address: Address) -> Callable[[object], Provider]:
    """Return what makes the provider, given an HTTP client; it imports the SDK."""
    url = address.url.rstrip("/")

    def make(http_client: object) -> Provider:
        if address.kind == OLLAMA:
            client = ollama.make_client(url=url, key=address.key, http_client=http_client)
            return ollama.Ollama(client)
        if address.kind == ANTHROPIC:
            key = address.key or "none"  # the SDK refuses an empty one
            client = anthropic.make_client(url=url, key=key, http_client=http_client)
            return anthropic.Anthropic(client)
        base = url if url.endswith("/v1") else f"{url}/v1"
        client = openai_compatible.make_client(url=base, key=address.key, http_client=http_client)
        return openai_compatible.OpenAiCompatible(client, PROFILES[address.kind])

    return make


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
            severity=ir.IssueSeverity.ERROR,
            translation_key="sdk_missing",
            translation_placeholders={"packages": ", ".join(err.requirements)},
        )
        raise SdkMissingError(str(err)) from err
    ir.async_delete_issue(hass, DOMAIN, issue)
