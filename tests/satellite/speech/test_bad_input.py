"""Whatever comes in, the real server answers with text, sound or a sentence: never a hang or a crash."""

import asyncio
from collections.abc import Callable
import json
from pathlib import Path
import time
from typing import Final

import numpy as np
import pytest
from speech_server import Server
from wyoming.event import Event, async_read_event

RATE_HZ: Final = 16000
PATIENCE_S: Final = 120
VOICES: Final = ("espeak:en-us", "flite:slt", "piper:en_US-toy-medium")
EARS: Final = ("pocketsphinx:en-us", "faster-whisper:toy")


def noise(seconds: float, level: float) -> bytes:
    """Return the hiss of a broken microphone."""
    count = int(seconds * RATE_HZ)
    return np.random.default_rng(4).normal(0, level, count).astype(np.int16).tobytes()


def clipped(seconds: float) -> bytes:
    """Return a hum that is far too loud."""
    places = np.arange(int(seconds * RATE_HZ))
    return (np.sign(np.sin(places / 25)) * 32767).astype(np.int16).tobytes()


SOUNDS: Final[dict[str, tuple[Callable[[], bytes], dict[str, int]]]] = {
    "empty": (lambda: b"", {}),
    "one odd byte": (lambda: b"\x01", {}),
    "8 kHz stereo": (lambda: noise(2, 400), {"rate": 8000, "channels": 2}),
    "8 bit": (lambda: noise(1, 400), {"width": 1}),
    "silence": (lambda: bytes(RATE_HZ * 4), {}),
    "noise": (lambda: noise(3, 3000), {}),
    "clipped": (lambda: clipped(3), {}),
}
TEXTS: Final = {
    "only emoji": "😊🎉👩‍👩‍👧‍👦❤️",
    "only tags": "<break/><speak></speak>[[]]{}",
    "control characters": "".join(map(chr, range(32))) + "\x7f\x80\u202e\u200b hello",
    "mixed scripts": "hello привет 你好 مرحبا שלום नमस्ते ありがとう 한국",
    "SSML": '<speak>Say <prosody rate="200%">this</prosody> &amp; <sub alias="that">x</sub></speak>',
    "raw phonemes": "[[h@l'oU]] [[",
    "one letter, often": "a" * 5000,
    "combining marks": "e" + "\u0301" * 500,
    "numbers": "1234567890" * 60,
    "no spaces": "http://" + "x" * 3000,
    "punctuation": "?!.,;:" * 400,
}
WHOLE_DAY: Final = "word " * 20_000


async def last_event(server: Server, *sent: Event, ends: set[str]) -> Event:
    """Return the event that ends the answer to some events."""
    async with asyncio.timeout(PATIENCE_S), server.client() as client:
        # A model may take long for a long sound on a busy machine.
        client.read_timeout = PATIENCE_S
        for event in sent:
            await client.write_event(event)
        while True:
            event = await client.read_event()
            assert event is not None
            if event.type in {"error", *ends}:
                return event


def heard(pcm: bytes, ears: str, **changes: int) -> list[Event]:
    """Return an utterance as events."""
    audio = {"rate": RATE_HZ, "width": 2, "channels": 1, **changes}
    pieces = [pcm[at : at + 65536] for at in range(0, len(pcm), 65536)]
    return [
        Event("transcribe", {"language": "en", "name": ears}),
        Event("audio-start", audio),
        *(Event("audio-chunk", audio, piece) for piece in pieces),
        Event("audio-stop"),
    ]


@pytest.mark.parametrize("ears", EARS)
@pytest.mark.parametrize("sound", SOUNDS)
async def test_strange_sound_is_answered(model_server: Server, ears: str, sound: str) -> None:
    """Nothing is understood in it, and that is said."""
    make, changes = SOUNDS[sound]
    answer = await last_event(model_server, *heard(make(), ears, **changes), ends={"transcript"})
    assert answer.data["text"] == "" or answer.type == "error"


async def test_twenty_minutes_are_bounded(model_server: Server) -> None:
    """A command is at most half a minute long: what is beyond it costs nothing."""
    pcm = noise(20 * 60, 200)
    answer = await last_event(model_server, *heard(pcm, EARS[0]), ends={"transcript"})
    assert (answer.type, answer.data["text"]) == ("transcript", "")


@pytest.mark.parametrize("changes", [{"rate": 1}, {"rate": 10**9}, {"width": 3}, {"channels": 9}])
async def test_impossible_format_gets_a_sentence(
    model_server: Server, changes: dict[str, int]
) -> None:
    """The format is refused, not the server's life."""
    answer = await last_event(model_server, *heard(b"", EARS[0], **changes), ends={"transcript"})
    assert answer.type == "error"
    assert "can't be recognised" in answer.data["text"]


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("text", TEXTS)
async def test_strange_text_is_spoken_or_skipped(
    model_server: Server, voice: str, text: str
) -> None:
    """The answer has an end, and the next text is spoken as always."""
    about = {"voice": {"name": voice}, "context": {"speech_marks": True}}
    for said in (TEXTS[text], "Hello dear."):
        event = Event("synthesize", {"text": said, **about})
        answer = await last_event(model_server, event, ends={"audio-stop"})
        assert answer.type == "audio-stop"


@pytest.mark.parametrize("voice", VOICES)
async def test_half_a_character_is_spoken_around(model_server: Server, voice: str) -> None:
    """JSON can hold half of a surrogate pair, UTF-8 can't."""
    data = json.dumps({"text": "ab\ud800 cd", "voice": {"name": voice}}).encode()
    header = json.dumps({"type": "synthesize", "data_length": len(data)}).encode()
    async with asyncio.timeout(PATIENCE_S):
        reader, writer = await asyncio.open_connection("127.0.0.1", model_server.port)
        writer.write(header + b"\n" + data)
        while (event := await async_read_event(reader)) is not None:
            if event.type == "audio-stop":
                break
        writer.close()
    assert event is not None


@pytest.mark.parametrize("voice", VOICES)
async def test_book_gets_a_sentence(model_server: Server, voice: str) -> None:
    """100,000 characters are no reply."""
    event = Event("synthesize", {"text": WHOLE_DAY, "voice": {"name": voice}})
    answer = await last_event(model_server, event, ends={"audio-stop"})
    assert answer.type == "error"
    assert "characters" in answer.data["text"]


@pytest.mark.parametrize("voice", VOICES)
async def test_client_that_disappears_frees_its_work(model_server: Server, voice: str) -> None:
    """No process works on for nobody: the time until all are idle is printed."""
    event = Event("synthesize", {"text": "wonderful " * 1900, "voice": {"name": voice}})
    async with model_server.client() as client:
        await client.write_event(event)
        assert await client.read_event() is not None
    began_s = time.monotonic()
    while await _busy_share(model_server) > 0.2:
        assert time.monotonic() - began_s < 60
    print(f"{voice}: idle {time.monotonic() - began_s:.1f} s after its client left")  # noqa: T201 - a figure for the reader


async def _busy_share(server: Server) -> float:
    """Return how much of a processor the server and its processes use, over a third of a second."""
    before = _ticks(server)
    began_s = time.monotonic()
    await asyncio.sleep(0.3)
    used = sum(ticks - before.get(pid, ticks) for pid, ticks in _ticks(server).items())
    return used / 100 / (time.monotonic() - began_s)


def _ticks(server: Server) -> dict[int, int]:
    """Return the processor time of each process, in hundredths of a second."""
    found = {}
    for pid in {server.process.pid, *server.workers()}:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found[pid] = int(fields[11]) + int(fields[12])
    return found
