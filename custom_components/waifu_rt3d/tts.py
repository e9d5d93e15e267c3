"""Text-to-speech entities: one for each speech server, and a voice for each character."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import replace
from typing import Any, override

from homeassistant.components import tts
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .cast.character import Character
from .const import DOMAIN
from .entity import CharacterEntity, SpeechServerEntity, WaifuConfigEntry, async_add_for_characters
from .house import HOUSE, House
from .runtime import SpeechRuntime
from .speech.engines import Engine, voices_for
from .speech.failover import speak_with_first
from .speech.speaking import noting_first_words, reply_wav, without_markup
from .speech.timing import timed
from .stage.cues import feelings_key
from .stage.receipt import Part
from .stage.timeline import SpeechMarks
from .turns.turn import current_turn
from .voice.service import SpeechService

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: WaifuConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the voice of every character, or of the speech server."""
    async_add_for_characters(hass, entry, async_add_entities, CharacterVoice)
    if isinstance(entry.runtime_data, SpeechRuntime):
        async_add_entities([ServerVoice(entry, entry.runtime_data.server)])


class _Voice(tts.TextToSpeechEntity):
    """A voice that speaks the text as it is written, and tells when each phoneme sounds."""

    _attr_supported_options = [tts.ATTR_VOICE, tts.ATTR_PREFERRED_FORMAT]
    _attr_default_language = "en"
    _engine_key = "none"
    _feels = False

    def engines(self) -> list[Engine]:
        """Return what may make the sound now, in the order in which they are asked."""
        raise NotImplementedError

    def engine(self) -> Engine | None:
        """Return the one that is asked first."""
        return next(iter(self.engines()), None)

    @callback
    def take_engine(self) -> None:
        """Take languages and the cache's key from the engine of the moment."""
        engine = self.engine()
        languages = engine.languages if engine else []
        self._attr_supported_languages = languages or ["en"]
        if self._attr_default_language not in self._attr_supported_languages:
            self._attr_default_language = self._attr_supported_languages[0]
        # core's cache would otherwise keep the old voice after a change
        self._engine_key = engine.fingerprint if engine else "none"
        self._feels = engine is not None and engine.feels

    @property
    @override
    def default_options(self) -> Mapping[str, Any]:
        """Return what core keeps a sound by: the engine, and how the turn of the moment feels.

        The same words said sadly are another sound. A turn whose text is still written has no
        feelings yet.
        """
        options = {tts.ATTR_PREFERRED_FORMAT: "wav", "engine": self._engine_key}
        turn = current_turn.get()
        if self._feels and turn is not None and turn.speech.closed:
            options |= {"feelings": said} if (said := feelings_key(turn.cues)) else {}
        return options

    @override
    async def async_stream_tts_audio(self, request: tts.TTSAudioRequest) -> tts.TTSAudioResponse:
        """Speak a text that may still be written."""
        return tts.TTSAudioResponse("wav", self._wav(request))

    async def _wav(self, request: tts.TTSAudioRequest) -> AsyncGenerator[bytes]:
        """Yield the reply as an open-ended WAV stream."""
        engines = self.engines()
        if not engines:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="no_voice")
        first, *others = engines
        language, voice = request.language, request.options.get(tts.ATTR_VOICE)
        turn, speaking = current_turn.get(), first
        words, cues = request.message_gen, turn.cues if turn is not None else []
        if turn is None:
            words = without_markup(words, cues)

        def asked(engine: Engine) -> None:
            nonlocal speaking
            speaking = engine
            if turn is not None:
                detail = voice if engine is first else None
                turn.receipt.note(Part.SPOKEN, replace(engine.helper, detail=detail))

        spoken = speak_with_first(
            [first, *(engine for engine in others if language in engine.languages)],
            noting_first_words(turn, words),
            language=language,
            voice=voice,
            asked=asked,
            cues=cues,
        )
        marks: list[SpeechMarks] = []
        spoken = timed(self.hass.data[HOUSE], spoken, language)
        async for data in reply_wav(turn, spoken, marks):
            yield data
        how = (language, voice, request.options.get("feelings"))
        self.hass.data[HOUSE].known_marks.keep(speaking.fingerprint, marks, how)

    @override
    async def async_get_tts_audio(
        self, message: str, language: str, options: dict[str, Any]
    ) -> tts.TtsAudioType:
        """Speak a text that is complete (legacy callers)."""

        async def text() -> AsyncGenerator[str]:
            yield message

        request = tts.TTSAudioRequest(language, options, text())
        return "wav", b"".join([data async for data in self._wav(request)])


class CharacterVoice(CharacterEntity, _Voice):
    """The voice of a character: a proxy for whatever engine speaks for it."""

    _attr_translation_key = "voice"
    platform_kind = Platform.TTS

    def __init__(self, house: House, character: Character) -> None:
        """Belong to a character."""
        super().__init__(house, character)
        self.take_engine()

    @override
    def engines(self) -> list[Engine]:
        """Return the engine that the character's options name, then those of the house."""
        return voices_for(self.house, self.character)

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the engines of the house."""
        await super().async_added_to_hass()
        self.async_on_remove(self.house.on_engines_changed(self._engines_changed))

    @callback
    def _engines_changed(self) -> None:
        """Take the languages of a new engine."""
        self.take_engine()
        self.async_write_ha_state()

    @callback
    @override
    def take(self, character: Character) -> None:
        """Take a changed voice."""
        self.character = character
        self._engines_changed()

    @callback
    @override
    def async_get_supported_voices(self, language: str) -> list[tts.Voice] | None:
        """Return the voices of the engine."""
        engine = self.engine()
        return engine.voices(language) if engine else None


class ServerVoice(SpeechServerEntity, _Voice):
    """The voices of a speech server."""

    _attr_translation_key = "voice"
    platform_kind = Platform.TTS

    def __init__(self, entry: WaifuConfigEntry, server: SpeechService) -> None:
        """Belong to a server."""
        super().__init__(entry, server)
        self.take_engine()

    @override
    def engines(self) -> list[Engine]:
        """Return the server."""
        return [Engine.of_server(self.server)]

    @callback
    @override
    def async_get_supported_voices(self, language: str) -> list[tts.Voice] | None:
        """Return the voices of the server for a language."""
        return Engine.of_server(self.server).voices(language)
