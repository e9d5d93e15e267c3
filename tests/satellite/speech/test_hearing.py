"""Commands over a real socket, spoken by flite and espeak-ng with a little noise."""

import asyncio
import json
from pathlib import Path
import shutil
import subprocess
from typing import Any
import wave

import numpy as np
import pytest
from speech_server import Server
from wyoming.client import AsyncTcpClient
from wyoming.event import Event

GOLDEN = json.loads(
    (Path(__file__).parents[2] / "contract" / "grammar.json").read_text(encoding="utf-8")
)
RATE_HZ = 16000
FORMAT = {"rate": RATE_HZ, "width": 2, "channels": 1}


@pytest.fixture(scope="module")
def voices(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return what says a sentence, with the hiss of a room at 30 dB."""
    folder = tmp_path_factory.mktemp("voices")

    def say(text: str, voice: str = "slt") -> bytes:
        path = folder / f"{voice}.wav"
        flite = shutil.which("flite")
        assert flite is not None
        subprocess.run([flite, "-voice", voice, "-t", text, "-o", str(path)], check=True)
        with wave.open(str(path)) as file:
            assert file.getframerate() == RATE_HZ
            sound = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(float)
        level = np.sqrt(np.mean(sound[np.abs(sound) > 200] ** 2))
        sound = np.concatenate([np.zeros(4800), sound, np.zeros(6400)])
        hiss = np.random.default_rng(7).normal(0, level / 10 ** (30 / 20), len(sound))
        return np.clip(sound + hiss, -32768, 32767).astype(np.int16).tobytes()

    return say


async def listen(
    client: AsyncTcpClient, pcm: bytes, audio: dict[str, int] = FORMAT
) -> tuple[str, list[str]]:
    """Return transcript and partial transcripts."""
    await client.write_event(Event("transcribe", {"language": "en"}))
    await client.write_event(Event("audio-start", audio))
    for at in range(0, len(pcm), 2048):
        await client.write_event(Event("audio-chunk", audio, pcm[at : at + 2048]))
        await asyncio.sleep(0)
    await client.write_event(Event("audio-stop"))
    partials = []
    while (event := await client.read_event()) is not None:
        if event.type == "transcript":
            return event.data["text"], partials
        assert (event.type, event.data["name"]) == ("user-event", "partial-transcript")
        partials.append(event.data["data"]["text"])
    raise AssertionError("the server closed the connection")


async def send_golden(client: AsyncTcpClient) -> None:
    """Send the golden grammar in its parts."""
    for event in GOLDEN["events"]:
        await client.write_event(Event(event["type"], event["data"]))


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
@pytest.mark.parametrize("sentence", GOLDEN["accepts"])
async def test_command_of_the_grammar_is_heard(
    server: Server, voices: Any, sentence: str, voice: str
) -> None:
    """What the grammar accepts comes back in the grammar's words, growing on the way."""
    async with server.client() as client:
        await send_golden(client)
        text, partials = await listen(client, voices(sentence, voice))
    assert text == sentence
    assert partials[-1] == sentence
    assert any(partial and len(partial) < len(sentence) for partial in partials)


@pytest.mark.parametrize(
    "sentence",
    [
        "what is the meaning of life",
        "do you like cats or dogs",
        "I had a really long day at work today",
        "can you write me a poem",
    ],
)
async def test_other_speech_is_refused(server: Server, voices: Any, sentence: str) -> None:
    """Speech that is not in the grammar gives an empty transcript, not a wrong command."""
    async with server.client() as client:
        await send_golden(client)
        assert (await listen(client, voices(sentence)))[0] == ""


@pytest.mark.parametrize(
    "pcm",
    [
        b"",
        bytes(32000),
        np.random.default_rng(1).normal(0, 500, 32000).astype(np.int16).tobytes(),
        (np.sign(np.sin(np.arange(32000) / 20)) * 32767).astype(np.int16).tobytes(),
    ],
    ids=["nothing", "silence", "noise", "clipped tone"],
)
async def test_sound_without_speech_gives_no_text(server: Server, pcm: bytes) -> None:
    """Nothing is heard in nothing."""
    async with server.client() as client:
        await send_golden(client)
        assert (await listen(client, pcm))[0] == ""


async def test_home_without_a_grammar_has_a_few_commands(server: Server, voices: Any) -> None:
    """Home Assistant's own integration sends no grammar."""
    async with server.client() as client:
        assert (await listen(client, voices("what time is it")))[0] == "what time is it"


@pytest.mark.parametrize("sentence", ["what time is it", ""])
async def test_stream_needs_no_start(server: Server, voices: Any, sentence: str) -> None:
    """A plain client may send its sound at once, or nothing at all, and gets a transcript."""
    pcm = voices(sentence) if sentence else b""
    async with server.client() as client:
        await client.write_event(Event("transcribe", {"language": "en"}))
        for at in range(0, len(pcm), 2048):
            await client.write_event(Event("audio-chunk", FORMAT, pcm[at : at + 2048]))
        await client.write_event(Event("audio-stop"))
        while (event := await client.read_event()) is not None and event.type != "transcript":
            assert event.type == "user-event"
    assert event is not None
    assert event.data["text"] == sentence


async def test_several_commands_on_one_connection(server: Server, voices: Any) -> None:
    """The grammar is sent once for each connection."""
    async with server.client() as client:
        await send_golden(client)
        for sentence in GOLDEN["accepts"]:
            assert (await listen(client, voices(sentence)))[0] == sentence


@pytest.mark.parametrize(("rate", "channels"), [(48000, 1), (16000, 2), (8000, 2)])
async def test_other_formats_are_heard(
    server: Server, voices: Any, rate: int, channels: int
) -> None:
    """Stereo and other rates are converted."""
    pcm = np.frombuffer(voices("turn on the kitchen light"), np.int16)
    places = np.arange(0, len(pcm), RATE_HZ / rate)
    other = np.interp(places, np.arange(len(pcm)), pcm).astype(np.int16)
    interleaved = np.repeat(other, channels).tobytes()
    audio = {"rate": rate, "width": 2, "channels": channels}
    async with server.client() as client:
        await send_golden(client)
        text, _ = await listen(client, interleaved, audio)
    # The model's sounds go up to 6.8 kHz: of 8 kHz telephone sound it may understand nothing.
    assert text == "turn on the kitchen light" or (rate == 8000 and text == "")


async def test_name_of_no_dictionary_is_heard(server: Server, voices: Any) -> None:
    """A name that cmudict does not have is said as espeak-ng would say it."""
    document = json.dumps(
        {
            "v": 1,
            "language": "en",
            "lists": {"name": ["Zorbolux", "Quimbert lamp", "kitchen light"]},
            "rules": {},
            "sentences": ["turn (on|off) the {name}"],
        }
    )
    async with server.client() as client:
        await client.write_event(grammar_event(document))
        assert (await listen(client, voices("turn off the Zorbolux")))[0] == "turn off the Zorbolux"


def grammar_event(document: str, digest: str | None = None) -> Event:
    """Return a document as one `user-event`."""
    import hashlib

    digest = digest or hashlib.sha256(document.encode()).hexdigest()
    data = {"hash": digest, "part": 0, "parts": 1, "json": document}
    return Event("user-event", {"name": "grammar", "data": data})


@pytest.mark.parametrize(
    ("document", "digest", "sentence"),
    [
        ('{"v":1,"sentences":["a"]}', "00", "does not have the hash"),
        ("{", None, "not JSON"),
        ('{"v":2}', None, "version"),
        ('{"v":1,"sentences":["turn <on>"]}', None, "names <on>"),
        ('{"v":1,"sentences":["(a"]}', None, "without its pair"),
        ('{"v":1,"sentences":["<a>"],"rules":{"a":"x <a>"}}', None, "contains itself"),
    ],
)
async def test_bad_grammar_gets_one_sentence(
    server: Server, document: str, digest: str | None, sentence: str
) -> None:
    """What is wrong with a grammar is said."""
    async with server.client() as client:
        await client.write_event(grammar_event(document, digest))
        event = await client.read_event()
        assert event is not None
        assert event.type == "error"
        assert sentence in event.data["text"]


async def test_recogniser_works_again_when_a_client_left(server: Server, voices: Any) -> None:
    """A client that leaves while it speaks frees its recogniser."""
    for _ in range(3):
        async with server.client() as client:
            await client.write_event(Event("audio-start", FORMAT))
            await client.write_event(Event("audio-chunk", FORMAT, bytes(3200)))
    async with server.client() as client:
        assert (await listen(client, voices("what time is it")))[0] == "what time is it"
    assert len(server.workers()) <= 12
