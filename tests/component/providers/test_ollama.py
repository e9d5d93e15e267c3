"""What is special about Ollama."""

from fake_llm import FakeLlm
import httpx

from custom_components.waifu_rt3d.providers.base import Capabilities
from custom_components.waifu_rt3d.providers.ollama import Ollama, make_client

from .conftest import asking


async def test_context_and_keeping(fake: FakeLlm, http: httpx.AsyncClient) -> None:
    """The context size is always named, and the model stays loaded, by an integer."""
    adapter = Ollama(make_client(url=fake.url, http_client=http))
    async for _ in adapter.stream(asking(options={"num_ctx": 16000}, max_tokens=50)):
        pass
    sent = fake.requests[-1]
    assert sent["options"] == {"num_ctx": 16000, "num_predict": 50}
    assert sent["keep_alive"] == -1
    assert sent["think"] is False


async def test_probe_tells_tools(fake: FakeLlm, http: httpx.AsyncClient) -> None:
    """Capabilities come from the server."""
    adapter = Ollama(make_client(url=fake.url, http_client=http))
    expected = Capabilities(model="tiny", context_tokens=4096, tools=False, thinking=False)
    assert await adapter.probe("tiny") == expected
    assert (await adapter.probe("tiny-tools")).tools is True


async def test_warm_up_loads_with_the_same_context(fake: FakeLlm, http: httpx.AsyncClient) -> None:
    """Another context size would make the server load the model again."""
    await Ollama(make_client(url=fake.url, http_client=http)).warm_up("tiny", 16000)
    assert fake.requests[-1]["options"] == {"num_ctx": 16000}
    assert not fake.requests[-1].get("prompt")
