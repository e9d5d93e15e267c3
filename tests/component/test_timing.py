"""A voice without times gets them from a speech server of the house, else from its own sound."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import shutil
import subprocess
from typing import Any, override
import wave

from homeassistant.components import tts
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from wyoming.audio import wav_to_chunks
from wyoming.event import Event
from wyoming.info import Attribution, Describe, Info, TtsProgram, TtsVoice
from wyoming.server import AsyncEventHandler, AsyncTcpServer
from wyoming.tts import Synthesize

from custom_components.waifu_rt3d.const import DOMAIN
from custom_components.waifu_rt3d.house import HOUSE
from custom_components.waifu_rt3d.stage.timeline import SpeechMarks
from custom_components.waifu_rt3d.voice.align import mono_16_bit
from custom_components.waifu_rt3d.voice.wav import AudioFormat, WavReader

from .audio_api import audio_api
from .processes import free_port
from .test_api_speech import add

pytestmark = pytest.mark.usefixtures("socket_enabled", "patient")


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the speech server take its time: a busy machine is no reason to guess."""
    monkeypatch.setattr("custom_components.waifu_rt3d.speech.timing._LEAST_S", 60.0)


class OldVoice(AsyncEventHandler):
    """A server of the older Wyoming: whole texts alone, a sound for each, no times."""

    @override
    async def handle_event(self, event: Event) -> bool:
        """Describe itself, or say a text with flite."""
        if Describe.is_type(event.type):
            await self.write_event(_info().event())
        elif Synthesize.is_type(event.type):
            await self._say(Synthesize.from_event(event).text)
        return True

    async def _say(self, text: str) -> None:
        """Send the sound of a text."""
        path = f"/tmp/old-voice-{id(self)}.wav"
        flite = shutil.which("flite")
        assert flite is not None
        command = [flite, "-voice", "slt", "-t", text, "-o", path]
        await asyncio.to_thread(subprocess.run, command, check=True)
        with wave.open(path) as file:
            for chunk in wav_to_chunks(file, 1024, start_event=True, stop_event=True):
                await self.write_event(chunk.event())


def _info() -> Info:
    """Return what the server says of itself."""
    nobody = Attribution(name="flite", url="http://cmuflite.org")
    about: dict[str, Any] = {"attribution": nobody, "installed": True, "version": "1"}
    voice = TtsVoice(name="slt", description="slt", languages=["en-US"], **about)
    return Info(tts=[TtsProgram(name="old", description="old", voices=[voice], **about)])


@asynccontextmanager
async def old_voice(core: HomeAssistant) -> AsyncGenerator[MockConfigEntry]:
    """Run the server and set it up."""
    port = free_port()
    server = AsyncTcpServer("127.0.0.1", port)
    await server.start(OldVoice)
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id="old",
        title="Old",
        data={"kind": "speech", "host": "127.0.0.1", "port": port},
    )
    entry.add_to_hass(core)
    assert await core.config_entries.async_setup(entry.entry_id)
    await core.async_block_till_done()
    try:
        yield entry
    finally:
        await core.config_entries.async_unload(entry.entry_id)
        await server.stop()


async def said(
    core: HomeAssistant, entity_id: str, text: str, language: str = "en-US"
) -> tuple[SpeechMarks, ...]:
    """Let a voice say a text and return the marks that the house keeps of it."""
    stream = tts.async_create_stream(core, entity_id, language, {tts.ATTR_PREFERRED_FORMAT: "wav"})
    stream.async_set_message(text)
    reader = WavReader()
    pcm = b"".join([reader.feed(data) async for data in stream.async_stream_result()])
    assert reader.format is not None
    house = core.data[HOUSE]
    kept = [marks for key, marks in house.known_marks.kept() if key == text]
    assert kept[0][-1].end_ms == round(reader.format.duration_ms(len(pcm)))
    return kept[0]


async def test_foreign_wyoming_server_is_estimated(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """Phrase by phrase, with the mouth shut before and after the sound of each."""
    text = "Good morning, mum! The kettle is on the table, and it is hot."
    async with old_voice(core):
        marks = await said(core, "tts.old_voice", text)
    assert [one.text for one in marks] == ["Good morning, mum! ", text[19:]]
    assert {one.source.value for one in marks} == {"estimated"}
    assert marks[1].start_ms == marks[0].end_ms
    # flite begins with some 150 ms of silence
    assert 80 < marks[0].marks[0].start_ms < 250


async def test_foreign_wyoming_server_is_aligned(
    core: HomeAssistant, companion: MockConfigEntry, speech: MockConfigEntry
) -> None:
    """Our speech server finds the text in its sound."""
    text = "Good morning, mum! The kettle is on the table, and it is hot."
    async with old_voice(core):
        marks = await said(core, "tts.old_voice", text)
    assert {one.source.value for one in marks} == {"aligned"}
    for one in marks:
        assert all(one.start_ms <= m.start_ms < m.end_ms <= one.end_ms for m in one.marks)
    sounds = [m.phoneme for one in marks for m in one.marks if m.phoneme]
    assert (sounds[0], sounds[2], sounds[3]) == ("ɡ", "d", "m")


async def test_audio_api_is_aligned(
    core: HomeAssistant, companion: MockConfigEntry, speech: MockConfigEntry
) -> None:
    """So is a server with OpenAI's endpoints."""
    async with audio_api() as api:
        await add(core, api)
        marks = await said(core, "tts.127_0_0_1_voice", "The kettle is on the table.", "en")
    assert {one.source.value for one in marks} == {"aligned"}


async def test_lost_aligner_is_no_reason_to_be_mute(
    core: HomeAssistant, companion: MockConfigEntry, speech: MockConfigEntry
) -> None:
    """The times are estimated then."""
    speech.runtime_data.server.port = free_port()
    async with old_voice(core):
        marks = await said(core, "tts.old_voice", "The kettle is on the table.")
    assert {one.source.value for one in marks} == {"estimated"}


@pytest.mark.parametrize(
    ("audio", "pcm", "expected"),
    [
        ((2, 1), b"\x01\x02\x03\x04\x05", b"\x01\x02\x03\x04"),
        ((2, 2), b"\x01\x02\x09\x09\x03\x04\x09\x09", b"\x01\x02\x03\x04"),
        ((3, 1), b"\x09\x01\x02\x09\x03\x04", b"\x01\x02\x03\x04"),
        ((4, 1), b"\x09\x09\x01\x02", b"\x01\x02"),
        ((1, 1), b"\x80\xff", b"\x00\x00\x00\x7f"),
        ((1, 2), b"\x80\x00\xff\x00", b"\x00\x00\x00\x7f"),
    ],
)
def test_any_width_becomes_16_bit_mono(audio: tuple[int, int], pcm: bytes, expected: bytes) -> None:
    """The first channel, its highest two bytes."""
    width, channels = audio
    given = AudioFormat(rate_hz=16000, width=width, channels=channels)
    assert mono_16_bit(given, pcm) == expected
