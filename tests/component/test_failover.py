"""Several voices and ears: the next takes over while nothing is lost, and each is told once."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Sequence
from datetime import timedelta
import logging
from pathlib import Path
from types import SimpleNamespace
import wave

from homeassistant.components import stt
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.waifu_rt3d.const import DOMAIN
from custom_components.waifu_rt3d.house import HOUSE
from custom_components.waifu_rt3d.speech.engines import Engine
from custom_components.waifu_rt3d.speech.failover import hear_with_first, speak_with_first
from custom_components.waifu_rt3d.speech.speaking import Spoken, VoiceError
from custom_components.waifu_rt3d.stage.cues import Cue
from custom_components.waifu_rt3d.stage.estimating import estimate_marks
from custom_components.waifu_rt3d.stage.receipt import Helper
from custom_components.waifu_rt3d.voice.connection import WireError
from custom_components.waifu_rt3d.voice.service import Transcription
from custom_components.waifu_rt3d.voice.wav import AudioFormat

from .cards import Card
from .conftest import PAIRING_KEY
from .processes import free_port, make_spoken_wav, speech_server

FORMAT = AudioFormat(rate_hz=16000, width=2, channels=1)


def voice(name: str, *items: Spoken | Exception) -> Engine:
    """Return a voice that reads a word and then yields, or raises, what it is told."""

    async def speak(
        text: AsyncGenerator[str],
        *,
        language: str,
        voice: str | None,
        cues: Sequence[Cue] = (),
    ) -> AsyncGenerator[Spoken]:
        read = await anext(text)
        for item in items:
            if isinstance(item, Exception):
                raise item
            yield item
        yield f"{name} read {read}".encode()

    return Engine(
        speak=speak, languages=["en"], fingerprint=name, all_voices=(), helper=Helper(name=name)
    )


async def spoken_by(*engines: Engine) -> tuple[list[Spoken], list[str]]:
    """Return what was made, and who was asked."""
    asked: list[str] = []

    async def text() -> AsyncGenerator[str]:
        yield "hello"
        yield "world"

    note: Callable[[Engine], None] = lambda engine: asked.append(engine.fingerprint)  # noqa: E731 - one line says it
    made = speak_with_first(engines, text(), language="en", voice=None, asked=note)
    return [item async for item in made], asked


async def test_next_voice_reads_the_same_words() -> None:
    """Format and marks of a voice that made no sound are nobody's."""
    marks = estimate_marks("hello", 0, 0, 100)
    made, asked = await spoken_by(
        voice("first", FORMAT, marks, VoiceError("gone")), voice("second", FORMAT)
    )
    assert made == [FORMAT, b"second read hello"]
    assert asked == ["first", "second"]


async def test_voice_that_was_heard_is_not_replaced() -> None:
    """Half a sentence in another voice is worse than a text without its end."""
    with pytest.raises(VoiceError):
        await spoken_by(voice("first", FORMAT, b"sound", VoiceError("gone")), voice("second"))


async def test_last_voice_tells_why() -> None:
    """Where nobody speaks the reason is the last one's."""
    with pytest.raises(VoiceError, match="two"):
        await spoken_by(voice("first", VoiceError("one")), voice("second", VoiceError("two")))


async def add_server(core: HomeAssistant, port: int, order: int) -> MockConfigEntry:
    """Set up a real speech server."""
    data = {"host": "127.0.0.1", "port": port, "pairing_key": PAIRING_KEY}
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id=f"server-{port}",
        title=f"Server {order}",
        data={"kind": "speech", "order": order, **data},
    )
    entry.add_to_hass(core)
    assert await core.config_entries.async_setup(entry.entry_id)
    await core.async_block_till_done()
    return entry


