"""What core keeps of a voice: nothing of a private talk, and never the voice of before."""

from pathlib import Path

from homeassistant.components import tts
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from .cards import Card
from .test_engines import OtherVoice

TEXT = "Good morning. The kettle is waiting."


class AmericanVoice(OtherVoice):
    """A voice that knows the language of the speech server's."""

    _attr_supported_languages = ["en-US"]
    _attr_default_language = "en-US"


def kept(core: HomeAssistant) -> set[str]:
    """Return the names of the sounds that core has on the disk."""
    return {path.name for path in Path(core.config.path("tts")).glob("*")}


async def sound(core: HomeAssistant) -> bytes:
    """Return how the character says the text, from core's cache where that has it."""
    options = {tts.ATTR_PREFERRED_FORMAT: "wav"}
    stream = tts.async_create_stream(core, "tts.mira_voice", "en-US", options)
    stream.async_set_message(TEXT)
    return b"".join([data async for data in stream.async_stream_result()])


async def test_private_talk_leaves_no_sound(
    core: HomeAssistant,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
) -> None:
    """Its answers are heard and are in no file, nor in core's memory of sounds."""
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    private = await card.call(type="waifu_rt3d/session/create", private=True)
    session_id = private["result"]["id"]
    await card.call(type="waifu_rt3d/turn/start", text="A secret.", session_id=session_id)
    audio = await card.until("audio")
    wav = await (await (await hass_client()).get(audio["data"]["url"])).read()
    assert len(wav) > 10_000
    await card.until("timeline", final=True)
    await core.async_block_till_done(wait_background_tasks=True)
    assert kept(core) == set()
    assert not core.data[tts.DATA_TTS_MANAGER].file_cache


async def test_changed_voice_is_heard_at_once(
    core: HomeAssistant, speech: MockConfigEntry, companion: MockConfigEntry
) -> None:
    """The same words sound as the new voice says them, though core has them from the old one."""
    other = AmericanVoice("other")
    other.entity_id = "tts.other"
    await core.data[tts.DATA_COMPONENT].async_add_entities([other])
    (subentry,) = companion.subentries.values()

    async def take(voice: str | None) -> None:
        data = {key: value for key, value in subentry.data.items() if key != "voice"}
        core.config_entries.async_update_subentry(
            companion, subentry, data=data | ({"voice": voice} if voice else {})
        )
        await core.async_block_till_done(wait_background_tasks=True)

    first = await sound(core)
    await core.async_block_till_done(wait_background_tasks=True)
    assert kept(core), "core keeps what others ask for: the test is about its cache"
    assert await sound(core) == first
    await take("tts.other")
    second = await sound(core)
    assert second != first
    assert len(second) == 44 + 2 * 16000
    await take(None)
    assert await sound(core) == first
