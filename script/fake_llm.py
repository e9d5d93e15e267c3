"""A server of language models that says what it is told, in four wire formats, cut at odd bytes.

OpenAI's chat completions (also as llama.cpp, LM Studio, vLLM, KoboldCpp and text-generation-webui
show themselves) and responses (which core's integration speaks), Ollama's chat, Anthropic's messages.
"""

import argparse
import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
import json
from os.path import commonprefix
from time import perf_counter
from typing import Any, Self

from aiohttp import web
from llm_wire import Reply, anthropic_frames, ollama_frames, openai_frames, responses_frames

__all__ = ["FakeLlm", "Reply"]

_LETTERS_PER_TOKEN = 4


@dataclass(slots=True, kw_only=True)
class FakeLlm:
    """The server: set `reply`, look at `requests` afterwards."""

    reply: Reply = field(default_factory=Reply)
    models: tuple[str, ...] = ("tiny", "tiny-tools")
    context_tokens: int = 4096
    key: str = ""
    read_tokens_per_s: float = 0.0
    """How fast it reads what it has not read before, as a server at home does; 0 is at once."""
    chunk_bytes: int = 7
    requests: list[dict[str, Any]] = field(default_factory=list)
    embedded: list[dict[str, Any]] = field(default_factory=list)
    aborted: list[str] = field(default_factory=list)
    asked_s: list[float] = field(default_factory=list)
    """When each request had come, on the clock of `perf_counter`."""
    first_byte_s: list[float] = field(default_factory=list)
    """When the first byte of each answer was written."""
    left_s: float = 0.0
    """When a client was last seen to leave."""
    left: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a client leaves in the middle of an answer."""
    url: str = ""
    _runner: web.AppRunner | None = None
    _prompts: list[str] = field(default_factory=list)

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> Self:
        """Serve; port 0 takes a free one."""
        app = web.Application(middlewares=[self._check_key])
        app.add_routes(self._routes())
        self._runner = web.AppRunner(app, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.url = f"http://{host}:{self._runner.addresses[0][1]}"
        return self

    def hang_up(self) -> None:
        """End every connection at once, in the middle of whatever is written."""
        server = self._runner.server if self._runner is not None else None
        for connection in list(server.connections) if server is not None else ():
            if connection.transport is not None:
                connection.transport.abort()

    async def stop(self) -> None:
        """Stop serving."""
        if self._runner is not None:
            await self._runner.cleanup()

    def _routes(self) -> list[web.RouteDef]:
        """Return the paths of all formats."""
        return [
            web.post("/v1/chat/completions", self._stream(openai_frames, "text/event-stream")),
            web.post("/v1/responses", self._stream(responses_frames, "text/event-stream")),
            web.post("/api/chat", self._stream(ollama_frames, "application/x-ndjson")),
            web.post("/api/generate", self._loaded),
            web.post("/v1/messages", self._stream(anthropic_frames, "text/event-stream")),
            web.post("/v1/embeddings", self._embed),
            web.post("/api/embed", self._embed),
            web.get("/v1/models", self._list),
            web.get("/v1/models/{model}", self._model),
            web.get("/api/tags", self._tags),
            web.post("/api/show", self._show),
            web.get("/api/version", self._tells({"version": "0.0.0"})),
            web.get("/version", self._tells({"version": "0.0.0"})),
            web.get("/api/extra/version", self._tells({"result": "KoboldCpp", "version": "0"})),
            web.get("/v1/internal/model/info", self._tells({"model_name": self.models[0]})),
            web.get("/api/v0/models", self._lm_studio),
            web.get("/props", self._props),
            web.get("/api/extra/true_max_context_length", self._kobold_context),
            web.post("/api/extra/abort", self._abort),
            web.post("/v1/internal/stop-generation", self._abort),
        ]

    async def _embed(self, request: web.Request) -> web.Response:
        """Return a vector for each text in both wire formats: how often each letter is in it."""
        body = await request.json()
        self.embedded.append(body)
        if self.reply.status != 200:
            return self._failed(self.reply.status, self.reply.error)
        texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
        vectors = [[text.lower().count(chr(97 + n)) + 0.01 for n in range(26)] for text in texts]
        data = [
            {"object": "embedding", "index": place, "embedding": vector}
            for place, vector in enumerate(vectors)
        ]
        usage = {"prompt_tokens": len(texts), "total_tokens": len(texts)}
        common = {"object": "list", "model": body["model"], "usage": usage}
        return web.json_response({**common, "data": data[::-1], "embeddings": vectors})

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
            self.asked_s.append(perf_counter())
            if self.reply.status != 200:
                return self._failed(self.reply.status, self.reply.error)
            if body["model"] not in self.models:
                return self._failed(404, f"model '{body['model']}' not found")
            await self._read(body)
            response = web.StreamResponse(headers={"Content-Type": kind})
            await response.prepare(request)
            await self._send(response, frames(self.reply, body["model"]))
            return response

        return handle

    async def _read(self, body: dict[str, Any]) -> None:
        """Take the time to read a prompt behind what is known of it; who leaves leaves what was read."""
        if not self.read_tokens_per_s:
            return
        prompt = json.dumps([body.get("tools"), body.get("system"), body["messages"]])
        known = max((len(commonprefix((prompt, old))) for old in self._prompts), default=0)
        letters_per_s, began_s = self.read_tokens_per_s * _LETTERS_PER_TOKEN, perf_counter()
        try:
            await asyncio.sleep((len(prompt) - known) / letters_per_s)
        except asyncio.CancelledError:
            prompt = prompt[: known + int((perf_counter() - began_s) * letters_per_s)]
            raise
        finally:
            self._prompts.append(prompt)

    def _failed(self, status: int, message: str) -> web.Response:
        """Return an error the way all formats can read it."""
        error: Any = {"error": {"message": message, "type": "error"}, "type": "error"}
        return web.json_response(error, status=status)

    async def _send(self, response: web.StreamResponse, frames: Iterator[bytes]) -> None:
        """Write frames, cut without regard to lines or characters."""
        await asyncio.sleep(self.reply.delay_s)
        try:
            parts = list(frames) if self.reply.pause_s else [b"".join(frames)]
            self.first_byte_s.append(perf_counter())
            for data in parts:
                for start in range(0, len(data), self.chunk_bytes):
                    await response.write(data[start : start + self.chunk_bytes])
                    await asyncio.sleep(0)
                await asyncio.sleep(self.reply.pause_s)
            if self.reply.hang:
                await asyncio.Event().wait()
        except asyncio.CancelledError, ConnectionError:
            self.left_s = perf_counter()
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

    def _tells(self, value: dict[str, str]) -> Any:
        """Return the handler of a path by which a kind of server is known."""

        async def handle(request: web.Request) -> web.Response:
            return web.json_response(value)

        return handle

    async def _props(self, request: web.Request) -> web.Response:
        """Answer as llama.cpp."""
        can = {"supports_tools": True}
        settings = {"n_ctx": self.context_tokens}
        return web.json_response(
            {"default_generation_settings": settings, "chat_template_caps": can}
        )

    async def _lm_studio(self, request: web.Request) -> web.Response:
        """Answer as LM Studio."""
        return web.json_response(
            {
                "object": "list",
                "data": [
                    {
                        "id": model,
                        "loaded_context_length": self.context_tokens,
                        "max_context_length": self.context_tokens * 4,
                        "capabilities": ["tool_use"] if model.endswith("tools") else [],
                    }
                    for model in self.models
                ],
            }
        )

    async def _kobold_context(self, request: web.Request) -> web.Response:
        """Answer as KoboldCpp."""
        return web.json_response({"value": self.context_tokens})

    async def _abort(self, request: web.Request) -> web.Response:
        """Stop the answer that is being written."""
        self.aborted.append(request.path)
        return web.json_response({"success": True})


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
