"""Anthropic's Claude, through the `anthropic` SDK."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from .base import (
    Capabilities,
    Delta,
    Deltas,
    Message,
    Request,
    Role,
    StopDelta,
    StopReason,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    ToolSpec,
    UsageDelta,
)
from .errors import translating
from .reading import checked, tool_call

_CACHE = {"type": "ephemeral"}
_THINKING_TOKENS = 1024
_STOPS = {
    "end_turn": StopReason.DONE,
    "stop_sequence": StopReason.DONE,
    "max_tokens": StopReason.LENGTH,
    "tool_use": StopReason.TOOLS,
    "refusal": StopReason.REFUSED,
}


def make_client(*, key: str, url: str | None = None, http_client: object | None = None) -> Any:
    """Return the SDK's client; imports it, so call this off the loop the first time."""
    import anthropic  # noqa: PLC0415 - paid only by who uses it

    client: Any = anthropic.AsyncAnthropic
    return client(api_key=key, base_url=url, http_client=http_client, max_retries=0)


class Anthropic:
    """Anthropic's messages."""

    def __init__(self, client: Any) -> None:
        """Use a client of the `anthropic` SDK."""
        self._client = client

    async def models(self) -> list[str]:
        """Return the models it has, sorted."""
        with translating():
            page = await self._client.models.list(limit=100)
        return sorted(model.id for model in page.data)

    async def probe(self, model: str) -> Capabilities:
        """Return what a model can do."""
        with translating():
            found = await self._client.models.retrieve(model)
        return Capabilities(model=found.id, context_tokens=200_000, tools=True, thinking=None)

    def stream(self, request: Request) -> Deltas:
        """Yield the answer."""
        return checked(self._stream(request))

    async def _stream(self, request: Request) -> Deltas:
        """Yield the answer; closing it ends the request."""
        events = await self._client.messages.create(**_body(request))
        try:
            async with aclosing(_deltas(events)) as deltas:
                async for delta in deltas:
                    yield delta
        finally:
            await events.close()


def _body(request: Request) -> dict[str, Any]:
    """Return the request as the SDK takes it; the cache ends behind system text and tools."""
    body: dict[str, Any] = {
        "model": request.model,
        "system": [{"type": "text", "text": request.system, "cache_control": _CACHE}],
        "messages": _messages(request.messages),
        "max_tokens": request.max_tokens,
        "stream": True,
        **request.options,
    }
    if request.tools:
        body["tools"] = [_tool(tool) for tool in sorted(request.tools, key=lambda t: t.name)]
    if request.think:
        body["thinking"] = {"type": "enabled", "budget_tokens": _THINKING_TOKENS}
        body["max_tokens"] = request.max_tokens + _THINKING_TOKENS
    elif request.temperature is not None:
        body["temperature"] = request.temperature
    return body


def _messages(messages: tuple[Message, ...]) -> list[dict[str, Any]]:
    """Return the messages as they are written; results of tools belong into one user message."""
    written: list[dict[str, Any]] = []
    for message in messages:
        role = "assistant" if message.role is Role.ASSISTANT else "user"
        if written and written[-1]["role"] == role:
            written[-1]["content"] += _blocks(message)
        else:
            written.append({"role": role, "content": _blocks(message)})
    return written


def _blocks(message: Message) -> list[dict[str, Any]]:
    """Return the content of a message; signed thinking goes back unchanged."""
    if message.role is Role.TOOL:
        return [
            {"type": "tool_result", "tool_use_id": message.tool_call_id, "content": message.text}
        ]
    blocks: list[dict[str, Any]] = [
        {"type": "thinking", "thinking": block.text, "signature": block.signature}
        for block in message.thinking
        if block.signature
    ]
    if message.text:
        blocks.append({"type": "text", "text": message.text})
    blocks += [
        {"type": "tool_use", "id": call.id, "name": call.name, "input": dict(call.arguments)}
        for call in message.tool_calls
    ]
    return blocks


def _tool(tool: ToolSpec) -> dict[str, Any]:
    """Return a tool as it is written."""
    return {
        "name": tool.name,
        "description": tool.description,
        "input_schema": dict(tool.parameters),
    }


@dataclass(slots=True)
class _Open:
    """The block that is being written, and what is known of the whole."""

    call_id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)
    prompt: int = 0
    cached: int = 0


async def _deltas(events: AsyncIterator[Any]) -> Deltas:
    """Yield the deltas of a stream of events.

    message_start, content_block_start {tool_use}, content_block_delta {text_delta},
    content_block_stop, message_delta {stop_reason, usage}, message_stop
    """
    state = _Open()
    async for event in events:
        for delta in _of_event(event, state):
            yield delta


def _of_event(event: Any, state: _Open) -> list[Delta]:
    """Return the deltas of an event."""
    match event.type:
        case "message_start":
            usage = event.message.usage
            state.cached = usage.cache_read_input_tokens or 0
            state.prompt = usage.input_tokens + state.cached
            state.prompt += usage.cache_creation_input_tokens or 0
        case "content_block_start" if event.content_block.type == "tool_use":
            state.call_id, state.name = event.content_block.id, event.content_block.name
            state.arguments = []
        case "content_block_delta":
            return _of_block(event.delta, state)
        case "content_block_stop" if state.name:
            call = tool_call(state.call_id, state.name, "".join(state.arguments))
            state.name = ""
            return [ToolCallDelta(call=call)]
        case "message_delta":
            return _end(event, state)
    return []


def _of_block(delta: Any, state: _Open) -> list[Delta]:
    """Return what a part of a block says."""
    match delta.type:
        case "text_delta":
            return [TextDelta(text=delta.text)]
        case "thinking_delta":
            return [ThinkingDelta(text=delta.thinking)]
        case "signature_delta":
            return [ThinkingDelta(signature=delta.signature)]
        case "input_json_delta":
            state.arguments.append(delta.partial_json or "")
    return []


def _end(event: Any, state: _Open) -> list[Delta]:
    """Return the reason of the end and what it cost."""
    usage = UsageDelta(
        prompt=state.prompt, output=event.usage.output_tokens or 0, cached=state.cached
    )
    if not event.delta.stop_reason:
        return [usage]
    return [StopDelta(reason=_STOPS.get(event.delta.stop_reason, StopReason.DONE)), usage]
