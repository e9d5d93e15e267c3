"""Speech-to-text entities: one for each speech server, and ears for each character."""

from collections.abc import AsyncGenerator, AsyncIterable, Sequence
from contextlib import aclosing
from typing import override

from homeassistant.components import stt
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .cast.character import Character
from .const import LOGGER
from .entity import CharacterEntity, SpeechServerEntity, WaifuConfigEntry, async_add_for_characters
from .house import House
from .room.speaker import call_by_name, split_speaker
from .runtime import SpeechRuntime
from .speech.assist_sound import AssistEars
from .speech.engines import ears_for
from .speech.failover import hear_with_first
from .speech.home_grammar import async_home_grammar, async_likely_names
from .stage.receipt import Part
from .turns.prefill import rehearse
from .turns.receipts import helper_of_entity, helper_of_server
from .turns.turn import Origin, current_turn
from .voice.connection import WireError
from .voice.service import Hints, SpeechService, Transcription

PARALLEL_UPDATES = 0

_FAILED = stt.SpeechResult(None, stt.SpeechResultState.ERROR)
_SATELLITE_ENDS = stt.SpeechAudioProcessing(
    requires_external_vad=False,
    prefers_auto_gain_enabled=False,
    prefers_noise_reduction_enabled=False,
)
_CORE_ENDS = stt.SpeechAudioProcessing(
    requires_external_vad=True,
    prefers_auto_gain_enabled=False,
    prefers_noise_reduction_enabled=False,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: WaifuConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the ears of every character, or of the speech server."""
    async_add_for_characters(hass, entry, async_add_entities, CharacterEars)
    if isinstance(entry.runtime_data, SpeechRuntime):
        server = entry.runtime_data.server
        if server.info.listen_languages:
            async_add_entities([ServerEars(entry, server)])


def _without_name(heard: stt.SpeechResult) -> stt.SpeechResult:
    """Take a speaker's name (`[Anna] …`) out of the text, for the manners of the turn."""
    turn = current_turn.get()
    name, text = split_speaker(heard.text or "")
    if name is None:
        return heard
    if turn is not None:
        call_by_name(turn, name)
    return stt.SpeechResult(text, heard.result)


class _Ears(AssistEars):
    """Ears that one of several speech servers may be."""

    @property
    @override
    def audio_processing(self) -> stt.SpeechAudioProcessing:
        """Return who ends the listening: our satellite itself, else core's voice detection."""
        turn = current_turn.get()
        if turn is not None and turn.start.origin is Origin.SATELLITE:
            return _SATELLITE_ENDS
        return _CORE_ENDS

    async def _listen(
        self,
        servers: Sequence[SpeechService],
        metadata: stt.SpeechMetadata,
        stream: AsyncIterable[bytes],
    ) -> stt.SpeechResult:
        """Let the first server that can listen, and publish what it understands on the way."""
        turn, language = current_turn.get(), metadata.language
        hints = Hints(
            names=async_likely_names(self.hass), finds_end=turn is not None and turn.finds_end
        )

        async def listen(
            server: SpeechService, audio: AsyncIterable[bytes]
        ) -> AsyncGenerator[Transcription]:
            if turn is not None:
                turn.receipt.note(Part.HEARD, helper_of_server(server))
            grammar = await async_home_grammar(self.hass, language) if server.info.grammar else None
            heard = server.listen(audio, language=language, grammar=grammar, hints=hints)
            async with aclosing(heard):
                async for part in heard:
                    yield part

        try:
            async with aclosing(hear_with_first(servers, stream, listen)) as heard:
                async for part in heard:
                    if turn is not None:
                        turn.hear(split_speaker(part.text)[1], final=False)
                    if turn is not None and part.paused and not part.final:
                        rehearse(self.hass, turn, part.text, language)
                    if part.final:
                        result = stt.SpeechResult(part.text, stt.SpeechResultState.SUCCESS)
                        return _without_name(result)
        except WireError as err:
            LOGGER.warning("The ears broke off: %s", err)
        return _FAILED


class CharacterEars(CharacterEntity, _Ears):
    """The ears of a character: a proxy for whatever engine listens for it."""

    _attr_translation_key = "ears"
    platform_kind = Platform.STT

    def __init__(self, house: House, character: Character) -> None:
        """Belong to a character."""
        super().__init__(house, character)

    @property
    @override
    def supported_languages(self) -> list[str]:
        """Return the languages of the engine of the moment."""
        engine = ears_for(self.house, self.character)
        if isinstance(engine, SpeechService):
            return list(engine.info.listen_languages)
        return list(engine.supported_languages) if engine else []

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the engines of the house."""
        await super().async_added_to_hass()
        self.async_on_remove(self.house.on_engines_changed(self._engines_changed))

    @callback
    def _engines_changed(self) -> None:
        """Tell that the languages may be others."""
        self.async_write_ha_state()

    @override
    async def async_process_audio_stream(
        self, metadata: stt.SpeechMetadata, stream: AsyncIterable[bytes]
    ) -> stt.SpeechResult:
        """Listen through the engine."""
        engine = ears_for(self.house, self.character)
        if isinstance(engine, SpeechService):
            servers = [
                server
                for server in self.house.listening_servers
                if metadata.language in server.info.listen_languages
            ]
            return await self._listen(servers or [engine], metadata, stream)
        if engine is None:
            return _FAILED
        if (turn := current_turn.get()) is not None:
            turn.receipt.note(Part.HEARD, helper_of_entity(self.hass, engine.entity_id))
        heard = await engine.internal_async_process_audio_stream(metadata, stream)
        return _without_name(heard)


class ServerEars(SpeechServerEntity, _Ears):
    """The ears of a speech server."""

    _attr_translation_key = "ears"
    platform_kind = Platform.STT

    @property
    @override
    def supported_languages(self) -> list[str]:
        """Return the languages of the server."""
        return list(self.server.info.listen_languages)

    @override
    async def async_process_audio_stream(
        self, metadata: stt.SpeechMetadata, stream: AsyncIterable[bytes]
    ) -> stt.SpeechResult:
        """Listen through the server."""
        return await self._listen([self.server], metadata, stream)
