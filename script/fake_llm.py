"""A server of language models that says what it is told, in three wire formats, cut at odd bytes.

OpenAI's chat completions (also as llama.cpp, KoboldCpp and text-generation-webui show themselves),
Ollama's chat and Anthropic's messages. A fourth provider delegates inside Home Assistant and has no wire.
"""

import argparse
import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
import json
from typing import Any, Self

from aiohttp import web


@dataclass(slots=True, kw_only=True)
class Reply:
    """What the model says next."""

    words: tuple[str, ...] = ("Hello", " there", ".")
    thinking: tuple[str, ...] = ()
    calls: tuple[tuple[str, dict[str, Any]], ...] = ()
    status: int = 200
    error: str = ""
    """Message of an error answer, or of an error inside the stream when the status is 200."""
    empty: bool = False
    finish: str = "stop"
    odd: bool = False
    """Repeat names and reasons and leave out indexes, as some servers do."""
    hang: bool = False
    """Say the words and never end."""
    delay_s: float = 0.0


@dataclass(slots=True, kw_only=True)
class FakeLlm:
    """The server: set `reply`, look at `requests` afterwards."""

    reply: Reply = field(default_factory=Reply)
    models: tuple[str, ...] = ("tiny", "tiny-tools")
    context_tokens: int = 4096
    key: str = ""
    chunk_bytes: int = 7
    requests: list[dict[str, Any]] = field(default_factory=list)
    aborted: list[str] = field(default_factory=list)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a client leaves in the middle of an answer."""
    url: str = ""
    _runner: web.AppRunner | None = None

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> Self:
        """Serve; port 0 takes a free one."""
        app = web.Application(middlewares=[self._check_key])
        app.add_routes(self._routes())
        self._runner = web.AppRunner(app, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.url = f"http://{host}:{self._runner.addresses[0][1]}"
        return self

    async def stop(self) -> None:
        """Stop serving."""
        if self._runner is not None:
            await self._runner.cleanup()

    def _routes(self) -> list[web.RouteDef]:
        """Return the paths of all formats."""
        return [
            web.post("/v1/chat/completions", self._stream(openai_frames, "text/event-stream")),
            web.post("/api/chat", self._stream(ollama_frames, "application/x-ndjson")),
            web.post("/api/generate", self._loaded),
            web.post("/v1/messages", self._stream(anthropic_frames, "text/event-stream")),
            web.get("/v1/models", self._list),
            web.get("/v1/models/{model}", self._model),
            web.get("/api/tags", self._tags),
            web.post("/api/show", self._show),
            web.get("/props", self._props),
            web.get("/api/extra/true_max_context_length", self._kobold_context),
            web.post("/api/extra/abort", self._abort),
            web.post("/v1/internal/stop-generation", self._abort),
        ]

    @web.middleware
    async def _check_key(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Refuse a wrong key."""
        headers = request.headers
        given = headers.get("x-api-key") or headers.get("Authorization") or ""
        if self.key and given.removeprefix("Bearer ") != self.key:
            return web.json_response({"error": {"message": "invalid key"}}, status=401)
        response: web.StreamResponse = await handler(request)
        return response

    def _stream(self, frames: Callable[[Reply, str], Iterator[bytes]], kind: str) -> Any:
        """Return the handler of a format."""

        async def handle(request: web.Request) -> web.StreamResponse:
            body = await request.json()
            self.requests.append(body)
            if self.reply.status != 200:
                return self._failed(self.reply.status, self.reply.error)
            if body["model"] not in self.models:
                return self._failed(404, f"model '{body['model']}' not found")
            response = web.StreamResponse(headers={"Content-Type": kind})
            await response.prepare(request)
            await self._send(response, frames(self.reply, body["model"]))
            return response

        return handle

    def _failed(self, status: int, message: str) -> web.Response:
        """Return an error the way all formats can read it."""
        error: Any = {"error": {"message": message, "type": "error"}, "type": "error"}
        return web.json_response(error, status=status)

    async def _send(self, response: web.StreamResponse, frames: Iterator[bytes]) -> None:
        """Write frames, cut without regard to lines or characters."""
        await asyncio.sleep(self.reply.delay_s)
        try:
            data = b"".join(frames)
            for start in range(0, len(data), self.chunk_bytes):
                await response.write(data[start : start + self.chunk_bytes])
                await asyncio.sleep(0)
            if self.reply.hang:
                await asyncio.Event().wait()
        except asyncio.CancelledError, ConnectionError:
            self.left.set()
            raise
        await response.write_eof()

    async def _list(self, request: web.Request) -> web.Response:
        """Answer with the models, as OpenAI and Anthropic read them."""
        data = [self._about(model) for model in self.models]
        return web.json_response(
            {"object": "list", "data": data, "has_more": False, "first_id": None, "last_id": None}
        )

    async def _model(self, request: web.Request) -> web.Response:
        """Answer with one model."""
        model = request.match_info["model"]
        if model not in self.models:
            return self._failed(404, f"model: {model}")
        return web.json_response(self._about(model))

    def _about(self, model: str) -> dict[str, Any]:
        """Return a model as OpenAI, vLLM and Anthropic describe it."""
        return {
            "id": model,
            "object": "model",
            "created": 0,
            "owned_by": "fake",
            "type": "model",
            "display_name": model,
            "created_at": "2026-01-01T00:00:00Z",
            "max_model_len": self.context_tokens,
        }

    async def _tags(self, request: web.Request) -> web.Response:
        """Answer with the models, as Ollama lists them."""
        return web.json_response({"models": [{"model": m, "name": m} for m in self.models]})

    async def _show(self, request: web.Request) -> web.Response:
        """Answer with what a model can do."""
        model = (await request.json())["model"]
        if model not in self.models:
            return web.json_response({"error": f"model '{model}' not found"}, status=404)
        can = ["completion", "tools"] if model.endswith("tools") else ["completion"]
        info = {"llama.context_length": self.context_tokens}
        return web.json_response({"model_info": info, "capabilities": can, "details": {}})

    async def _loaded(self, request: web.Request) -> web.Response:
        """Load a model, which takes no time here."""
        self.requests.append(await request.json())
        return web.json_response({"response": "", "done": True, "done_reason": "load"})

    async def _props(self, request: web.Request) -> web.Response:
        """Answer as llama.cpp."""
        return web.json_response({"default_generation_settings": {"n_ctx": self.context_tokens}})

    async def _kobold_context(self, request: web.Request) -> web.Response:
        """Answer as KoboldCpp."""
        return web.json_response({"value": self.context_tokens})

    async def _abort(self, request: web.Request) -> web.Response:
        """Stop the answer that is being written."""
        self.aborted.append(request.path)
        return web.json_response({"success": True})


