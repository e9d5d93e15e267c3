"""The room's satellite as an Assist satellite of Home Assistant."""

import asyncio
from functools import partial
from typing import Any, override

from homeassistant.components.assist_pipeline import PipelineEvent, PipelineEventType, PipelineStage
from homeassistant.components.assist_satellite import (
    AssistSatelliteAnnouncement,
    AssistSatelliteConfiguration,
    AssistSatelliteEntity,
    AssistSatelliteEntityFeature,
)
from homeassistant.components.intent import TimerInfo
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from wyoming.error import Error
from wyoming.event import Event

from .cast.character import Character
from .const import DOMAIN
from .entity import WaifuConfigEntry
from .house import HOUSE, House
from .refusals import async_tell_refused
from .remembering.turns import Place
from .room.answering import Wake, apologise, character_of, chosen_pipeline, wake_configuration
from .room.arbiter import arbiter_of
from .room.entity import room_device
from .room.events import FOLLOW_UP_S, message_for, wake_phrases
from .room.hearing import Microphone, microphone, take_playback
from .room.link import SatelliteLink
from .room.media import RoomMedia
from .room.ring_line import async_say_ring
from .room.rooms import area_of_entity
from .room.sound import RoomSound
from .room.speaker import async_person_of_room
from .room.timers import RoomTimers
from .runtime import SatelliteRuntime
from .turns.pipeline import WAV_OUTPUT, attach_speech, follow
from .turns.prefill import HeardFrom, prefill
from .turns.turn import CancelReason, Origin, Turn, current_turn
from .voice.connection import WireError
from .voice.events import user_event

