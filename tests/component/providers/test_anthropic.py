"""What is special about Anthropic."""

from fake_llm import FakeLlm, Reply
import httpx

from custom_components.waifu_rt3d.providers.anthropic import Anthropic, make_client
from custom_components.waifu_rt3d.providers.base import Message, Role, Thinking, ThinkingDelta

from .conftest import asking


async def test_system_text_is_cached(fake: FakeLlm, http: httpx.AsyncClient) -> None:
    """The stable beginning is marked for the cache."""
    adapter = Anthropic(make_client(url=fake.url, key="k", http_client=http))
    async for _ in adapter.stream(asking()):
        pass
    block = fake.requests[-1]["system"][0]
    assert block == {
        "type": "text",
        "text": "You are Mira.",
        "cache_control": {"type": "ephemeral"},
    }


async def test_thinking_is_signed_and_sent_back(fake: FakeLlm, http: httpx.AsyncClient) -> None:
    """A signature comes out of the stream and goes back with its block; results join one message."""
    fake.reply = Reply(thinking=("hm",))
    adapter = Anthropic(make_client(url=fake.url, key="k", http_client=http))
    deltas = [delta async for delta in adapter.stream(asking(think=True))]
    assert ThinkingDelta(signature="signed") in deltas
    thought = Thinking(text="hm", signature="signed")
    messages = (
        Message(role=Role.USER, text="Hi"),
        Message(role=Role.ASSISTANT, text="Yes.", thinking=(thought, Thinking(text="unsigned"))),
        Message(role=Role.TOOL, text="1", tool_call_id="a"),
        Message(role=Role.TOOL, text="2", tool_call_id="b"),
    )
    async for _ in adapter.stream(asking(messages=messages)):
        pass
    sent = fake.requests[-1]["messages"]
    assert [message["role"] for message in sent] == ["user", "assistant", "user"]
    assert sent[1]["content"][0] == {"type": "thinking", "thinking": "hm", "signature": "signed"}
    assert [block["tool_use_id"] for block in sent[2]["content"]] == ["a", "b"]