async def test_second_server_speaks_when_the_first_is_killed(
    core: HomeAssistant,
    companion: MockConfigEntry,
    socket_enabled: None,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The turn is spoken all the same; the loss is told once, and so is the return."""
    caplog.set_level(logging.INFO, "custom_components.waifu_rt3d")
    first_port, second_port = free_port(), free_port()
    words = ("--pairing-key", PAIRING_KEY, "--tts", "espeak:en-us")
    async with speech_server(second_port, *words):
        async with speech_server(first_port, *words):
            second = await add_server(core, second_port, 2)
            first = await add_server(core, first_port, 1)
            house = core.data[HOUSE]
            assert house.servers_in_order[0].port == first_port
        card = Card(await hass_ws_client(core))
        await card.call(type="waifu_rt3d/subscribe")
        for _ in range(2):
            del card.envelopes[:]
            await card.call(type="waifu_rt3d/turn/start", text="Are you there?")
            audio = await card.until("audio")
            wav = await (await (await hass_client()).get(audio["data"]["url"])).read()
            assert len(wav) > 10_000
            await card.until("timeline", final=True)
            assert card.of("timeline")[0]["source"] == "exact"
            ended = {"turn_id": audio["turn_id"], "state": "finished", "audio_ms": 100}
            await card.call(type="waifu_rt3d/turn/played", **ended)
        await core.async_block_till_done()
        assert house.servers_in_order[0].port == second_port
        assert _issue(core, first) is not None
        assert _issue(core, second) is None
        assert core.states.get("tts.server_1_voice").state == STATE_UNAVAILABLE
        async with speech_server(first_port, *words):
            async_fire_time_changed(core, dt_util.utcnow() + timedelta(seconds=11))
            await core.async_block_till_done(wait_background_tasks=True)
            assert house.servers_in_order[0].port == first_port
            assert _issue(core, first) is None
            assert core.states.get("tts.server_1_voice").state != STATE_UNAVAILABLE
    said = [record.message for record in caplog.records if "Server 1" in record.message]
    assert [("gone" in line, "back" in line) for line in said] == [(True, False), (False, True)]


class Listener:
    """A server that hears, and breaks off after so many pieces of sound."""

    def __init__(self, name: str, breaks_after: int | None = None) -> None:
        self.name, self._breaks_after = name, breaks_after
        self.info = SimpleNamespace(name=name)

    async def listen(self, audio: AsyncIterable[bytes]) -> AsyncGenerator[Transcription]:
        """Yield a guess for each piece, and all of them in the end."""
        heard = b""
        count = 0
        async for piece in audio:
            if count == self._breaks_after:
                raise WireError(f"{self.name} is gone")
            heard, count = heard + piece, count + 1
            yield Transcription(text=f"{self.name}: {heard.decode()}", final=False)
        yield Transcription(text=f"{self.name}: {heard.decode()}", final=True)


async def heard_by(*servers: Listener) -> str:
    """Return what is understood of three pieces of sound."""

    async def audio() -> AsyncGenerator[bytes]:
        for piece in (b"a", b"b", b"c"):
            yield piece

    found = hear_with_first(servers, audio(), lambda server, sound: server.listen(sound))
    return [part async for part in found][-1].text


async def test_next_ears_hear_it_from_the_beginning() -> None:
    """What the first has heard before it was lost is not lost."""
    assert await heard_by(Listener("one"), Listener("two")) == "one: abc"
    assert await heard_by(Listener("one", 0), Listener("two")) == "two: abc"
    assert await heard_by(Listener("one", 2), Listener("two")) == "two: abc"


async def test_last_ears_tell_why() -> None:
    """Where nobody hears the reason is the last one's."""
    with pytest.raises(WireError, match="two is gone"):
        await heard_by(Listener("one", 1), Listener("two", 1))


async def test_second_server_hears_when_the_first_is_killed(
    core: HomeAssistant, companion: MockConfigEntry, socket_enabled: None, tmp_path: Path
) -> None:
    """Killed in the middle of a command, the command is understood all the same."""
    assert await async_setup_component(
        core, "input_boolean", {"input_boolean": {"light": {"name": "light"}}}
    )
    async_expose_entity(core, "conversation", "input_boolean.light", True)
    path = tmp_path / "spoken.wav"
    await make_spoken_wav(path, "turn on the light")
    with wave.open(str(path)) as file:
        pcm = file.readframes(file.getnframes())
    first_port, second_port = free_port(), free_port()
    words = ("--pairing-key", PAIRING_KEY, "--stt", "pocketsphinx:en-us")
    async with speech_server(second_port, *words), speech_server(first_port, *words) as program:
        await add_server(core, second_port, 2)
        await add_server(core, first_port, 1)

        async def microphone() -> AsyncGenerator[bytes]:
            for at in range(0, len(pcm), 3200):
                yield pcm[at : at + 3200]
                if len(pcm) // 2 <= at < len(pcm) // 2 + 3200:
                    program.kill()
                    await program.wait()

        ears = stt.async_get_speech_to_text_entity(core, "stt.mira_ears")
        assert ears is not None
        metadata = stt.SpeechMetadata(
            language="en",
            format=stt.AudioFormats.WAV,
            codec=stt.AudioCodecs.PCM,
            bit_rate=stt.AudioBitRates.BITRATE_16,
            sample_rate=stt.AudioSampleRates.SAMPLERATE_16000,
            channel=stt.AudioChannels.CHANNEL_MONO,
        )
        async with asyncio.timeout(60):
            heard = await ears.internal_async_process_audio_stream(metadata, microphone())
        assert heard.result is stt.SpeechResultState.SUCCESS
        assert heard.text == "turn on the light"
        assert core.data[HOUSE].listening_servers[0].port == second_port


def _issue(core: HomeAssistant, entry: MockConfigEntry) -> ir.IssueEntry | None:
    """Return the repair of a lost server."""
    return ir.async_get(core).async_get_issue(DOMAIN, f"speech_lost_{entry.entry_id}")
