"""A speech server that is gone without a word, and one that only thinks for long."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import pytest
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event
from wyoming.tts import SynthesizeStopped

from custom_components.waifu_rt3d.voice import owed
from custom_components.waifu_rt3d.voice.frames import read_frame, write_frame
from custom_components.waifu_rt3d.voice.service import ServerInfo
from custom_components.waifu_rt3d.voice.speech import SpeechServer

pytestmark = pytest.mark.usefixtures("socket_enabled")

START = AudioStart(rate=16000, width=2, channels=1).event()
SOUND = AudioChunk(rate=16000, width=2, channels=1, audio=b"\0\0" * 80).event()
END = (SOUND, AudioStop().event(), SynthesizeStopped().event())


@asynccontextmanager
async def server(answers: int) -> AsyncGenerator[tuple[SpeechServer, list[Event]]]:
    """Run a server that begins to speak, answers so many pings, and then speaks to its end."""
    heard: list[Event] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for event in (START, SOUND):
            await write_frame(writer, event)
        pings = 0
        while (event := await read_frame(reader)) is not None:
            heard.append(event)
            if event.type != "ping" or answers == 0:
                continue
            pings += 1
            for reply in (Event(type="pong", data={}), *(END if pings == answers else ())):
                await write_frame(writer, reply)
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    about = ServerInfo.from_event(Event(type="info", data={"waifu_rt3d": {"speech_marks": True}}))
    port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield SpeechServer(host="127.0.0.1", port=port, key=None, info=about), heard


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask soon."""
    monkeypatch.setattr(owed, "PING_AFTER_S", 0.05)


async def said(client: SpeechServer, text: Callable[[], AsyncGenerator[str]]) -> list[object]:
    """Return what a server says of a text."""
    async with asyncio.timeout(60):
        return [item async for item in client.speak(text(), language="en", voice=None)]


async def whole() -> AsyncGenerator[str]:
    """Yield a text that is complete."""
    yield "Good morning."


async def endless() -> AsyncGenerator[str]:
    """Yield a text whose model does not go on."""
    yield "Good morning. "
    await asyncio.Event().wait()


@pytest.mark.parametrize("text", [whole, endless])
async def test_server_that_answers_no_ping_is_lost(
    quick: None, text: Callable[[], AsyncGenerator[str]]
) -> None:
    """Also while our own model still writes: nobody has to wait for the engine's time-out."""
    async with server(answers=0) as (client, heard):
        with pytest.raises(owed.UnreachableError, match="does not answer"):
            await said(client, text)
        assert not client.health.up
        pings = [event for event in heard if event.type == "ping"]
        assert len(pings) == owed.MOST_UNANSWERED


@pytest.mark.parametrize("text", [whole, endless])
async def test_server_that_answers_is_waited_for(
    quick: None, text: Callable[[], AsyncGenerator[str]]
) -> None:
    """An engine may take its time; that the server is there is known."""
    async with server(answers=6) as (client, _heard):
        items = await said(client, text)
        assert items[1:] == [SOUND.payload, SOUND.payload]
        assert client.health.up


async def test_engine_that_never_ends_is_given_up(
    quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That its server still answers helps nobody."""
    monkeypatch.setattr(owed, "FRAME_TIMEOUT_S", 0.5)
    async with server(answers=1_000_000) as (client, _heard):
        with pytest.raises(owed.UnreachableError, match="does not answer"):
            await said(client, whole)
