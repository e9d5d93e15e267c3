"""Core's `wyoming` integration, and any plain client, hear Piper and Whisper of ours, nothing lost.

The toy voice says each phoneme as a tone, so that the same text is the same bytes in every run; the
toy recogniser really decodes. Between core and the server lies a wire that asks for our additions in
core's place: what core then plays must be the same sound, byte for byte.
"""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import asynccontextmanager
import os
from pathlib import Path
import subprocess
import wave

from homeassistant.components import stt, tts
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncClient
from wyoming.event import Event
from wyoming.info import Describe, Info
from wyoming.tts import Synthesize

from custom_components.waifu_rt3d.voice.frames import read_frame, write_frame
from custom_components.waifu_rt3d.voice.wav import WavReader

from .processes import REPOSITORY, free_port, satellite_python, speech_server

TTS_ENTITY, STT_ENTITY = "tts.waifu_speech", "stt.faster_whisper"
VOICE = "en_US-toy-medium"
TEXT = "Yes. The lamp is on now, and the door is shut. Shall I read to you?"
WORDS = "turn on the kitchen lights"
LIMIT_S = 60
_MAKE = f"""
import subprocess, sys, wave
from pathlib import Path
import numpy as np
from toy_piper import make_voice
from toy_whisper import make_whisper, sung
folder = Path(sys.argv[1])
make_voice(folder / "{VOICE}.onnx")
make_whisper(folder / "faster-whisper-toy")
voice = folder / "slt.wav"
said = "we were away a year ago and now we really know where all the yellow lamps are"
subprocess.run(["flite", "-voice", "slt", "-t", said, "-o", str(voice)], check=True)
with wave.open(str(voice)) as file:
    speech = np.frombuffer(file.readframes(file.getnframes()), np.int16)[3000:-6000]
quiet = np.random.default_rng(3).normal(0, 20, 8000).astype(np.int16)
sound = np.concatenate([sung("{WORDS}".split(), 3, speech), quiet])
with wave.open(str(folder / "spoken.wav"), "wb") as file:
    file.setparams((1, 2, 16000, 0, "NONE", ""))
    file.writeframes(sound.tobytes())
"""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a voice, a recogniser, and a sentence for it, in the speech server's environment."""
    folder = tmp_path_factory.mktemp("models")
    toys = REPOSITORY / "tests" / "satellite" / "speech"
    subprocess.run(
        [satellite_python(), "-c", _MAKE, str(folder)],
        check=True,
        env={**os.environ, "PYTHONPATH": str(toys)},
    )
    return folder


@pytest.fixture
async def port(models: Path, socket_enabled: None) -> AsyncGenerator[int]:
    """Run our server with both, in plain mode."""
    port = free_port()
    engines = ("--tts", f"piper:{VOICE}", "--stt", "faster-whisper:toy")
    async with speech_server(port, "--plain", "--models", str(models), *engines):
        yield port


@pytest.fixture
def spoken(models: Path) -> bytes:
    """Return the sentence as 16 kHz PCM."""
    with wave.open(str(models / "spoken.wav")) as file:
        return file.readframes(file.getnframes())


