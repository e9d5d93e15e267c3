"""Ollama, through the `ollama` SDK."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from .base import (
    Capabilities,
    Deltas,
    Message,
    Request,
    Role,
    StopDelta,
    StopReason,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UsageDelta,
)
from .errors import translating
from .reading import checked, tool_call
from .writing import function_tools

DEFAULT_PORT = 11434
_KEEP_FOREVER = -1
"""An integer: the server reads "-1s" as invalid."""
DEFAULT_CONTEXT = 8192
"""Ollama's own default drops the head of longer prompts without a word."""
_STOPS = {"stop": StopReason.DONE, "length": StopReason.LENGTH}


def make_client(*, url: str, key: str = "", http_client: object | None = None) -> Any:
    """Return the SDK's client; imports it, so call this off the loop the first time."""
    import ollama  # noqa: PLC0415 - paid only by who uses it

    headers = {"Authorization": f"Bearer {key}"} if key else None
    client = ollama.AsyncClient(host=url, headers=headers)
    if http_client is not None:
        client._client = _at(http_client, client._client)  # noqa: SLF001 - the SDK takes no client
    return client


def _at(shared: Any, own: Any) -> Any:
    """Return a client for the SDK's address that uses a shared connection pool."""
    own._transport = shared._transport  # noqa: SLF001 - httpx has no way to share it
    own._mounts = shared._mounts  # noqa: SLF001 - as above
    return own


class Ollama:
    """An Ollama server."""

    def __init__(self, client: Any) -> None:
        """Use a client of the `ollama` SDK."""
        self._client = client

    async def models(self) -> list[str]:
        """Return the models it has, sorted."""
        with translating():
            answer = await self._client.list()
        return sorted(model.model for model in answer.models)

    async def embed(self, model: str, texts: list[str]) -> list[list[float]]:
        """Return one vector for each text, in their order."""
        with translating():
            answer = await self._client.embed(model=model, input=texts)
        return [list(one) for one in answer.embeddings]

    async def probe(self, model: str) -> Capabilities:
        """Return what a model can do."""
        with translating():
            shown = await self._client.show(model)
        info = shown.modelinfo or {}
        context = next((v for k, v in info.items() if k.endswith(".context_length")), None)
        can = shown.capabilities
        return Capabilities(
            model=model,
            context_tokens=context if isinstance(context, int) else None,
            tools=None if can is None else "tools" in can,
            thinking=None if can is None else "thinking" in can,
        )

    async def warm_up(self, model: str, context_tokens: int = DEFAULT_CONTEXT) -> None:
        """Let the server load a model, with the context size that requests will have."""
        with translating():
            await self._client.generate(
                model=model, options={"num_ctx": context_tokens}, keep_alive=_KEEP_FOREVER
            )

    def stream(self, request: Request) -> Deltas:
        """Yield the answer."""
        return checked(self._stream(request))

    async def _stream(self, request: Request) -> Deltas:
        """Yield the answer; closing it ends the request."""
        parts = await self._client.chat(**_body(request))
        try:
            async with aclosing(_deltas(parts)) as deltas:
                async for delta in deltas:
                    yield delta
        finally:
            await parts.aclose()


def _body(request: Request) -> dict[str, Any]:
    """Return the request as the SDK takes it."""
    options = {"num_ctx": DEFAULT_CONTEXT, "num_predict": request.max_tokens, **request.options}
    if request.temperature is not None:
        options["temperature"] = request.temperature
    body: dict[str, Any] = {
        "model": request.model,
        "messages": [
            {"role": "system", "content": request.system},
            *(_message(message) for message in request.messages),
        ],
        "stream": True,
        "options": options,
        "keep_alive": _KEEP_FOREVER,
        # A model that can't think refuses `true`, and takes `false`.
        "think": request.think,
    }
    if request.tools:
        body["tools"] = function_tools(request.tools)
    return body


def _message(message: Message) -> dict[str, Any]:
    """Return a message as it is written."""
    written: dict[str, Any] = {"role": message.role.value, "content": message.text}
    if message.role is Role.TOOL:
        written["tool_name"] = message.tool_name
    if message.tool_calls:
        written["tool_calls"] = [
            {"function": {"name": call.name, "arguments": dict(call.arguments)}}
            for call in message.tool_calls
        ]
    return written


async def _deltas(parts: AsyncIterator[Any]) -> Deltas:
    """Yield the deltas of a stream.

    {"message": {"role": "assistant", "content": "Hi"}, "done": false}
    {"message": {"content": ""}, "done": true, "done_reason": "stop", "eval_count": 1}
    """
    count = 0
    async for part in parts:
        message = part.message
        if message.thinking:
            yield ThinkingDelta(text=message.thinking)
        if message.content:
            yield TextDelta(text=message.content)
        for call in message.tool_calls or ():
            # The format has no ids; answers are told by their order.
            wanted = tool_call(f"call_{count}", call.function.name, dict(call.function.arguments))
            count += 1
            yield ToolCallDelta(call=wanted)
        if part.done:
            reason = StopReason.TOOLS if count else _STOPS.get(part.done_reason, StopReason.DONE)
            # `load` ends a request that only loaded the model: that is no answer.
            if part.done_reason != "load":
                yield StopDelta(reason=reason)
            yield UsageDelta(prompt=part.prompt_eval_count or 0, output=part.eval_count or 0)
