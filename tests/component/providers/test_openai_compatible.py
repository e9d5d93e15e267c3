"""What is special about servers that speak OpenAI's language."""

from fake_llm import FakeLlm, Reply
import httpx
import pytest

from custom_components.waifu_rt3d.providers.base import Capabilities, StopDelta, ToolCallDelta
from custom_components.waifu_rt3d.providers.openai_compatible import OpenAiCompatible, make_client
from custom_components.waifu_rt3d.providers.profiles import PROFILES
from custom_components.waifu_rt3d.providers.reading import tool_call

from .conftest import asking


def server(fake: FakeLlm, http: httpx.AsyncClient, profile: str) -> OpenAiCompatible:
    """Return an adapter with a profile."""
    return OpenAiCompatible(
        make_client(url=f"{fake.url}/v1", key="", http_client=http), PROFILES[profile]
    )


@pytest.mark.parametrize(
    ("profile", "tools"),
    [("llama_cpp", True), ("koboldcpp", None), ("vllm", None), ("lm_studio", False)],
)
async def test_context_and_tools_are_asked_for(
    fake: FakeLlm, http: httpx.AsyncClient, profile: str, tools: bool | None
) -> None:
    """Servers that tell their context size and tools are asked in their own way."""
    found = await server(fake, http, profile).probe("tiny")
    assert found == Capabilities(model="tiny", context_tokens=4096, tools=tools)


async def test_responses_are_read_by_the_official_client(
    fake: FakeLlm, http: httpx.AsyncClient
) -> None:
    """The fourth format is the one that core's own integration speaks."""
    fake.reply = Reply(words=("Grüß ", "dich."), calls=(("turn_on", {"name": "lamp"}),))
    client = make_client(url=f"{fake.url}/v1", key="", http_client=http)
    events = await client.responses.create(model="tiny", input="Hi", stream=True)
    found = [event async for event in events]
    words = [event.delta for event in found if event.type == "response.output_text.delta"]
    assert "".join(words) == "Grüß dich."
    assert found[-1].type == "response.completed"
    assert found[-1].response.output[-1].arguments == '{"name": "lamp"}'


@pytest.mark.parametrize("profile", ["koboldcpp", "text_generation_webui"])
async def test_early_end_is_told_where_needed(
    fake: FakeLlm, http: httpx.AsyncClient, profile: str
) -> None:
    """A server that goes on after a disconnect is told to stop, but only then."""
    adapter = server(fake, http, profile)
    assert [delta async for delta in adapter.stream(asking())]
    assert fake.aborted == []
    fake.reply = Reply(words=("Hello",), hang=True)
    stream = adapter.stream(asking())
    await anext(stream)
    await stream.aclose()
    assert fake.aborted == [PROFILES[profile].abort_path]


async def test_odd_servers(fake: FakeLlm, http: httpx.AsyncClient) -> None:
    """Calls without an index, repeated names and two reasons still give each call once."""
    fake.reply = Reply(odd=True, words=(), calls=(("a", {"x": 1}), ("b", {"y": 2})))
    deltas = [delta async for delta in server(fake, http, "compatible").stream(asking())]
    calls = [d.call for d in deltas if isinstance(d, ToolCallDelta)]
    assert [(c.name, dict(c.arguments)) for c in calls] == [("a", {"x": 1}), ("b", {"y": 2})]
    assert len([d for d in deltas if isinstance(d, StopDelta)]) == 1


async def test_body_follows_the_profile(fake: FakeLlm, http: httpx.AsyncClient) -> None:
    """Limits and template arguments are named as the server names them."""
    async for _ in server(fake, http, "openai").stream(asking(max_tokens=7, temperature=0.5)):
        pass
    assert fake.requests[-1]["max_completion_tokens"] == 7
    assert fake.requests[-1]["temperature"] == 0.5
    async for _ in server(fake, http, "llama_cpp").stream(asking(options={"id_slot": 2})):
        pass
    sent = fake.requests[-1]
    assert (sent["cache_prompt"], sent["id_slot"]) == (True, 2)
    assert sent["chat_template_kwargs"] == {"enable_thinking": False}


@pytest.mark.parametrize(
    ("written", "arguments", "invalid"),
    [
        ('{"a": 1}', {"a": 1}, None),
        ("", {}, None),
        ('"{\\"a\\": 1}"', {"a": 1}, None),
        ("{a: 1}", {}, "{a: 1}"),
        ("[1]", {}, "[1]"),
    ],
)
def test_arguments(written: str, arguments: dict[str, int], invalid: str | None) -> None:
    """Arguments are read where they can be, and kept as they are where not."""
    call = tool_call("1", "x", written)
    assert (dict(call.arguments), call.invalid) == (arguments, invalid)
