"""Which engine speaks and listens for a character: our speech server, or an entity of the house."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
import hashlib
from typing import Protocol

from homeassistant.components import stt, tts
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er

from ..cast.character import Character
from ..house import House
from ..stage.cues import Cue
from ..stage.estimating import estimate_marks
from ..stage.receipt import Helper
from ..turns.receipts import helper_of_entity, helper_of_server
from ..voice.service import SpeechService, Voice
from ..voice.wav import WavReader
from .speaking import Spoken, VoiceError

LOCAL_PLATFORMS = frozenset({"wyoming", "picotts", "marytts", "demo"})
"""Engines that run in the house; one of the cloud is taken only when it is named."""


class Speak(Protocol):
    """Speak a text that may still be written."""

    def __call__(
        self,
        text: AsyncGenerator[str],
        *,
        language: str,
        voice: str | None,
        cues: Sequence[Cue] = (),
    ) -> AsyncGenerator[Spoken]:
        """Yield the format, then marks and sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A voice, wherever it comes from."""

    speak: Speak
    languages: list[str]
    fingerprint: str
    """Changes when the sound would change."""
    all_voices: tuple[Voice, ...]
    feels: bool = False
    """Whether the emotions of a text are heard in the sound."""
    helper: Helper
    """Who it is, for the receipt of a reply."""

    @classmethod
    def of_server(cls, server: SpeechService) -> Engine:
        """Return the voices of a speech server."""
        names = ",".join(voice.name for voice in server.info.voices)
        return cls(
            speak=server.speak,
            languages=server.info.languages,
            fingerprint=hashlib.sha256(f"{server.info.id} {names}".encode()).hexdigest()[:12],
            all_voices=server.info.voices,
            feels=server.info.feelings,
            helper=helper_of_server(server),
        )

    def voices(self, language: str) -> list[tts.Voice]:
        """Return the voices for a language."""
        return [
            tts.Voice(voice.name, voice.description)
            for voice in self.all_voices
            if language in voice.languages
        ]


def voice_for(house: House, character: Character) -> Engine | None:
    """Return the engine that speaks for a character."""
    return next(iter(voices_for(house, character)), None)


def voices_for(house: House, character: Character) -> list[Engine]:
    """Return the engines that may speak for a character, in the order in which they are asked."""
    named = _entity_voice(house.hass, character.voice) if character.voice else None
    servers = [Engine.of_server(server) for server in house.servers_in_order if server.info.voices]
    local_id = local_engine(house.hass, Platform.TTS)
    local = (
        _entity_voice(house.hass, local_id) if local_id and local_id != character.voice else None
    )
    return [engine for engine in (named, *servers, local) if engine is not None]


@callback
def local_engine(hass: HomeAssistant, platform: Platform) -> str | None:
    """Return a local `tts` or `stt` entity that the house already has."""
    registry = er.async_get(hass)
    for entity_id in sorted(hass.states.async_entity_ids(platform)):
        entry = registry.async_get(entity_id)
        if entry is not None and entry.platform in LOCAL_PLATFORMS:
            return entity_id
    return None


def _entity_voice(hass: HomeAssistant, entity_id: str) -> Engine | None:
    """Return another integration's voice as an engine."""
    entity = tts.get_engine_instance(hass, entity_id)
    if entity is None or entity.supported_languages is None:
        return None

    async def speak(
        text: AsyncGenerator[str],
        *,
        language: str,
        voice: str | None,
        cues: Sequence[Cue] = (),
    ) -> AsyncGenerator[Spoken]:
        del cues  # Home Assistant's engines take words alone
        async for item in _speak_by_entity(hass, entity_id, text, language, voice):
            yield item

    return Engine(
        speak=speak,
        languages=list(entity.supported_languages),
        fingerprint=entity_id,
        all_voices=(),
        helper=helper_of_entity(hass, entity_id),
    )


async def _speak_by_entity(
    hass: HomeAssistant,
    entity_id: str,
    text: AsyncGenerator[str],
    language: str,
    voice: str | None,
) -> AsyncGenerator[Spoken]:
    """Speak through another entity; it tells no times, so its whole sound is needed first."""
    message = "".join([piece async for piece in text])
    if not message.strip():
        return
    options = {tts.ATTR_PREFERRED_FORMAT: "wav"} | ({tts.ATTR_VOICE: voice} if voice else {})
    reader, pcm = WavReader(), b""
    try:
        stream = tts.async_create_stream(hass, entity_id, language, options)
        stream.use_file_cache = False
        stream.async_set_message(message)
        async for data in stream.async_stream_result():
            pcm += reader.feed(data)
    except (HomeAssistantError, ValueError) as err:
        raise VoiceError(str(err)) from err
    if reader.format is None:
        raise VoiceError(f"{entity_id} made no sound")
    yield reader.format
    length_ms = round(reader.format.duration_ms(len(pcm)))
    yield estimate_marks(message, 0, 0, length_ms, language=language)
    yield pcm


def ears_for(house: House, character: Character) -> SpeechService | stt.SpeechToTextEntity | None:
    """Return what listens for a character."""
    if character.ears is None and (servers := house.listening_servers):
        return servers[0]
    entity_id = character.ears or local_engine(house.hass, Platform.STT)
    return stt.async_get_speech_to_text_entity(house.hass, entity_id) if entity_id else None
