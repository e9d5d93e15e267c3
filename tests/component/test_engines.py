"""Where there is no speech server, a local voice of the house speaks, with estimated times."""

from typing import Any, override

from homeassistant.components import tts
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.waifu_rt3d.house import HOUSE
from custom_components.waifu_rt3d.voice.wav import AudioFormat, header

from .cards import Card

SECOND = AudioFormat(rate_hz=16000, width=2, channels=1)


class OtherVoice(tts.TextToSpeechEntity):
    """A voice of another integration: one second of sound, no times."""

    _attr_name = "Other"
    _attr_supported_languages = ["en"]
    _attr_default_language = "en"
    _attr_supported_options = [tts.ATTR_PREFERRED_FORMAT]

    def __init__(self, unique_id: str) -> None:
        """Have an id, and keep what is asked for."""
        self._attr_unique_id = unique_id
        self.asked: list[str] = []

    @override
    async def async_get_tts_audio(
        self, message: str, language: str, options: dict[str, Any]
    ) -> tts.TtsAudioType:
        """Return a second of a quiet tone."""
        self.asked.append(message)
        return "wav", header(SECOND) + b"\x10\x00\xf0\xff" * 8000


async def test_cloud_voice_is_not_taken_unasked(
    core: HomeAssistant, companion: MockConfigEntry
) -> None:
    """Without a local voice the character has none: a cloud's is only taken by name."""
    from custom_components.waifu_rt3d.speech.engines import voice_for

    house = core.data[HOUSE]
    (character,) = house.characters.values()
    assert voice_for(house, character) is None


async def other_voice(core: HomeAssistant, companion: MockConfigEntry) -> OtherVoice:
    """Give the character the voice of another integration."""
    assert await async_setup_component(core, "tts", {})
    voice = OtherVoice("other")
    voice.entity_id = "tts.other"
    await core.data[tts.DATA_COMPONENT].async_add_entities([voice])
    (subentry,) = companion.subentries.values()
    core.config_entries.async_update_subentry(
        companion, subentry, data={**subentry.data, "voice": "tts.other"}
    )
    await core.async_block_till_done()
    return voice


async def test_named_voice_speaks_with_estimated_times(
    core: HomeAssistant,
    companion: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
) -> None:
    """Any tts entity can be a character's voice; its words are spread over its sound."""
    await other_voice(core, companion)
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    await card.call(type="waifu_rt3d/turn/start", text="Are you there?")
    audio = await card.until("audio")
    await (await (await hass_client()).get(audio["data"]["url"])).read()
    await card.until("timeline", final=True)
    first = card.of("timeline")[0]
    assert first["source"] == "estimated"
    assert first["audio"] == {"start_ms": 0, "duration_ms": 1000}


async def test_what_core_lets_her_say_is_spoken_without_its_tags(
    core: HomeAssistant, companion: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """`tts.speak`, an announcement and a question of core reach the voice as they were written."""
    voice = await other_voice(core, companion)
    client = await hass_client()
    message = "[happy] Dinner is *really* ready! [gesture:wave] Room [2] is warm."
    asked = {"engine_id": "tts.mira_voice", "message": message, "cache": False}
    made = await (await client.post("/api/tts_get_url", json=asked)).json()
    sound = await (await client.get(made["path"])).read()
    assert len(sound) > 30_000
    assert voice.asked == ["Dinner is really ready! Room [2] is warm."]