def _data(value: object) -> bytes:
    """Return an event of server-sent events."""
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode()


def openai_frames(reply: Reply, model: str) -> Iterator[bytes]:
    """Yield the answer as chunks of chat completions."""

    def chunk(delta: dict[str, Any], reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        return _data({**head, "choices": [choice]})

    head = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": model}
    if reply.error:
        yield _data({"error": {"message": reply.error, "type": "server_error", "code": 500}})
        return
    if not reply.empty:
        yield from (chunk({"reasoning_content": text}) for text in reply.thinking)
        yield from (chunk({"content": text}) for text in reply.words)
        for index, (name, arguments) in enumerate(reply.calls):
            yield from map(chunk, _openai_call(index, name, arguments, odd=reply.odd))
        if reply.hang:
            return
        reason = "tool_calls" if reply.calls else reply.finish
        yield from (chunk({}, reason) for _ in range(2 if reply.odd else 1))
        usage = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}
        yield _data({**head, "choices": [], "usage": usage})
    yield b"data: [DONE]\n\n"


def _openai_call(
    index: int, name: str, arguments: dict[str, Any], *, odd: bool
) -> Iterator[dict[str, Any]]:
    """Yield the parts of a call."""
    text = json.dumps(arguments)
    where = {} if odd else {"index": index}
    first = {**where, "id": f"call{index}", "type": "function"}
    yield {"tool_calls": [{**first, "function": {"name": name, "arguments": text[:3]}}]}
    again = {"name": name} if odd else {}
    yield {"tool_calls": [{**where, "function": {**again, "arguments": text[3:]}}]}


