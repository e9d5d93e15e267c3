"""The room's satellite as an Assist satellite of Home Assistant."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any, override

from homeassistant.components import tts
from homeassistant.components.assist_pipeline import PipelineEvent, PipelineEventType, PipelineStage
from homeassistant.components.assist_satellite import (
    AssistSatelliteAnnouncement,
    AssistSatelliteConfiguration,
    AssistSatelliteEntity,
    AssistSatelliteEntityFeature,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from wyoming.event import Event

from .character import Character
from .const import DOMAIN, MANUFACTURER
from .entity import WaifuConfigEntry
from .house import HOUSE, House
from .pipeline import WAV_OUTPUT, attach_speech, follow
from .prefill import prefill
from .remembering import Place
from .room_events import FOLLOW_UP_S, message_for, wake_phrases
from .room_sound import RoomSound
from .rooms import area_of_entity
from .runtime import SatelliteRuntime
from .satellite_link import SatelliteLink
from .stage.markup import MarkupParser
from .turn import HOUSEHOLD_PERSON, CancelReason, Origin, Precision, Turn, current_turn
from .voice.connection import WireError
from .voice.speech import read_user_event, user_event

PARALLEL_UPDATES = 0
FIRST_SOUND_LIMIT_S = 5.0
NOTHING_UNDERSTOOD = "stt-no-text-recognized"
LISTEN_LIMIT_S = 30.0
"""Core's own limits do not hold where the satellite ends the listening."""