@asynccontextmanager
async def asking_wire(
    port: int, seen: list[Event], **contexts: dict[str, bool]
) -> AsyncGenerator[int]:
    """Run a wire to a server that asks for more in the client's place; keep what comes.

    `contexts` is what is added to the client's events, by their type.
    """

    async def pass_on(reader: StreamReader, writer: StreamWriter, *, asks: bool) -> None:
        while (event := await read_frame(reader)) is not None:
            if not asks:
                seen.append(event)
            elif (context := contexts.get(event.type.partition("-")[0])) is not None:
                event.data["context"] = context
            await write_frame(writer, event)

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        there_reader, there = await asyncio.open_connection("127.0.0.1", port)
        ways = [
            asyncio.create_task(pass_on(reader, there, asks=True)),
            asyncio.create_task(pass_on(there_reader, writer, asks=False)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        writer.close()
        there.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield int(server.sockets[0].getsockname()[1])


@asynccontextmanager
async def core_entry(core: HomeAssistant, port: int) -> AsyncGenerator[None]:
    """Set up core's integration for a server."""
    data = {"host": "127.0.0.1", "port": port}
    entry = MockConfigEntry(domain="wyoming", title="waifu-speech", data=data)
    entry.add_to_hass(core)
    assert await core.config_entries.async_setup(entry.entry_id)
    await core.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    yield
    assert await core.config_entries.async_unload(entry.entry_id)


async def plain_sound(port: int, text: str) -> bytes:
    """Return what a plain client gets for a whole text."""
    async with asyncio.timeout(LIMIT_S), AsyncClient.from_uri(f"tcp://127.0.0.1:{port}") as client:
        await client.write_event(Synthesize(text=text).event())
        pcm = b""
        while (event := await client.read_event()) is not None:
            if AudioChunk.is_type(event.type):
                pcm += AudioChunk.from_event(event).audio
            elif AudioStop.is_type(event.type):
                return pcm
    raise AssertionError("the server closed")


async def core_sound(core: HomeAssistant, pieces: list[str]) -> bytes:
    """Return what core's entity makes of a text that is written piece by piece, or of one piece."""
    stream = tts.async_create_stream(core, TTS_ENTITY, "en-US", {tts.ATTR_PREFERRED_FORMAT: "wav"})
    stream.use_file_cache = False

    async def written() -> AsyncGenerator[str]:
        for piece in pieces:
            yield piece

    if len(pieces) == 1:
        stream.async_set_message(pieces[0])
    else:
        stream.async_set_message_stream(written())
    reader = WavReader()
    async with asyncio.timeout(LIMIT_S):
        return b"".join([reader.feed(data) async for data in stream.async_stream_result()])


async def core_text(core: HomeAssistant, audio: AsyncIterable[bytes]) -> stt.SpeechResult:
    """Return what core's entity understands."""
    entity = stt.async_get_speech_to_text_entity(core, STT_ENTITY)
    assert entity is not None
    metadata = stt.SpeechMetadata(
        language="en",
        format=stt.AudioFormats.WAV,
        codec=stt.AudioCodecs.PCM,
        bit_rate=stt.AudioBitRates.BITRATE_16,
        sample_rate=stt.AudioSampleRates.SAMPLERATE_16000,
        channel=stt.AudioChannels.CHANNEL_MONO,
    )
    async with asyncio.timeout(LIMIT_S):
        return await entity.internal_async_process_audio_stream(metadata, audio)


async def in_pieces(pcm: bytes) -> AsyncGenerator[bytes]:
    """Yield sound as a microphone gives it."""
    for at in range(0, len(pcm), 3200):
        yield pcm[at : at + 3200]
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("size", [len(TEXT), 5])
async def test_core_plays_every_sample_of_piper(
    core: HomeAssistant, port: int, size: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Whole and streamed, core gets the bytes of a plain client, also between our speech marks."""
    wanted = await plain_sound(port, TEXT)
    assert len(wanted) > 22050 * 2
    pieces = [TEXT[at : at + size] for at in range(0, len(TEXT), size)]
    seen: list[Event] = []
    async with (
        asking_wire(port, seen, synthesize={"speech_marks": True}) as wire,
        core_entry(core, wire),
    ):
        assert await core_sound(core, pieces) == wanted
    marks = [event for event in seen if event.data.get("name") == "speech-marks"]
    assert marks, "the server was not asked"
    assert all("timestamp" in event.data for event in seen if event.type == "audio-chunk")
    assert "waifu_rt3d" in next(event for event in seen if event.type == "info").data
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_core_hears_with_whisper(core: HomeAssistant, port: int, spoken: bytes) -> None:
    """Core takes the transcript from among our guesses."""
    seen: list[Event] = []
    async with asking_wire(port, seen) as wire, core_entry(core, wire):
        heard = await core_text(core, in_pieces(spoken))
    assert heard == stt.SpeechResult(WORDS, stt.SpeechResultState.SUCCESS)
    guesses = [event.data["data"] for event in seen if event.type == "user-event"]
    assert {"text": WORDS, "paused": True} in guesses


async def test_core_takes_a_transcript_that_comes_early(
    core: HomeAssistant, port: int, spoken: bytes
) -> None:
    """The server may end the listening: core stops sending and has the text."""
    seen: list[Event] = []

    async def endless() -> AsyncGenerator[bytes]:
        async for piece in in_pieces(spoken):
            yield piece
        while True:
            await asyncio.sleep(0.02)
            yield bytes(3200)

    async with (
        asking_wire(port, seen, transcribe={"endpoint": True}) as wire,
        core_entry(core, wire),
    ):
        heard = await core_text(core, endless())
    assert heard == stt.SpeechResult(WORDS, stt.SpeechResultState.SUCCESS)


async def test_plain_client_has_the_whole_repertoire(port: int, spoken: bytes) -> None:
    """The library's own client describes, transcribes and speaks over one connection each."""
    uri = f"tcp://127.0.0.1:{port}"
    async with asyncio.timeout(LIMIT_S), AsyncClient.from_uri(uri) as client:
        await client.write_event(Describe().event())
        event = await client.read_event()
        assert event is not None
        info = Info.from_event(event)
        assert [voice.name for voice in info.tts[0].voices][0] == VOICE
        assert info.asr[0].models[0].name == "toy"
        await client.write_event(Transcribe(name="toy", language="en").event())
        await client.write_event(AudioStart(rate=16000, width=2, channels=1).event())
        async for piece in in_pieces(spoken):
            chunk = AudioChunk(rate=16000, width=2, channels=1, audio=piece)
            await client.write_event(chunk.event())
        await client.write_event(AudioStop().event())
        while (event := await client.read_event()) is not None:
            if Transcript.is_type(event.type):
                break
        assert event is not None
        assert Transcript.from_event(event).text == WORDS