def ollama_frames(reply: Reply, model: str) -> Iterator[bytes]:
    """Yield the answer as lines of JSON."""

    def line(message: dict[str, Any], **more: object) -> bytes:
        value = {"model": model, "message": {"role": "assistant", **message}, "done": False}
        return f"{json.dumps(value | more, ensure_ascii=False)}\n".encode()

    if reply.error:
        yield json.dumps({"error": reply.error}).encode() + b"\n"
        return
    if reply.empty:
        return
    yield from (line({"content": "", "thinking": text}) for text in reply.thinking)
    yield from (line({"content": text}) for text in reply.words)
    for name, arguments in reply.calls:
        call = {"function": {"name": name, "arguments": arguments}}
        yield line({"content": "", "tool_calls": [call]})
    if not reply.hang:
        yield line(
            {"content": ""},
            done=True,
            done_reason=reply.finish,
            prompt_eval_count=9,
            eval_count=3,
        )


def anthropic_frames(reply: Reply, model: str) -> Iterator[bytes]:
    """Yield the answer as events of messages."""

    def event(kind: str, **more: object) -> bytes:
        return f"event: {kind}\n".encode() + _data({"type": kind, **more})

    if reply.error:
        yield event("error", error={"type": "overloaded_error", "message": reply.error})
        return
    usage = {"input_tokens": 9, "output_tokens": 0}
    message = {"id": "m", "type": "message", "role": "assistant", "model": model, "content": []}
    yield event("message_start", message={**message, "stop_reason": None, "usage": usage})
    if reply.empty:
        return
    for index, (block, deltas) in enumerate(_anthropic_blocks(reply)):
        yield event("content_block_start", index=index, content_block=block)
        for delta in deltas:
            yield event("content_block_delta", index=index, delta=delta)
        yield event("content_block_stop", index=index)
    if reply.hang:
        return
    ends = {"stop": "end_turn", "length": "max_tokens"}
    reason = "tool_use" if reply.calls else ends[reply.finish]
    yield event("message_delta", delta={"stop_reason": reason}, usage={"output_tokens": 3})
    yield event("message_stop")


def _anthropic_blocks(reply: Reply) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Yield the blocks of an answer with their parts."""
    if reply.thinking:
        deltas = [{"type": "thinking_delta", "thinking": text} for text in reply.thinking]
        deltas.append({"type": "signature_delta", "signature": "signed"})
        yield {"type": "thinking", "thinking": "", "signature": ""}, deltas
    if reply.words:
        texts = [{"type": "text_delta", "text": text} for text in reply.words]
        yield {"type": "text", "text": ""}, texts
    for index, (name, arguments) in enumerate(reply.calls):
        text = json.dumps(arguments)
        parts = [{"type": "input_json_delta", "partial_json": p} for p in (text[:3], text[3:])]
        yield {"type": "tool_use", "id": f"call{index}", "name": name, "input": {}}, parts


async def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="script/fake-llm", description=__doc__)
    parser.add_argument("--port", type=int, default=11434)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--chunk-bytes", type=int, default=7, help="size of the pieces on the wire")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before the first byte")
    parser.add_argument("--text", default="[happy] Hello! [gesture:wave] I am only a test.")
    options = parser.parse_args()
    words = tuple(f"{word} " for word in options.text.split(" "))
    fake = FakeLlm(
        reply=Reply(words=words, delay_s=options.delay), chunk_bytes=max(1, options.chunk_bytes)
    )
    await fake.start(options.port, options.host)
    print(f"serving {', '.join(fake.models)} at {fake.url}", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        await fake.stop()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(main())
