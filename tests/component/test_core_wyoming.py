"""Home Assistant's own `wyoming` integration works with our speech server and our satellite."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
import wave

from homeassistant.components import conversation, stt, tts, wake_word
from homeassistant.components.assist_pipeline import async_get_pipelines, async_update_pipeline
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.waifu_rt3d.voice.wav import WavReader

from .processes import free_port, make_spoken_wav, satellite, speech_server

TTS_ENTITY = "tts.waifu_speech"
STT_ENTITY = "stt.pocketsphinx"


async def add_wyoming(hass: HomeAssistant, port: int, title: str) -> MockConfigEntry:
    """Set up core's integration for a server."""
    entry = MockConfigEntry(domain="wyoming", title=title, data={"host": "127.0.0.1", "port": port})
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    return entry


@pytest.fixture
async def plain_speech(core: HomeAssistant, socket_enabled: None) -> AsyncGenerator[None]:
    """Run our speech server without encryption, set up in core's integration."""
    port = free_port()
    arguments = ("--plain", "--tts", "espeak:en-us", "--stt", "pocketsphinx:en-us")
    async with speech_server(port, *arguments):
        entry = await add_wyoming(core, port, "waifu-speech")
        yield
        await core.config_entries.async_unload(entry.entry_id)


async def test_core_speaks_with_our_server(core: HomeAssistant, plain_speech: None) -> None:
    """Core's TTS entity plays what our server says, streamed and whole."""
    stream = tts.async_create_stream(core, TTS_ENTITY, "en-US", {tts.ATTR_PREFERRED_FORMAT: "wav"})
    stream.use_file_cache = False
    stream.async_set_message("Good morning, everybody.")
    reader = WavReader()
    pcm = b"".join([reader.feed(data) async for data in stream.async_stream_result()])
    assert reader.format is not None
    assert 1000 < reader.format.duration_ms(len(pcm)) < 4000


async def test_core_listens_with_our_server(
    core: HomeAssistant, plain_speech: None, tmp_path: Path
) -> None:
    """Core's STT entity gets a transcript, though it sends no grammar of the home."""
    path = tmp_path / "spoken.wav"
    await make_spoken_wav(path, "turn on the light")
    with wave.open(str(path)) as file:
        pcm = file.readframes(file.getnframes())

    async def audio() -> AsyncGenerator[bytes]:
        for at in range(0, len(pcm), 2048):
            yield pcm[at : at + 2048]

    entity = stt.async_get_speech_to_text_entity(core, STT_ENTITY)
    assert entity is not None
    metadata = stt.SpeechMetadata(
        language=entity.supported_languages[0],
        format=stt.AudioFormats.WAV,
        codec=stt.AudioCodecs.PCM,
        bit_rate=stt.AudioBitRates.BITRATE_16,
        sample_rate=stt.AudioSampleRates.SAMPLERATE_16000,
        channel=stt.AudioChannels.CHANNEL_MONO,
    )
    async with asyncio.timeout(60):
        result = await entity.internal_async_process_audio_stream(metadata, audio())
    assert result.result is stt.SpeechResultState.SUCCESS
    assert result.text is not None
    assert "light" in result.text


async def test_core_wakes_with_our_server(
    core: HomeAssistant, plain_speech: None, tmp_path: Path
) -> None:
    """Core's wake word entity hears the word through our server, and where it was."""
    path = tmp_path / "spoken.wav"
    await make_spoken_wav(path, "hey jarvis")
    with wave.open(str(path)) as file:
        pcm = file.readframes(file.getnframes())

    async def audio() -> AsyncGenerator[tuple[bytes, int]]:
        for at in range(0, len(pcm), 2560):
            yield pcm[at : at + 2560], at // 32
        # A microphone does not end: the room is quiet until somebody has heard the word.
        for number in range(3000):
            yield bytes(2560), len(pcm) // 32 + number * 80
            await asyncio.sleep(0.02)

    (state,) = core.states.async_all("wake_word")
    entity = wake_word.async_get_wake_word_detection_entity(core, state.entity_id)
    assert entity is not None
    offered = {word.id: word.phrase for word in await entity.get_supported_wake_words()}
    assert offered["hey_jarvis"] == "hey jarvis"
    async with asyncio.timeout(60):
        result = await entity.async_process_audio_stream(audio(), "hey_jarvis")
    assert result is not None
    assert result.wake_word_id == "hey_jarvis"
    assert result.wake_word_phrase == "hey jarvis"
    assert result.timestamp is not None
    assert 1500 < result.timestamp < len(pcm) // 32


