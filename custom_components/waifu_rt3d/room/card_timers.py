"""Timers of people who have no satellite near: the character keeps them, and says when one is over."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from homeassistant.components.intent import TimerEventType, TimerInfo, async_register_timer_handler
from homeassistant.core import CALLBACK_TYPE, Context, HomeAssistant, callback

from ..cast.character import Character
from ..characters.written import Moment
from ..const import DOMAIN
from ..house import HOUSE, House
from ..minds.tool_policy import plain_words
from ..remembering.turns import Place
from ..turns.pipeline import async_run_speech
from ..turns.say import async_speak_in, rooms_of, write_text
from ..turns.turn import HOUSEHOLD_PERSON, Origin, TurnStart, current_turn

_LONGEST_WAIT_S = 30.0
"""A timer lets her finish what she says, but no whole story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """How a timer was asked for: it is told in the same talk, aloud where that is."""

    start: TurnStart
    aloud: bool


class CardTimers:
    """The timers of one character's device, which rings on the cards of who set them."""

    def __init__(self, hass: HomeAssistant, character: Callable[[], Character]) -> None:
        """Speak as `character`, asked anew each time because its options change."""
        self._hass = hass
        self._character = character
        self._asked: dict[str, _Asked] = {}

    @callback
    def register(self, device_id: str) -> CALLBACK_TYPE:
        """Let core set timers on a device."""
        return async_register_timer_handler(self._hass, device_id, self._handle)

    @callback
    def _handle(self, kind: TimerEventType, timer: TimerInfo) -> None:
        """Keep who asks for a timer, and ring when it is over."""
        match kind:
            case TimerEventType.STARTED if turn := current_turn.get():
                self._asked[timer.id] = _Asked(start=turn.start, aloud=turn.voiced)
            case TimerEventType.CANCELLED:
                self._asked.pop(timer.id, None)
            case TimerEventType.FINISHED:
                asked = self._asked.pop(timer.id, None)
                self._hass.async_create_background_task(
                    self._async_ring(timer, asked), f"{DOMAIN} timer {timer.id}"
                )

    async def _async_ring(self, timer: TimerInfo, asked: _Asked | None) -> None:
        """Say that a timer is over: on a card of its person, else in the character's rooms."""
        hass, house, character = self._hass, self._hass.data[HOUSE], self._character()
        start = asked.start if asked else None
        person = start.person if start else HOUSEHOLD_PERSON
        owner = house.bus.connection_of(person.user_id, start.owner if start else None)
        await _async_let_finish(house, owner)
        turn = await house.async_begin_turn(
            character=character,
            person=person,
            origin=Origin.CARD if owner else Origin.ASSIST,
            owner=owner,
            place=Place(
                session_id=start.session_id if start else None,
                area=start.area if start else None,
                passing=True,
            ),
        )
        current_turn.set(turn)
        turn.think()
        line = house.words.line(character, hass.config.language, Moment.TIMER)
        name = plain_words(timer.name or "")
        write_text(turn, f"{name[0].upper()}{name[1:]}! {line}" if name else line)
        turn.finish_text()
        if owner is None:
            turn.reports_sound = False
            await async_speak_in(hass, turn, rooms_of(hass, character))
        elif asked is not None and asked.aloud:
            await async_run_speech(
                hass, turn, pipeline_id=character.pipeline or "", context=Context()
            )
        else:
            turn.mime()


async def _async_let_finish(house: House, owner: str | None) -> None:
    """Wait until nothing sounds on a card: the newer of two sounds would cut the older."""
    sounding = [turn for turn in house.turns.values() if owner and turn.start.owner == owner]
    with suppress(TimeoutError):
        async with asyncio.timeout(_LONGEST_WAIT_S):
            for turn in sounding:
                await turn.ended.wait()
