"""A speech server with OpenAI's protocol: tried by the form, heard by the turn, replaced when lost."""

import json
from typing import Any

from homeassistant.components import stt
from homeassistant.config_entries import SOURCE_RECONFIGURE
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.waifu_rt3d.const import DOMAIN
from custom_components.waifu_rt3d.diagnostics import async_get_config_entry_diagnostics
from custom_components.waifu_rt3d.house import HOUSE
from custom_components.waifu_rt3d.voice.wav import AudioFormat, header

from .audio_api import KEY, AudioApi, audio_api
from .cards import Card
from .test_config_flow import begin, fill

pytestmark = pytest.mark.usefixtures("socket_enabled")


RATE = (22050).to_bytes(4, "little")
WAV_HEADER = header(AudioFormat(rate_hz=22050, width=2, channels=1))


def filled(api: AudioApi, **changes: Any) -> dict[str, Any]:
    """Return the form for a server that speaks and listens."""
    form = {
        "url": api.address,
        "api_key": KEY,
        "speak_model": "tiny",
        "voice": "en-us",
        "listen_model": "tiny",
        "languages": ["en"],
    }
    return {key: value for key, value in {**form, **changes}.items() if value is not None}


async def add(core: HomeAssistant, api: AudioApi, **changes: Any) -> Any:
    """Set the server up through the form and return its entry."""
    tried = await fill(core, await begin(core, "speech_api"), **filled(api, **changes))
    assert tried["step_id"] == "speech_api_tried", tried["errors"]
    return (await fill(core, tried))["result"]


async def test_server_is_tried_before_it_is_kept(core: HomeAssistant) -> None:
    """It speaks a phrase, hears it, and what it heard is shown."""
    async with audio_api() as api:
        tried = await fill(core, await begin(core, "speech_api"), **filled(api))
        assert tried["step_id"] == "speech_api_tried"
        assert tried["description_placeholders"]["heard"] == "One, two, three. The kettle is on."
        assert api.heard_s[0] > 1
        made = await fill(core, tried)
        assert made["type"] is FlowResultType.CREATE_ENTRY
        assert core.states.get("tts.127_0_0_1_voice") is not None
        assert core.states.get("stt.127_0_0_1_ears") is not None


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"api_key": "wrong"}, {"base": "provider_login"}),
        ({"speak_model": "other"}, {"base": "provider_unknown_model"}),
        ({"speak_model": None, "listen_model": None}, {"base": "no_speech_model"}),
        ({"languages": []}, {"languages": "no_language"}),
        ({"url": "ftp://x"}, {"url": "bad_address"}),
        ({"url": "127.0.0.1:9"}, {"url": "unreachable"}),
    ],
)
async def test_refusal_is_one_sentence(
    core: HomeAssistant, changes: dict[str, Any], errors: dict[str, str]
) -> None:
    """Each has its own, at the field that it is about."""
    async with audio_api() as api:
        form = await begin(core, "speech_api")
        result = await fill(core, form, **filled(api, **changes))
        assert result["errors"] == errors


@pytest.mark.parametrize(
    ("sound", "error"),
    [
        (b"<html>", "provider_bad_response"),
        (WAV_HEADER, "not_speech_api"),
        (WAV_HEADER.replace(RATE, bytes(4)) + bytes(4000), "provider_bad_response"),
        (WAV_HEADER[:30], "not_speech_api"),
    ],
    ids=["web page", "no sound", "no rate", "cut header"],
)
async def test_sound_that_is_none_is_refused(core: HomeAssistant, sound: bytes, error: str) -> None:
    """A web page is no WAV, and a header that lies gets a sentence."""
    async with audio_api() as api:
        api.sound = sound
        result = await fill(core, await begin(core, "speech_api"), **filled(api))
        assert result["errors"] == {"base": error}


async def test_it_may_only_listen(core: HomeAssistant) -> None:
    """A whisper.cpp server has no voice: silence shows that it listens."""
    async with audio_api() as api:
        entry = await add(core, api, speak_model=None, voice=None)
        assert entry.runtime_data.server.info.voices == ()
        assert api.spoken == []


async def test_turn_is_spoken_phrase_by_phrase(
    core: HomeAssistant,
    companion: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
) -> None:
    """Its lips are estimated, and the timeline and the receipt say who spoke."""
    async with audio_api() as api:
        await add(core, api)
        api.spoken.clear()
        card = Card(await hass_ws_client(core))
        await card.call(type="waifu_rt3d/subscribe")
        await card.call(type="waifu_rt3d/turn/start", text="Are you there?")
        audio = await card.until("audio")
        wav = await (await (await hass_client()).get(audio["data"]["url"])).read()
        assert len(wav) > 10_000
        await card.until("timeline", final=True)
        assert api.spoken == ["Sure! Here I am."]
        assert {piece["source"] for piece in card.of("timeline")[:-1]} == {"estimated"}


async def test_character_hears_through_it(core: HomeAssistant, companion: MockConfigEntry) -> None:
    """The whole utterance goes there with its language."""
    async with audio_api() as api:
        await add(core, api)
        ears = stt.async_get_speech_to_text_entity(core, "stt.mira_ears")
        assert ears is not None

        async def sound() -> Any:
            for _ in range(20):
                yield bytes(3200)

        metadata = stt.SpeechMetadata(
            language="en",
            format=stt.AudioFormats.WAV,
            codec=stt.AudioCodecs.PCM,
            bit_rate=stt.AudioBitRates.BITRATE_16,
            sample_rate=stt.AudioSampleRates.SAMPLERATE_16000,
            channel=stt.AudioChannels.CHANNEL_MONO,
        )
        result = await ears.internal_async_process_audio_stream(metadata, sound())
        assert result.result is stt.SpeechResultState.SUCCESS
        assert result.text == "One, two, three. The kettle is on."
        assert api.heard_s[-1] == 2.0
        assert api.languages[-1] == "en"
        api.broken = True
        result = await ears.internal_async_process_audio_stream(metadata, sound())
        assert result.result is stt.SpeechResultState.ERROR
        assert core.data[HOUSE].servers_in_order[0].health.up is False


async def test_change_is_tried_and_kept(core: HomeAssistant) -> None:
    """The key is nowhere in the diagnostics."""
    async with audio_api() as api:
        entry = await add(core, api)
        context = {"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
        form = await core.config_entries.flow.async_init(DOMAIN, context=context)
        assert form["step_id"] == "reconfigure_api"
        refused = await fill(core, form, **filled(api, listen_model="other"))
        assert refused["errors"] == {"base": "provider_unknown_model"}
        tried = await fill(core, refused, **filled(api, voice="en-gb"))
        done = await fill(core, tried)
        assert done["reason"] == "reconfigure_successful"
        assert entry.data["voice"] == "en-gb"
        diagnostics = await async_get_config_entry_diagnostics(core, entry)
        assert KEY not in json.dumps(diagnostics)
