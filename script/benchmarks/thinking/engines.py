"""Ears and a voice that take no time: what is left is what we and Home Assistant take."""

from collections.abc import AsyncIterable
import io
from typing import Any, override
import wave

from homeassistant.components import stt, tts
from homeassistant.core import HomeAssistant

HEARD = "What do you think about clouds?"
_RATE_HZ = 22050


def _instant_ears() -> stt.SpeechToTextEntity:
    """Return ears that understand the same whatever was said, as soon as it has ended."""
    # the component is loaded by Home Assistant, from the folder of the bench
    from custom_components.waifu_rt3d.speech.assist_sound import AssistEars  # noqa: PLC0415 - see above

    class InstantEars(AssistEars):
        """Ears that take no time."""

        _attr_name = "Instant ears"
        _attr_unique_id = "instant-ears"
        entity_id = "stt.instant"

        @property
        @override
        def supported_languages(self) -> list[str]:
            """Return English."""
            return ["en"]

        @override
        async def async_process_audio_stream(
            self, metadata: stt.SpeechMetadata, stream: AsyncIterable[bytes]
        ) -> stt.SpeechResult:
            """Return the words when the sound ends."""
            async for _ in stream:
                pass
            return stt.SpeechResult(HEARD, stt.SpeechResultState.SUCCESS)

    return InstantEars()


class InstantVoice(tts.TextToSpeechEntity):
    """Say anything in a quarter of a second of silence, at once."""

    _attr_name = "Instant voice"
    _attr_unique_id = "instant-voice"
    entity_id = "tts.instant"

    @property
    @override
    def supported_languages(self) -> list[str]:
        """Return English."""
        return ["en"]

    @property
    @override
    def default_language(self) -> str:
        """Return English."""
        return "en"

    @override
    async def async_get_tts_audio(
        self, message: str, language: str, options: dict[str, Any]
    ) -> tts.TtsAudioType:
        """Return the sound."""
        target = io.BytesIO()
        with wave.open(target, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(_RATE_HZ)
            file.writeframes(bytes(_RATE_HZ // 2))
        return "wav", target.getvalue()


async def add_engines(hass: HomeAssistant) -> None:
    """Put both into Home Assistant."""
    await hass.data[stt.DATA_COMPONENT].async_add_entities([_instant_ears()])
    await hass.data[tts.DATA_COMPONENT].async_add_entities([InstantVoice()])
