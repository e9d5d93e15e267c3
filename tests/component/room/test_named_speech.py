"""A speech-to-text that recognises speakers puts their name before the text."""

from collections.abc import AsyncIterable
from pathlib import Path
from typing import override

from homeassistant.components import stt
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.waifu_rt3d.house import HOUSE
from custom_components.waifu_rt3d.stt import CharacterEars

from ..agents import StreamingAgent
from ..cards import Card
from ..processes import make_spoken_wav, say_into_satellite
from .rooms import async_until, room_in


class KnowingEars(stt.SpeechToTextEntity):
    """Ears of another integration: whatever was said, Anna said it."""

    _attr_name = "Knowing"
    _attr_unique_id = "knowing"
    entity_id = "stt.knowing"
    supported_languages = ["en"]
    supported_formats = CharacterEars.supported_formats
    supported_codecs = CharacterEars.supported_codecs
    supported_bit_rates = CharacterEars.supported_bit_rates
    supported_sample_rates = CharacterEars.supported_sample_rates
    supported_channels = CharacterEars.supported_channels

    @override
    async def async_process_audio_stream(
        self, metadata: stt.SpeechMetadata, stream: AsyncIterable[bytes]
    ) -> stt.SpeechResult:
        """Hear all of it."""
        heard = sum([len(chunk) async for chunk in stream])
        text = "[Anna] tell me about the sea" if heard else None
        return stt.SpeechResult(text, stt.SpeechResultState.SUCCESS)


async def test_name_before_the_text_of_a_real_run(
    core: HomeAssistant,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
    agent: StreamingAgent,
    socket_enabled: None,
    hass_ws_client: WebSocketGenerator,
    tmp_path: Path,
) -> None:
    """She is called Anna; the character is asked without the name, and nobody gets Anna's rights."""
    await core.data[stt.DATA_COMPONENT].async_add_entities([KnowingEars()])
    (subentry,) = companion.subentries.values()
    data = {**subentry.data, "ears": "stt.knowing"}
    core.config_entries.async_update_subentry(companion, subentry, data=data)
    await core.async_block_till_done()
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    wav = tmp_path / "spoken.wav"
    await make_spoken_wav(wav, "hey jarvis, tell me about the sea")
    async with room_in(core, tmp_path) as entry:
        await async_until(lambda: bool(entry.runtime_data.room.active_phrases))
        await say_into_satellite(tmp_path, wav)
        await async_until(lambda: bool(agent.asked))
        (turn,) = core.data[HOUSE].turns.values()
        heard = await card.until("heard", final=True)
    assert heard["data"]["text"] == "tell me about the sea"
    assert "[Anna]" not in agent.asked[0].text
    assert (turn.start.person.user_id, turn.start.person.name) == (None, "Anna")
