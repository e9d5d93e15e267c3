"""Wake words over a real socket: heard in a voice, not in other talk, by name, one after another."""

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from speech_server import Server
from spoken import spoken
from wyoming.client import AsyncTcpClient
from wyoming.event import Event

RATE_HZ = 16000
AUDIO = {"rate": RATE_HZ, "width": 2, "channels": 1}
PATIENCE_S = 60


def said(folder: Path, text: str) -> bytes:
    """Return a voice with two seconds of a quiet room around it."""
    voice = spoken(folder, text).astype(float)
    sound = np.concatenate([np.zeros(2 * RATE_HZ), voice, np.zeros(2 * RATE_HZ)])
    hiss = np.random.default_rng(1).normal(0, 30, len(sound))
    return np.clip(sound + hiss, -32768, 32767).astype(np.int16).tobytes()


async def listen(
    client: AsyncTcpClient, pcm: bytes, names: list[str] | None = None
) -> list[dict[str, Any]]:
    """Return what is detected first in a stream."""
    await client.write_event(Event("detect", {"names": names} if names else {}))
    await client.write_event(Event("audio-start", AUDIO))
    for at in range(0, len(pcm), 2560):
        await client.write_event(Event("audio-chunk", AUDIO, pcm[at : at + 2560]))
    await client.write_event(Event("audio-stop"))
    async with asyncio.timeout(PATIENCE_S):
        event = await client.read_event()
    assert event is not None
    assert event.type in {"detection", "not-detected"}, event
    return [event.data] if event.type == "detection" else []


async def test_wake_word_is_detected_where_it_is_said(server: Server, tmp_path: Path) -> None:
    """By its name, with the time in the stream."""
    pcm = said(tmp_path, "hey jarvis")
    async with server.client() as client:
        (found,) = await listen(client, pcm, ["hey_jarvis"])
    assert found["name"] == "hey_jarvis"
    assert 2000 < found["timestamp"] < len(pcm) // 32


async def test_other_talk_is_not_detected(server: Server, tmp_path: Path) -> None:
    """The end of the stream tells that nothing was there; the next stream is listened to anew."""
    async with server.client() as client:
        talk = said(tmp_path, "the harvest was good this year")
        assert await listen(client, talk, ["hey_jarvis"]) == []
        assert await listen(client, said(tmp_path, "hey jarvis"), ["hey_jarvis"])


async def test_stream_needs_no_start(server: Server, tmp_path: Path) -> None:
    """As from wyoming-satellite: `detect` and chunks, and after the turn both again."""
    pcm = said(tmp_path, "hey jarvis")
    async with server.client() as client:
        for _ in range(2):
            await client.write_event(Event("detect", {"names": ["hey_jarvis"]}))
            for at in range(0, len(pcm), 2048):
                await client.write_event(Event("audio-chunk", AUDIO, pcm[at : at + 2048]))
            async with asyncio.timeout(PATIENCE_S):
                found = await client.read_event()
            assert found is not None
            assert (found.type, found.data["name"]) == ("detection", "hey_jarvis")
            assert 2000 < found.data["timestamp"] < len(pcm) // 32


async def test_words_are_told_with_their_licence(server: Server) -> None:
    """Home Assistant offers them from `info`."""
    async with server.client() as client:
        await client.write_event(Event("describe"))
        info = await client.read_event()
    assert info is not None
    words = {model["name"]: model for one in info.data["wake"] for model in one["models"]}
    assert words["hey_jarvis"]["phrase"] == "hey jarvis"
    assert "CC BY-NC-SA 4.0" in words["hey_jarvis"]["description"]


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (Event("detect", {"names": ["abracadabra"]}), "no wake word 'abracadabra'"),
        (Event("audio-start", {"rate": 1, "width": 2, "channels": 1}), "1 Hz"),
    ],
)
async def test_bad_request_gets_one_sentence(server: Server, event: Event, sentence: str) -> None:
    """An unknown word is named, and the connection closed."""
    async with server.client() as client:
        if event.type != "detect":
            await client.write_event(Event("detect", {}))
        await client.write_event(event)
        answer = await client.read_event()
        assert answer is not None
        assert answer.type == "error"
        assert sentence in answer.data["text"]