_STAGES = {
    "asr": PipelineStage.STT,
    "handle": PipelineStage.INTENT,
    "tts": PipelineStage.TTS,
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: WaifuConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the satellite of the entry."""
    runtime = entry.runtime_data
    assert isinstance(runtime, SatelliteRuntime)
    async_add_entities([RoomSatellite(hass.data[HOUSE], entry, runtime)])


class RoomSatellite(AssistSatelliteEntity):
    """A microphone and a loudspeaker in a room."""

    _attr_has_entity_name = True
    _attr_name = None
    _attr_translation_key = "satellite"
    _attr_supported_features = (
        AssistSatelliteEntityFeature.ANNOUNCE | AssistSatelliteEntityFeature.START_CONVERSATION
    )

    def __init__(self, house: House, entry: WaifuConfigEntry, runtime: SatelliteRuntime) -> None:
        """Know where the satellite is."""
        self.house = house
        self.entry = entry
        self.link = SatelliteLink(runtime.host, runtime.port, runtime.key, self)
        self._sound = RoomSound(self.link)
        self._turn: Turn | None = None
        self._audio: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._wake_word: str | None = None
        self._wake_at_ms: float | None = None
        self._attr_available = False
        self._attr_unique_id = f"{entry.unique_id}-assist_satellite"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, str(entry.unique_id))},
            name=entry.title,
            manufacturer=MANUFACTURER,
            model="Satellite",
        )

    @property
    @override
    def tts_options(self) -> dict[str, Any] | None:
        """Return that the satellite takes WAV at whatever rate the voice has."""
        return WAV_OUTPUT

    @property
    @override
    def pipeline_entity_id(self) -> str | None:
        """Return the select entity with the room's pipeline."""
        return self._select("pipeline")

    @property
    @override
    def vad_sensitivity_entity_id(self) -> str | None:
        """Return the select entity for the pause that ends a command."""
        return self._select("vad_sensitivity")

    @callback
    @override
    def _resolve_pipeline(self) -> str | None:
        """Return the pipeline of the room; "preferred" means the room's character here."""
        character = self.house.default_character
        return super()._resolve_pipeline() or (character.pipeline if character else None)

    @callback
    @override
    def async_get_configuration(self) -> AssistSatelliteConfiguration:
        """Return that wake words are chosen at the satellite."""
        return AssistSatelliteConfiguration([], [], 0)

    @override
    async def async_set_configuration(self, config: AssistSatelliteConfiguration) -> None:
        """Refuse: wake words are chosen at the satellite."""
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="wake_words_at_satellite"
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Connect, and stay connected."""
        await super().async_added_to_hass()
        self.entry.async_create_background_task(
            self.hass, self.link.run(), f"{DOMAIN} satellite {self.entity_id}"
        )

    @override
    async def async_will_remove_from_hass(self) -> None:
        """End what is under way; the entry cancels the connection."""
        self._end_turn(CancelReason.LOST)
        await super().async_will_remove_from_hass()

    # -- what the satellite sends --------------------------------------------------------------

    @callback
    def satellite_connected(self) -> None:
        """Take that the satellite is there."""
        self._attr_available = True
        self.async_write_ha_state()

    @callback
    def satellite_lost(self) -> None:
        """End what is under way: nobody hears it."""
        self._end_turn(CancelReason.LOST)
        self._sound.lost()
        self._attr_available = False
        self.async_write_ha_state()

    @callback
    def satellite_event(self, event: Event) -> None:
        """Take one event of the satellite."""
        match event.type:
            case "audio-chunk":
                self._audio.put_nowait(event.payload or b"")
            case "audio-stop":
                if self._turn is not None:
                    self._turn.note_time("speech_end")
                self._audio.put_nowait(None)
            case "detection":
                self._wake_word = str(event.data.get("name") or "") or None
            case "run-pipeline":
                self._begin(event)
            case "played":
                self._sound.played()
                self.tts_response_finished()
            case "user-event":
                self._take_report(event)
            case "info":
                self.house.wake_phrases |= wake_phrases(event)

    @callback
    def _begin(self, event: Event) -> None:
        """Start a turn: somebody said the wake word, or pressed the button."""
        start = _STAGES.get(str(event.data.get("start_stage")))
        character = self.house.default_character
        if start is None or character is None:
            return
        self._end_turn(CancelReason.BARGE_IN)
        self._audio = asyncio.Queue()
        # Core refuses a second wake with the same phrase within two seconds in the whole house,
        # so that a quick barge-in would be lost: only a wake word that somebody waits for is told.
        phrase = self._wake_word if self._wake_word_intercept_future else None
        self._wake_word = None
        self.entry.async_create_background_task(
            self.hass,
            self._run(character, self._audio, start, phrase),
            f"{DOMAIN} satellite turn",
        )

    async def _run(
        self,
        character: Character,
        audio: asyncio.Queue[bytes | None],
        start: PipelineStage,
        phrase: str | None,
    ) -> None:
        """Run the pipeline for a turn and stop its sound when it is cancelled."""
        turn = await self.house.async_begin_turn(
            character=character,
            person=HOUSEHOLD_PERSON,
            origin=Origin.SATELLITE,
            place=Place(
                device=self.entry.unique_id, area=area_of_entity(self.hass, self.entity_id)
            ),
        )
        self._turn = turn
        if self._wake_at_ms is not None:
            turn.note_time("wake", self._wake_at_ms)
            self._wake_at_ms = None
        current_turn.set(turn)
        prefill(self.hass, turn)
        await self._send(user_event("turn", {"turn_id": turn.id}))
        try:
            await self.async_accept_pipeline_from_satellite(
                self._microphone(audio),
                start_stage=start,
                end_stage=PipelineStage.TTS,
                wake_word_phrase=phrase,
            )
        finally:
            turn.finish_text()
        cancelled = asyncio.ensure_future(turn.cancelled.wait())
        ended = asyncio.ensure_future(turn.ended.wait())
        try:
            await asyncio.wait((cancelled, ended), return_when=asyncio.FIRST_COMPLETED)
        finally:
            cancelled.cancel()
            ended.cancel()
        if turn.cancelled.is_set():
            await self._sound.stop(turn)

    async def _microphone(self, audio: asyncio.Queue[bytes | None]) -> AsyncGenerator[bytes]:
        """Yield the microphone until the satellite ends it, or it takes too long."""
        loop = asyncio.get_running_loop()
        end = loop.time() + LISTEN_LIMIT_S
        while (left_s := end - loop.time()) > 0:
            try:
                async with asyncio.timeout(min(left_s, FIRST_SOUND_LIMIT_S)):
                    chunk = await audio.get()
            except TimeoutError:
                return
            if chunk is None:
                return
            if chunk:
                yield chunk

    @callback
    def _take_report(self, event: Event) -> None:
        """Take what the satellite reports about its loudspeaker and its microphone."""
        if (wake := read_user_event(event, "wake")) is not None:
            self._take_wake(wake)
        elif read_user_event(event, "not-heard") is not None:
            self._take_silence()
        for name in ("playback-started", "playback-position", "playback-stopped"):
            if (data := read_user_event(event, name)) is not None:
                self._take_playback(name, data)

    @callback
    def _take_wake(self, data: dict[str, Any]) -> None:
        """Take when the wake word was heard, on our clock."""
        at_ms = data.get("at_ms")
        if isinstance(at_ms, int | float) and self.link.clock.known:
            self._wake_at_ms = self.link.clock.ours(at_ms)

    @callback
    def _take_silence(self) -> None:
        """Take that nobody answered a question."""
        if self._ask_question_future is not None and not self._ask_question_future.done():
            self._ask_question_future.set_result(None)

    @callback
    def _take_playback(self, name: str, data: dict[str, Any]) -> None:
        """Put the place of the sound on our clock; reports of other sounds are not ours."""
        turn = self.house.turns.get(str(data.get("turn_id")))
        if turn is None or not self.link.clock.known:
            return
        try:
            audio_ms = int(data.get("audio_ms", 0))
            at_epoch_ms = self.link.clock.ours(float(data["at_ms"]))
        except KeyError, TypeError, ValueError:
            return
        stopped = name == "playback-stopped"
        turn.sound_at(audio_ms, at_epoch_ms, playing=not stopped, precision=Precision.REPORTED)
        if stopped:
            turn.sound_stopped(audio_ms, complete=data.get("reason") == "finished")

    # -- what the pipeline does -----------------------------------------------------------------

    @callback
    @override
    def on_pipeline_event(self, event: PipelineEvent) -> None:
        """Pass an event of the pipeline on to the turn and the satellite."""
        turn = self._turn
        if turn is None:
            return
        if event.type is PipelineEventType.RUN_START:
            if stream := attach_speech(self.hass, turn, event):
                self.entry.async_create_background_task(
                    self.hass, self._sound.play(turn, stream), f"{DOMAIN} sound {turn.id}"
                )
        if turn.guess and (event.data or {}).get("code") == NOTHING_UNDERSTOOD:
            self._apologise(turn)
            return
        follow(self.hass, turn, event)
        if message := message_for(event, turn):
            self.entry.async_create_background_task(
                self.hass, self._send(message), f"{DOMAIN} satellite event"
            )

    @callback
    def _apologise(self, turn: Turn) -> None:
        """Answer words that were heard but not understood; the voice is attached already."""
        character = self.house.default_character
        ears = next(iter(self.house.listening_servers), None)
        if character is None:
            return
        line = self.house.words.not_understood(
            character,
            self.hass.config.language,
            commands_only=ears is not None and ears.info.grammar,
        )
        turn.think()
        markup = MarkupParser()
        turn.say(markup.feed(line))
        turn.say(markup.finish())

    async def _send(self, event: Event) -> None:
        """Send an event to a satellite that may just have been lost."""
        try:
            await self.link.send(event)
        except WireError:
            self._end_turn(CancelReason.LOST)

    @override
    async def async_announce(self, announcement: AssistSatelliteAnnouncement) -> None:
        """Play an announcement and return when it was heard."""
        stream = (
            tts.async_get_stream(self.hass, announcement.tts_token)
            if announcement.tts_token
            else None
        )
        try:
            if announcement.preannounce_media_id:
                await self._sound.play_media(self.hass, announcement.preannounce_media_id)
            if stream is not None:
                await self._sound.play_stream(stream)
            else:
                await self._sound.play_media(self.hass, announcement.media_id)
        except WireError as err:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="satellite_lost"
            ) from err

    @override
    async def async_start_conversation(
        self, start_announcement: AssistSatelliteAnnouncement
    ) -> None:
        """Play the first words, then let the satellite listen without a wake word."""
        await self.async_announce(start_announcement)
        await self._send(user_event("listen", {"turn_id": None, "seconds": FOLLOW_UP_S}))

    @callback
    def _end_turn(self, reason: CancelReason) -> None:
        """Cancel the turn of this room."""
        if self._turn is not None:
            self._turn.cancel(reason)
            self._turn = None
        self._audio.put_nowait(None)

    @callback
    def _select(self, key: str) -> str | None:
        """Return one of our select entities."""
        return er.async_get(self.hass).async_get_entity_id(
            Platform.SELECT, DOMAIN, f"{self.entry.unique_id}-{key}"
        )
