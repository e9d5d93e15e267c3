"""A server with OpenAI's audio endpoints, as Kokoro-FastAPI and whisper.cpp's server have them.

It speaks by espeak-ng, and recognises a sound by its length: what it said itself it understands.
The client is the official SDK.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import io
from typing import Any
import wave

from aiohttp import web

from .processes import free_port

KEY = "sk-house"


@dataclass(slots=True)
class AudioApi:
    """What the server was asked, and how it is to fail."""

    port: int
    spoken: list[str] = field(default_factory=list)
    heard_s: list[float] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    broken: bool = False
    sound: bytes | None = None
    """What it sends for whatever it is to say."""

    @property
    def address(self) -> str:
        """Return where it is, as an owner writes it."""
        return f"127.0.0.1:{self.port}"


@asynccontextmanager
async def audio_api(port: int | None = None) -> AsyncGenerator[AudioApi]:
    """Run the server until the context ends."""
    api = AudioApi(port or free_port())
    app = web.Application()
    app["api"] = api
    app.router.add_get("/v1/models", _models)
    app.router.add_post("/v1/audio/speech", _speak)
    app.router.add_post("/v1/audio/transcriptions", _listen)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", api.port).start()
    try:
        yield api
    finally:
        await runner.cleanup()


def _refusal(request: web.Request, model: str) -> web.Response | None:
    """Refuse a wrong key and an unknown model as OpenAI does."""
    if request.headers.get("Authorization") != f"Bearer {KEY}":
        return _error(401, "Incorrect API key provided")
    if model != "tiny":
        return _error(404, f"The model `{model}` does not exist")
    return _error(500, "out of memory") if request.app["api"].broken else None


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"error": {"message": message}}, status=status)


async def _models(request: web.Request) -> web.Response:
    return web.json_response({"object": "list", "data": []})


async def _speak(request: web.Request) -> web.Response:
    body: dict[str, Any] = await request.json()
    if (refused := _refusal(request, body["model"])) is not None:
        return refused
    api: AudioApi = request.app["api"]
    api.spoken.append(body["input"])
    assert body["response_format"] == "wav"
    if api.sound is not None:
        return web.Response(body=api.sound, content_type="audio/wav")
    process = await asyncio.create_subprocess_exec(
        *("espeak-ng", "-v", body["voice"], "--stdout", body["input"]),
        stdout=asyncio.subprocess.PIPE,
    )
    sound, _ = await process.communicate()
    return web.Response(body=sound, content_type="audio/wav")


async def _listen(request: web.Request) -> web.Response:
    form = await request.post()
    if (refused := _refusal(request, str(form["model"]))) is not None:
        return refused
    api: AudioApi = request.app["api"]
    api.languages.append(str(form["language"]))
    upload = form["file"]
    assert isinstance(upload, web.FileField)
    with wave.open(io.BytesIO(upload.file.read())) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (16000, 1, 2)
        api.heard_s.append(sound.getnframes() / 16000)
    return web.json_response({"text": f" {' '.join(api.spoken) or 'silence'} "})