async def test_announcement_with_core_alone(
    core: HomeAssistant, plain_speech: None, tmp_path: Path
) -> None:
    """Core's own integration announces through our satellite in plain mode, and waits for it."""
    assert await async_setup_component(core, "assist_pipeline", {})
    (pipeline, *_) = async_get_pipelines(core)
    await async_update_pipeline(core, pipeline, tts_engine=TTS_ENTITY, tts_language="en-US")
    port, announcement = free_port(), tmp_path / "dinner.wav"
    await make_spoken_wav(announcement, "Dinner is ready.")
    async with satellite(port, tmp_path, None, "--plain"):
        entry = await add_wyoming(core, port, "Satellite")
        async with asyncio.timeout(60):
            while not (ready := _idle_satellites(core)):
                await asyncio.sleep(0.05)
            await core.services.async_call(
                "assist_satellite",
                "announce",
                {
                    "entity_id": ready[0],
                    # No web server runs in this test from which core could fetch a voice's sound.
                    "media_id": f"file://{announcement}",
                    "preannounce": False,
                },
                blocking=True,
            )
        async with asyncio.timeout(60):
            while not (replies := list((tmp_path / "replies").glob("*.wav"))):
                await asyncio.sleep(0.05)
        with wave.open(str(replies[0])) as file:
            assert file.getnframes() / file.getframerate() > 0.5
        await core.config_entries.async_unload(entry.entry_id)


def _idle_satellites(hass: HomeAssistant) -> list[str]:
    """Return the satellites that are connected."""
    states = hass.states.async_all("assist_satellite")
    return [state.entity_id for state in states if state.state == "idle"]


async def test_spoken_turn_with_core_alone(
    core: HomeAssistant, plain_speech: None, tmp_path: Path
) -> None:
    """Our satellite in plain mode, core's integration, our speech server: the light goes on."""
    assert await async_setup_component(
        core, "input_boolean", {"input_boolean": {"light": {"name": "light"}}}
    )
    async_expose_entity(core, "conversation", "input_boolean.light", True)
    assert await async_setup_component(core, "assist_pipeline", {})
    (pipeline, *_) = async_get_pipelines(core)
    ears = stt.async_get_speech_to_text_entity(core, STT_ENTITY)
    assert ears is not None
    await async_update_pipeline(
        core,
        pipeline,
        conversation_engine=conversation.HOME_ASSISTANT_AGENT,
        stt_engine=STT_ENTITY,
        stt_language=ears.supported_languages[0],
        tts_engine=TTS_ENTITY,
        tts_language="en-US",
    )
    microphone, port = tmp_path / "microphone.wav", free_port()
    await make_spoken_wav(microphone, "hey jarvis, turn on the light")
    async with satellite(port, tmp_path, microphone, "--plain"):
        entry = await add_wyoming(core, port, "Satellite")
        async with asyncio.timeout(60):
            while not (replies := list((tmp_path / "replies").glob("*.wav"))):
                await asyncio.sleep(0.05)
        state = core.states.get("input_boolean.light")
        assert state is not None
        assert state.state == "on"
        with wave.open(str(replies[0])) as file:
            assert file.getnframes() / file.getframerate() > 0.5
        await core.config_entries.async_unload(entry.entry_id)
