"""What every provider keeps to, over a real socket, with chunks cut at odd bytes."""

import asyncio

from fake_llm import FakeLlm, Reply
import pytest

from custom_components.waifu_rt3d.providers import errors
from custom_components.waifu_rt3d.providers.base import (
    Delta,
    Message,
    Provider,
    Request,
    Role,
    StopDelta,
    StopReason,
    TextDelta,
    Thinking,
    ThinkingDelta,
    ToolCall,
    ToolCallDelta,
    ToolSpec,
    UsageDelta,
)

from .conftest import Connect, asking

LAMP = ToolSpec(
    name="turn_on",
    description="Turn on a lamp",
    parameters={"type": "object", "properties": {"name": {"type": "string"}}},
)


async def answer(provider: Provider, request: Request) -> list[Delta]:
    """Return all deltas of an answer."""
    return [delta async for delta in provider.stream(request)]


def text_of(deltas: list[Delta]) -> str:
    """Return the words of an answer."""
    return "".join(delta.text for delta in deltas if isinstance(delta, TextDelta))


@pytest.mark.parametrize("chunk_bytes", [1, 3, 7, 100_000])
async def test_words_arrive_whole(provider: Provider, fake: FakeLlm, chunk_bytes: int) -> None:
    """Umlauts, emoji and line breaks survive any cutting of the bytes."""
    fake.chunk_bytes = chunk_bytes
    fake.reply = Reply(words=("Grüß dich, ", "日本 😊", "\n[happy] ok"))
    deltas = await answer(provider, asking())
    assert text_of(deltas) == "Grüß dich, 日本 😊\n[happy] ok"
    assert StopDelta(reason=StopReason.DONE) in deltas
    assert UsageDelta(prompt=9, output=3) in deltas


async def test_words_arrive_while_they_are_made(provider: Provider, fake: FakeLlm) -> None:
    """The first word comes before the server has ended."""
    fake.reply = Reply(words=("Hello",), hang=True)
    stream = provider.stream(asking())
    async with asyncio.timeout(60):
        assert await anext(stream) == TextDelta(text="Hello")
    await stream.aclose()


async def test_closing_reaches_the_server(provider: Provider, fake: FakeLlm) -> None:
    """The server sees the disconnect at once."""
    fake.reply = Reply(words=("Hello",), hang=True)
    stream = provider.stream(asking())
    await anext(stream)
    # the server would say nothing for ever: only closing ends it
    await stream.aclose()
    async with asyncio.timeout(60):
        await fake.left.wait()


async def test_cancelling_the_task_reaches_the_server(provider: Provider, fake: FakeLlm) -> None:
    """So does the end of the task that reads."""
    fake.reply = Reply(words=("Hello",), hang=True)
    task = asyncio.create_task(answer(provider, asking()))
    while not fake.requests:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    task.cancel()
    async with asyncio.timeout(60):
        await fake.left.wait()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_thinking_is_told_apart(provider: Provider, fake: FakeLlm) -> None:
    """Thinking comes as thinking, not as words."""
    fake.reply = Reply(thinking=("They ", "greet."), words=("Hi",))
    deltas = await answer(provider, asking(think=True))
    thought = "".join(delta.text for delta in deltas if isinstance(delta, ThinkingDelta))
    assert thought == "They greet."
    assert text_of(deltas) == "Hi"


async def test_tool_calls_come_once_and_whole(provider: Provider, fake: FakeLlm) -> None:
    """Two calls with their arguments, and the reason says so."""
    lamp, fan = {"name": "Lämpchen"}, {"name": "fan", "speed": 3}
    fake.reply = Reply(words=("Sure.",), calls=(("turn_on", lamp), ("turn_on", fan)))
    deltas = await answer(provider, asking(model="tiny-tools", tools=(LAMP,)))
    calls = [delta.call for delta in deltas if isinstance(delta, ToolCallDelta)]
    assert [(call.name, dict(call.arguments)) for call in calls] == [
        ("turn_on", lamp),
        ("turn_on", fan),
    ]
    assert len({call.id for call in calls}) == 2
    assert StopDelta(reason=StopReason.TOOLS) in deltas


async def test_length_is_a_reason(provider: Provider, fake: FakeLlm) -> None:
    """An answer that was cut by its limit says so."""
    fake.reply = Reply(finish="length")
    assert StopDelta(reason=StopReason.LENGTH) in await answer(provider, asking())


async def test_conversation_is_sent_whole(provider: Provider, fake: FakeLlm) -> None:
    """System text, calls and results reach the server; tools are sorted by name."""
    call = ToolCall(id="call0", name="turn_on", arguments={"name": "lamp"})
    messages = (
        Message(role=Role.USER, text="Light!"),
        Message(
            role=Role.ASSISTANT,
            text="Sure.",
            tool_calls=(call,),
            thinking=(Thinking(text="hm", signature="signed"),),
        ),
        Message(role=Role.TOOL, text='{"ok": true}', tool_call_id="call0", tool_name="turn_on"),
    )
    other = ToolSpec(name="add", description="Add", parameters={"type": "object"})
    await answer(provider, asking(messages=messages, tools=(LAMP, other)))
    sent = str(fake.requests[-1])
    assert [sent.index(part) for part in ("Light!", "Sure.", "lamp")]
    assert "You are Mira." in sent
    assert "ok" in sent
    tools = [tool.get("name") or tool["function"]["name"] for tool in fake.requests[-1]["tools"]]
    assert tools == ["add", "turn_on"]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(empty=True), errors.EmptyAnswerError),
        (Reply(status=401, error="bad key"), errors.LoginError),
        (Reply(status=429, error="slow down"), errors.RateLimitError),
        (Reply(status=400, error="tiny does not support tools"), errors.NoToolsError),
        (Reply(status=400, error="maximum context length is 4096"), errors.PromptTooLongError),
        (Reply(status=400, error="prompt is too long"), errors.PromptTooLongError),
        (Reply(status=404, error="model 'x' not found"), errors.ModelMissingError),
        (Reply(status=503, error="loading"), errors.UnavailableError),
        (Reply(error="out of memory"), errors.BadResponseError),
    ],
)
async def test_failures_are_told_apart(
    provider: Provider, fake: FakeLlm, reply: Reply, error: type[errors.ProviderError]
) -> None:
    """Each failure is one of ours, with its own sentence."""
    fake.reply = reply
    with pytest.raises(error):
        await answer(provider, asking())


async def test_unknown_model(provider: Provider) -> None:
    """A model that is not there is named so, asked and probed."""
    with pytest.raises(errors.ModelMissingError):
        await answer(provider, asking(model="absent"))
    with pytest.raises(errors.ModelMissingError):
        await provider.probe("absent")


async def test_nobody_there(connect: Connect, socket_enabled: None) -> None:
    """A closed port is unreachable, which may pass."""
    provider = connect("http://127.0.0.1:9", "")
    with pytest.raises(errors.UnavailableError):
        await answer(provider, asking())
    with pytest.raises(errors.UnavailableError):
        await provider.models()
    assert errors.UnavailableError.retry


async def test_key_is_sent(connect: Connect, fake: FakeLlm) -> None:
    """The right key is let in, a wrong one is a login failure."""
    fake.key = "right"
    assert await connect(fake.url, "right").models() == ["tiny", "tiny-tools"]
    with pytest.raises(errors.LoginError):
        await connect(fake.url, "wrong").models()


async def test_models_and_probe(provider: Provider) -> None:
    """The models are listed and one of them is described."""
    assert await provider.models() == ["tiny", "tiny-tools"]
    assert (await provider.probe("tiny")).model == "tiny"
