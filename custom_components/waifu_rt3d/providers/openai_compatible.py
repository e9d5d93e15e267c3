"""Servers with OpenAI's chat completions, through the `openai` SDK."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
import json
from typing import Any
from urllib.parse import urlsplit

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
    UsageDelta,
)
from .errors import ModelMissingError, ProviderError, translating
from .profiles import Profile
from .reading import checked, tool_call
from .writing import function_tools

_STOPS = {
    "stop": StopReason.DONE,
    "length": StopReason.LENGTH,
    "tool_calls": StopReason.TOOLS,
    "function_call": StopReason.TOOLS,
    "content_filter": StopReason.REFUSED,
}
_ABORT_TIMEOUT_S = 2


def make_client(*, url: str, key: str, http_client: object | None = None) -> Any:
    """Return the SDK's client; imports it, so call this off the loop the first time."""
    import openai  # noqa: PLC0415 - paid only by who uses it

    # The SDK refuses an empty key, local servers have none.
    client: Any = openai.AsyncOpenAI
    return client(base_url=url, api_key=key or "none", http_client=http_client, max_retries=0)


class OpenAiCompatible:
    """A server that speaks OpenAI's chat completions."""

    def __init__(self, client: Any, profile: Profile) -> None:
        """Use a client of the `openai` SDK."""
        self._client = client
        self._profile = profile

    async def models(self) -> list[str]:
        """Return the models it has, sorted."""
        with translating():
            page = await self._client.models.list()
        return sorted(model.id for model in page.data)

    async def embed(self, model: str, texts: list[str]) -> list[list[float]]:
        """Return one vector for each text, in their order."""
        with translating():
            # Without the format the SDK asks for base64, which not every server knows.
            answer = await self._client.embeddings.create(
                model=model, input=texts, encoding_format="float"
            )
        return [one.embedding for one in sorted(answer.data, key=lambda one: one.index)]

    async def probe(self, model: str) -> Capabilities:
        """Return what a model can do."""
        models = await self.models()
        if models and model not in models:
            raise ModelMissingError(f"{model} is not one of {', '.join(models)}")
        about = await self._about()
        context = _within(about, self._profile.context_path, model)
        return Capabilities(
            model=model,
            context_tokens=context if isinstance(context, int) and context > 0 else None,
            tools=_can(_within(about, self._profile.tools_path, model), self._profile.tools),
        )

    def stream(self, request: Request) -> Deltas:
        """Yield the answer."""
        return checked(self._stream(request))

    async def _stream(self, request: Request) -> Deltas:
        """Yield the answer, and stop the model when nobody listens any more."""
        chunks = await self._client.chat.completions.create(**self._body(request))
        ended = False
        try:
            async with aclosing(_deltas(chunks)) as deltas:
                async for delta in deltas:
                    yield delta
            ended = True
        finally:
            await chunks.close()
            if not ended and self._profile.abort_path:
                await self._abort(self._profile.abort_path)

    async def _abort(self, path: str) -> None:
        """Tell the server to stop; it may be gone already."""
        with suppress(Exception):
            async with asyncio.timeout(_ABORT_TIMEOUT_S):
                await self._client.post(self._root(path), cast_to=object, body={})

    async def _about(self) -> object:
        """Return what the server tells of itself and its models, nothing where it does not."""
        profile = self._profile
        if not profile.context_path and not profile.tools_path:
            return None
        try:
            with translating():
                return await self._client.get(
                    self._root(profile.about_path or profile.probe_path), cast_to=object
                )
        except ProviderError:
            return None

    def _root(self, path: str) -> str:
        """Return an address at the root of the server."""
        parts = urlsplit(str(self._client.base_url))
        return f"{parts.scheme}://{parts.netloc}{path}"

    def _body(self, request: Request) -> dict[str, Any]:
        """Return the request as the SDK takes it."""
        extra = {**self._profile.extra_body, **request.options}
        if not request.think:
            extra |= self._profile.no_thinking
        body: dict[str, Any] = {
            "model": request.model,
            "messages": [
                {"role": "system", "content": request.system},
                *(_message(message) for message in request.messages),
            ],
            "stream": True,
            "stream_options": {"include_usage": True},
            self._profile.max_tokens_field: request.max_tokens,
        }
        if request.tools:
            body["tools"] = function_tools(request.tools)
        if request.temperature is not None:
            body["temperature"] = request.temperature
        return {**body, "extra_body": extra} if extra else body


