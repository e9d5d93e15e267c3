"""A fake server and the three adapters, each with the official SDK's own client."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

from fake_llm import FakeLlm
import httpx
import pytest

from custom_components.waifu_rt3d.providers import anthropic, ollama, openai_compatible
from custom_components.waifu_rt3d.providers.base import Message, Provider, Request, Role
from custom_components.waifu_rt3d.providers.profiles import PROFILES

type Connect = Callable[[str, str], Provider]
type ConnectBy = Callable[[str, str, httpx.AsyncClient], Provider]


def connect_openai(url: str, key: str, http: httpx.AsyncClient) -> Provider:
    """Return the OpenAI-compatible adapter."""
    client = openai_compatible.make_client(url=f"{url}/v1", key=key, http_client=http)
    return openai_compatible.OpenAiCompatible(client, PROFILES["compatible"])


def connect_ollama(url: str, key: str, http: httpx.AsyncClient) -> Provider:
    """Return the Ollama adapter."""
    return ollama.Ollama(ollama.make_client(url=url, key=key, http_client=http))


def connect_anthropic(url: str, key: str, http: httpx.AsyncClient) -> Provider:
    """Return the Anthropic adapter."""
    return anthropic.Anthropic(anthropic.make_client(url=url, key=key or "none", http_client=http))


@pytest.fixture
async def fake(socket_enabled: None) -> AsyncGenerator[FakeLlm]:
    """Return a fake server."""
    server = await FakeLlm().start()
    yield server
    await server.stop()


@pytest.fixture
async def http(socket_enabled: None) -> AsyncGenerator[httpx.AsyncClient]:
    """Return the connection pool that all share, of the kind Home Assistant has."""
    async with httpx.AsyncClient() as client:
        yield client


@pytest.fixture
def expected_lingering_tasks() -> bool:
    """Let the test kit warn only: the SDKs leave inner generators of ended streams to the collector."""
    return True


@pytest.fixture(
    params=[connect_openai, connect_ollama, connect_anthropic], ids=lambda f: f.__name__
)
def connect(request: pytest.FixtureRequest, http: httpx.AsyncClient) -> Connect:
    """Return how to reach a server, once for each wire format."""
    connect: ConnectBy = request.param
    return lambda url, key: connect(url, key, http)


@pytest.fixture
def provider(connect: Connect, fake: FakeLlm) -> Provider:
    """Return an adapter at the fake server."""
    return connect(fake.url, "")


def asking(text: str = "Hi", **more: Any) -> Request:
    """Return a request."""
    messages = (Message(role=Role.USER, text=text),)
    return Request(**{"model": "tiny", "system": "You are Mira.", "messages": messages, **more})
