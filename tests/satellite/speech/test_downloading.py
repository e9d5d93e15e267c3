"""A paired client lets the server fetch models, sees how far it is, and can use them at once."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import pytest
from speech_server import Server
from toy_hub import Hub, serving
from wyoming.event import Event

from waifu_wire.frames import read_frame, write_frame
from waifu_wire.pairing import client_context, format_key, make_key

VOICE = "piper:en_US-toy-medium"
EARS = "faster-whisper:toy"
PATIENCE_S = 60


@pytest.fixture
def hub(models: Path) -> Iterator[Hub]:
    """Serve the toy voice and the toy recogniser."""
    with serving() as made:
        made.add_voice(models / "en_US-toy-medium.onnx")
        made.add_whisper(models / "faster-whisper-toy", "Systran/faster-whisper-toy")
        yield made


class Client:
    """A paired client."""

    def __init__(self, server: Server, key: bytes) -> None:
        self._server = server
        self._key = key

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(
            "127.0.0.1", self._server.port, ssl=client_context(self._key), server_hostname=""
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def ask(self, event: Event) -> Event:
        """Return the first answer to an event."""
        await write_frame(self._writer, event)
        return await self.next()

    async def next(self) -> Event:
        """Return the next event."""
        async with asyncio.timeout(PATIENCE_S):
            event = await read_frame(self._reader)
        assert event is not None
        return event


def wish(*models: str) -> Event:
    """Return the event that asks for models."""
    return Event("user-event", {"name": "download", "data": {"models": list(models)}})


async def started(program: Callable[..., Server], hub: Hub, folder: Path) -> tuple[Server, bytes]:
    """Run a paired server with an empty folder."""
    key = make_key()
    arguments = ("--uri", "tcp://127.0.0.1:0", "--pairing-key", format_key(key))
    server = await asyncio.to_thread(
        program, *arguments, "--models", str(folder), "--hub", hub.address
    )
    return server, key


def names(info: Event, part: str, kind: str) -> set[str]:
    """Return the names of what is offered."""
    found: set[str] = {one["name"] for program in info.data[part] for one in program[kind]}
    return found


async def test_models_come_with_progress_and_are_offered(
    program: Callable[..., Server], hub: Hub, tmp_path: Path
) -> None:
    """Nothing is asked of the hub before the wish; host, size and licence are told on the way."""
    server, key = await started(program, hub, tmp_path / "models")
    async with Client(server, key) as client:
        info = await client.ask(Event("describe"))
        assert info.data["waifu_rt3d"]["download"] == ["piper", "faster-whisper"]
        assert hub.asked == []
        told: list[dict[str, Any]] = []
        event = await client.ask(wish(VOICE, EARS))
        while event.data["name"] == "download-progress":
            told.append(event.data["data"])
            event = await client.next()
        assert event.data == {"name": "download-done", "data": {"models": [VOICE, EARS]}}
        info = await client.ask(Event("describe"))
    assert {(one["model"], one["licence"]) for one in told} == {
        (VOICE, "public domain"),
        (EARS, "mit"),
    }
    assert {one["host"] for one in told} == {hub.address.removeprefix("http://")}
    assert told[-1]["bytes"] == told[-1]["total"] > 0
    assert "en_US-toy-medium" in names(info, "tts", "voices")
    assert "toy" in names(info, "asr", "models")


async def test_damaged_voice_is_refused_and_the_server_goes_on(
    program: Callable[..., Server], hub: Hub, tmp_path: Path
) -> None:
    """What does not fit its hash is thrown away, and the reason told."""
    path = next(path for path in hub.files if path.endswith(".onnx"))
    hub.files[path] = hub.files[path][:-1] + b"X"
    server, key = await started(program, hub, tmp_path / "models")
    async with Client(server, key) as client:
        event = await client.ask(wish(VOICE))
        while event.data["name"] == "download-progress":
            event = await client.next()
        assert event.data["name"] == "download-failed"
        assert "hash is wrong" in event.data["data"]["reason"]
        info = await client.ask(Event("describe"))
    assert "en_US-toy-medium" not in names(info, "tts", "voices")


async def test_plain_server_fetches_nothing(server: Server) -> None:
    """Anybody on the network may connect there: no stranger fills the disk."""
    async with server.client() as client:
        await client.write_event(Event("describe"))
        info = await client.read_event()
        assert info is not None
        assert info.data["waifu_rt3d"]["download"] == []
        await client.write_event(wish(VOICE))
        answer = await client.read_event()
        assert answer is not None
        assert (answer.type, answer.data["code"]) == ("error", "NotAllowedError")