def _within(value: object, path: tuple[str, ...], model: str) -> object:
    """Return what a path of keys leads to in a JSON value, `None` when it leads nowhere."""
    for key in path:
        if isinstance(value, list):
            value = next((item for item in value if _is_of(item, model)), None)
        else:
            value = value.get(key) if isinstance(value, dict) else None
    return value if path else None


def _is_of(item: object, model: str) -> bool:
    """Return whether an item of a list is the model's."""
    return isinstance(item, dict) and item.get("id") == model


def _can(told: object, known: bool | None) -> bool | None:
    """Return whether tools can be called, as the server tells it, or as it is known."""
    if isinstance(told, list):
        return "tool_use" in told
    return told if isinstance(told, bool) else known


def _message(message: Message) -> dict[str, Any]:
    """Return a message as it is written."""
    if message.role is Role.TOOL:
        return {"role": "tool", "tool_call_id": message.tool_call_id, "content": message.text}
    written: dict[str, Any] = {"role": message.role.value, "content": message.text}
    if message.tool_calls:
        written["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": json.dumps(dict(call.arguments))},
            }
            for call in message.tool_calls
        ]
    return written


@dataclass(slots=True)
class _Call:
    """A call that is still being written."""

    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)


async def _deltas(chunks: AsyncIterator[Any]) -> Deltas:
    """Yield the deltas of a stream of chunks.

    data: {"choices": [{"delta": {"content": "Hi"}, "finish_reason": null}]}
    data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}
    data: {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 1}}
    data: [DONE]
    """
    calls: dict[int, _Call] = {}
    stopped = False
    async for chunk in chunks:
        if chunk.choices:
            choice = chunk.choices[0]
            for delta in _of_choice(choice.delta, calls):
                yield delta
            # Some servers send two chunks with a reason: the calls go out once.
            if choice.finish_reason and not stopped:
                stopped = True
                for call in _complete(calls):
                    yield call
                yield StopDelta(reason=_STOPS.get(choice.finish_reason, StopReason.DONE))
        if chunk.usage:
            yield _usage(chunk.usage)
    if not stopped:
        for call in _complete(calls):
            yield call


def _of_choice(delta: Any, calls: dict[int, _Call]) -> list[Delta]:
    """Return the text of a chunk, and keep its parts of calls."""
    found: list[Delta] = []
    extra = getattr(delta, "model_extra", None) or {}
    # Servers write either name.
    if thinking := extra.get("reasoning_content") or extra.get("reasoning"):
        found.append(ThinkingDelta(text=str(thinking)))
    if delta and delta.content:
        found.append(TextDelta(text=delta.content))
    for part in (delta and delta.tool_calls) or ():
        _add_part(part, calls)
    return found


def _add_part(part: Any, calls: dict[int, _Call]) -> None:
    """Add a part to its call; without an index an id begins a new one."""
    index = part.index
    if index is None:
        known = next((i for i, call in calls.items() if part.id and call.id == part.id), None)
        last = max(calls, default=-1)
        index = known if known is not None else last + 1 if part.id or not calls else last
    call = calls.setdefault(index, _Call())
    call.id = call.id or part.id or ""
    if part.function:
        # The name comes once; servers that repeat it would double it.
        call.name = call.name or part.function.name or ""
        call.arguments.append(part.function.arguments or "")


def _complete(calls: dict[int, _Call]) -> list[ToolCallDelta]:
    """Return the finished calls in their order."""
    return [
        ToolCallDelta(call=tool_call(c.id or f"call_{i}", c.name, "".join(c.arguments)))
        for i, c in sorted(calls.items())
        if c.name
    ]


def _usage(usage: Any) -> UsageDelta:
    """Return what it cost."""
    details = getattr(usage, "prompt_tokens_details", None)
    return UsageDelta(
        prompt=usage.prompt_tokens or 0,
        output=usage.completion_tokens or 0,
        cached=getattr(details, "cached_tokens", None) or 0,
    )
