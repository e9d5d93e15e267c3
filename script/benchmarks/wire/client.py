"""Ask a Wyoming server as Home Assistant does, and take the time."""

import asyncio
from dataclasses import dataclass
import time

import numpy as np
from wyoming.client import AsyncTcpClient
from wyoming.event import Event

TOKEN_S = 0.04
"""A language model of 25 tokens a second."""
PIECE_S = 0.1
"""Sound is sent as it is spoken."""
RATE_HZ = 16000
TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """When sound came."""

    first_s: float
    total_s: float
    audio_s: float


async def speak_stream(port: int, text: str) -> Spoken:
    """Return when a reply that is written word by word is heard, from its first word on."""
    async with asyncio.timeout(TIMEOUT_S), AsyncTcpClient("127.0.0.1", port) as client:
        writing = asyncio.create_task(_write(client, text))
        began_s = time.perf_counter()
        first_s, audio_s = 0.0, 0.0
        while (event := await client.read_event()) is not None:
            if event.type == "audio-chunk" and event.payload:
                first_s = first_s or time.perf_counter() - began_s
                audio_s += len(event.payload) / 2 / event.data["rate"]
            elif event.type == "synthesize-stopped":
                break
        await writing
        return Spoken(first_s=first_s, total_s=time.perf_counter() - began_s, audio_s=audio_s)


async def _write(client: AsyncTcpClient, text: str) -> None:
    """Write a reply as a language model does: words with their spaces."""
    await client.write_event(Event("synthesize-start", {}))
    for number, word in enumerate(text.split(" ")):
        piece = word if number == 0 else f" {word}"
        await client.write_event(Event("synthesize-chunk", {"text": piece}))
        await asyncio.sleep(TOKEN_S)
    await client.write_event(Event("synthesize", {"text": text}))
    await client.write_event(Event("synthesize-stop"))


async def speak(port: int, text: str) -> Spoken:
    """Return when a whole text is heard."""
    async with asyncio.timeout(TIMEOUT_S), AsyncTcpClient("127.0.0.1", port) as client:
        began_s = time.perf_counter()
        await client.write_event(Event("synthesize", {"text": text}))
        first_s, audio_s = 0.0, 0.0
        while (event := await client.read_event()) is not None:
            if event.type == "audio-chunk" and event.payload:
                first_s = first_s or time.perf_counter() - began_s
                audio_s += len(event.payload) / 2 / event.data["rate"]
            elif event.type == "audio-stop":
                break
        return Spoken(first_s=first_s, total_s=time.perf_counter() - began_s, audio_s=audio_s)


async def second_client(port: int, long: str, short: str) -> float:
    """Return how long a second client waits for its first sound while another one is served."""
    first = asyncio.create_task(speak(port, long))
    await asyncio.sleep(0.1)
    second = await speak(port, short)
    await first
    return second.first_s


async def transcript(port: int, sound: np.ndarray) -> tuple[str, float]:
    """Return what is understood, and how long after the end of the sound."""
    audio = {"rate": RATE_HZ, "width": 2, "channels": 1}
    pcm = sound.tobytes()
    step = int(PIECE_S * RATE_HZ) * 2
    async with asyncio.timeout(TIMEOUT_S), AsyncTcpClient("127.0.0.1", port) as client:
        await client.write_event(Event("transcribe", {"language": "en"}))
        await client.write_event(Event("audio-start", audio))
        began_s = time.perf_counter()
        for number, at in enumerate(range(0, len(pcm), step), start=1):
            # A piece is there when its last sample is spoken.
            await asyncio.sleep(max(0.0, began_s + number * PIECE_S - time.perf_counter()))
            await client.write_event(Event("audio-chunk", audio, pcm[at : at + step]))
        await client.write_event(Event("audio-stop"))
        stopped_s = time.perf_counter()
        while (event := await client.read_event()) is not None:
            if event.type == "transcript":
                return event.data["text"], time.perf_counter() - stopped_s
        return "", float("nan")