PARALLEL_UPDATES = 0
NOTHING_UNDERSTOOD = "stt-no-text-recognized"
REPORTS = ("state", "settings", "stats", "scores", "sound-test", "recording", "wake-model")
PLAYBACK = ("playback-started", "playback-position", "playback-stopped")

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
    entry.async_on_unload(partial(async_tell_refused, hass, entry, None))


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
        self.room = runtime.room
        self.link = SatelliteLink(runtime.host, runtime.port, runtime.key, self)
        self.room.link = self.link
        self._sound = RoomSound(self.link)
        self._media = RoomMedia(house.hass, entry.options)
        self._timers: RoomTimers | None = None
        self._turn: Turn | None = None
        self._audio: Microphone = asyncio.Queue()
        self._wake = Wake()
        self._word: str | None = None
        """The wake word of the run that is under way."""
        self._attr_available = False
        self._attr_unique_id = f"{entry.unique_id}-assist_satellite"
        self._attr_device_info = room_device(entry)

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
        """Return the pipeline of the wake word, else of the room, else of the first character."""
        select = self._select(f"pipeline-{self._word}") if self._word else None
        if chosen := chosen_pipeline(self.hass, select):
            return chosen
        character = self.house.default_character
        return super()._resolve_pipeline() or (character.pipeline if character else None)

    @property
    def _character(self) -> Character | None:
        """Return who answers."""
        return character_of(self.house, self._resolve_pipeline())

    @callback
    @override
    def async_get_configuration(self) -> AssistSatelliteConfiguration:
        """Return the wake words that the satellite knows."""
        return wake_configuration(self.room)

    @override
    async def async_set_configuration(self, config: AssistSatelliteConfiguration) -> None:
        """Let the satellite listen for other wake words, without a restart."""
        await self.room.async_send("configure", {"wake_words": config.active_wake_words})

    @override
    async def async_added_to_hass(self) -> None:
        """Connect, and stay connected."""
        await super().async_added_to_hass()
        arbiter = arbiter_of(self.hass)
        arbiter.enter(self.room)
        self.async_on_remove(lambda: arbiter.leave(self.room))
        if self.registry_entry is not None and self.registry_entry.device_id is not None:
            device_id = self.registry_entry.device_id
            self._timers = RoomTimers(self.hass, device_id, self._send_soon, self._timer_rang)
            self.async_on_remove(self._timers.register())
        self.entry.async_create_background_task(
            self.hass, self.link.run(), f"{DOMAIN} satellite {self.entity_id}"
        )

    @override
    async def async_will_remove_from_hass(self) -> None:
        """End what is under way; the entry cancels the connection."""
        self._end_turn(CancelReason.LOST)
        self.room.link = None
        await self._media.async_restore()
        await super().async_will_remove_from_hass()

    # -- what the satellite sends --------------------------------------------------------------

    @callback
    def satellite_connected(self) -> None:
        """Take that the satellite is there."""
        self._attr_available = True
        self.async_write_ha_state()
        self.room.set_connected(connected=True)
        if self._timers is not None:
            self._timers.connected()

    @callback
    def satellite_lost(self) -> None:
        """End what is under way: nobody hears it."""
        self._end_turn(CancelReason.LOST)
        self._sound.lost()
        self._attr_available = False
        self.async_write_ha_state()
        self.room.set_connected(connected=False)
        self._follow_with_media("idle")

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
        if start is None:
            return
        self._end_turn(CancelReason.BARGE_IN)
        self._audio = asyncio.Queue()
        wake, self._wake = self._wake, Wake()
        self.entry.async_create_background_task(
            self.hass, self._answer(self._audio, start, wake), f"{DOMAIN} satellite turn"
        )

    async def _answer(self, audio: Microphone, start: PipelineStage, wake: Wake) -> None:
        """Answer, unless another room hears the same word better."""
        word = self.room.word(wake.word)
        phrase = word.phrase if word else None
        arbiter = arbiter_of(self.hass)
        if not await arbiter.async_wins(self.room, phrase, wake.snr_db, wake.at_ms):
            error = Error(text="Another room answers", code="duplicate_wake_up_detected")
            await self._send(error.event())
            return
        self._word = wake.word
        character = self._character
        if character is not None:
            await self._run(character, audio, start, wake, phrase)

    async def _run(
        self,
        character: Character,
        audio: Microphone,
        start: PipelineStage,
        wake: Wake,
        phrase: str | None,
    ) -> None:
        """Run the pipeline for a turn and stop its sound when it is cancelled."""
        turn = await self.house.async_begin_turn(
            character=character,
            person=await async_person_of_room(self.hass, self.entry.options),
            origin=Origin.SATELLITE,
            place=Place(
                device=self.entry.unique_id, area=area_of_entity(self.hass, self.entity_id)
            ),
        )
        self._turn = turn
        if wake.at_ms is not None:
            turn.note_time("wake", wake.at_ms)
        current_turn.set(turn)
        device_id = self.registry_entry.device_id if self.registry_entry else None
        prefill(self.hass, turn, HeardFrom(device_id=device_id, satellite_id=self.entity_id))
        await self._send(user_event("turn", {"turn_id": turn.id}))
        try:
            await self.async_accept_pipeline_from_satellite(
                microphone(audio),
                start_stage=start,
                end_stage=PipelineStage.TTS,
                # Core refuses a second wake with the same phrase within two seconds in the whole
                # house, so that a quick barge-in would be lost: only a wake word that somebody
                # waits for is told.
                wake_word_phrase=phrase if self._wake_word_intercept_future else None,
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

    @callback
    def _take_report(self, event: Event) -> None:
        """Take what the satellite reports about its loudspeaker, its microphone and itself."""
        name, data = str(event.data.get("name")), event.data.get("data")
        data = data if isinstance(data, dict) else {}
        match name:
            case "wake":
                self._wake = Wake.from_data(data, self.link.clock)
            case "not-heard":
                self._take_silence()
            case "timers" if self._timers is not None:
                self._timers.take_living(data.get("timers"))
            case _ if name in REPORTS:
                self.room.take(name, data)
                if name == "state":
                    self._follow_with_media(self.room.state)
                elif name == "stats":
                    async_tell_refused(self.hass, self.entry, data.get("refused"))
            case _ if name in PLAYBACK:
                if turn := self.house.turns.get(str(data.get("turn_id"))):
                    take_playback(turn, self.link.clock, name, data)

    @callback
    def _follow_with_media(self, state: str) -> None:
        """Make the room's music soft while somebody talks."""
        self.entry.async_create_background_task(
            self.hass, self._media.async_follow(state), f"{DOMAIN} satellite media"
        )

    @callback
    def _timer_rang(self, timer: TimerInfo) -> None:
        """Let the room's character say between two rings what time it is."""
        if (character := self._character) is not None:
            line = async_say_ring(self.hass, self.room, self.entity_id, character, timer.name or "")
            self.entry.async_create_background_task(self.hass, line, f"{DOMAIN} timer line")

    @callback
    def _take_silence(self) -> None:
        """Take that nobody answered a question."""
        if self._ask_question_future is not None and not self._ask_question_future.done():
            self._ask_question_future.set_result(None)

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
            apologise(self.house, self._character, turn)
            return
        follow(self.hass, turn, event)
        if message := message_for(event, turn):
            self._send_soon(message)

    @callback
    def _send_soon(self, event: Event) -> None:
        """Send an event from where nobody can wait."""
        self.entry.async_create_background_task(
            self.hass, self._send(event), f"{DOMAIN} satellite event"
        )

    async def _send(self, event: Event) -> None:
        """Send an event to a satellite that may just have been lost."""
        try:
            await self.link.send(event)
        except WireError:
            self._end_turn(CancelReason.LOST)

    @override
    async def async_announce(self, announcement: AssistSatelliteAnnouncement) -> None:
        """Play an announcement and return when it was heard."""
        try:
            await self._sound.announce(self.hass, announcement)
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
