"""A conversation entity for each character."""

from datetime import datetime
from typing import Literal, override

from homeassistant.components import conversation
from homeassistant.components.conversation import ConversationEntityFeature
from homeassistant.const import MATCH_ALL, Platform
from homeassistant.core import HassJob, HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.event import async_call_later

from .entity import CharacterEntity, WaifuConfigEntry, async_add_for_characters
from .remembering.turns import Place
from .room.card_timers import CardTimers
from .room.rooms import area_of_device
from .speech.engines import voice_for
from .turns.people import person_of
from .turns.run_turn import Asked, run_turn
from .turns.turn import Origin, Turn, current_turn

PARALLEL_UPDATES = 0
VOICE_WAIT_S = 3.0
"""How long a run that somebody else started may take to ask for our voice (core may have it cached)."""


async def async_setup_entry(
    hass: HomeAssistant,
    entry: WaifuConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the conversation entity of every character."""
    async_add_for_characters(hass, entry, async_add_entities, CharacterConversation)


class CharacterConversation(CharacterEntity, conversation.ConversationEntity):
    """A character that answers."""

    _attr_name = None
    _attr_supports_streaming = True
    _attr_supported_features = ConversationEntityFeature.CONTROL
    platform_kind = Platform.CONVERSATION

    @property
    @override
    def supported_languages(self) -> list[str] | Literal["*"]:
        """Return that the model decides."""
        return MATCH_ALL

    @override
    async def async_added_to_hass(self) -> None:
        """Keep the timers of people who have no satellite near."""
        await super().async_added_to_hass()
        if self.registry_entry is not None and self.registry_entry.device_id is not None:
            timers = CardTimers(self.hass, lambda: self.character)
            self.async_on_remove(timers.register(self.registry_entry.device_id))

    @override
    async def _async_handle_message(
        self, user_input: conversation.ConversationInput, chat_log: conversation.ChatLog
    ) -> conversation.ConversationResult:
        """Answer within the turn that is under way, or within a new one."""
        turn = current_turn.get()
        if turn is not None and not turn.ended.is_set():
            return await self._run(turn, user_input, chat_log)
        turn = await self._async_begin(user_input)
        # stays set: core starts the voice from this very task when the text is done
        current_turn.set(turn)
        result = await self._run(turn, user_input, chat_log)
        self._mime_if_silent(turn)
        return result

    async def _run(
        self, turn: Turn, user_input: conversation.ConversationInput, chat_log: conversation.ChatLog
    ) -> conversation.ConversationResult:
        """Answer within a turn."""
        return await run_turn(
            Asked(
                hass=self.hass,
                turn=turn,
                character=self.character,
                words=self.house.words,
                user_input=user_input,
                chat_log=chat_log,
            )
        )

    async def _async_begin(self, user_input: conversation.ConversationInput) -> Turn:
        """Make the turn of a run that somebody else started (the app, a foreign satellite)."""
        return await self.house.async_begin_turn(
            character=self.character,
            person=await person_of(self.hass, user_input.context),
            origin=Origin.ASSIST,
            place=Place(
                conversation_id=user_input.conversation_id,
                device=user_input.device_id,
                area=area_of_device(self.hass, user_input.device_id),
            ),
        )

    def _mime_if_silent(self, turn: Turn) -> None:
        """Move the mouth if our voice is not asked: core has the sound of old.

        Nothing keeps the timer, or the entity would hold every turn for as long as it lives.
        """

        @callback
        def check(_now: datetime) -> None:
            if not turn.ended.is_set() and not turn.segments:
                engine = voice_for(self.house, self.character)
                known = engine and self.house.known_marks.find(engine.fingerprint, turn.speech.text)
                turn.mime(known or ())

        async_call_later(self.hass, VOICE_WAIT_S, HassJob(check, cancel_on_shutdown=True))
