"""Timers between core and a satellite, which keeps them and rings without us."""

from collections.abc import Callable
from typing import Any

from homeassistant.components.intent import TimerEventType, TimerInfo, async_register_timer_handler
from homeassistant.components.intent.const import TIMER_DATA
from homeassistant.components.intent.timers import TimerManager
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from wyoming.event import Event
from wyoming.timer import TimerCancelled, TimerFinished, TimerStarted, TimerUpdated

type Send = Callable[[Event], None]

LONGEST_S = 31 * 24 * 3600


class RoomTimers:
    """The timers that were set in one room."""

    def __init__(
        self, hass: HomeAssistant, device_id: str, send: Send, rang: Callable[[TimerInfo], None]
    ) -> None:
        """Pass timers on with `send`, which drops them while the satellite is not there.

        `rang` is told of each that has begun to ring.
        """
        self._hass = hass
        self._device_id = device_id
        self._send = send
        self._rang = rang
        self._over: set[str] = set()

    @callback
    def register(self) -> CALLBACK_TYPE:
        """Let core set timers in this room."""
        return async_register_timer_handler(self._hass, self._device_id, self._handle)

    @callback
    def connected(self) -> None:
        """Tell a satellite that comes which timers run: it may have missed some."""
        for timer in self._own():
            self._send(TimerStarted(id=timer.id, total_seconds=timer.seconds_left, name=timer.name)
                       .event())  # fmt: skip
            if not timer.is_active:
                self._send(_updated(timer))

    @callback
    def take_living(self, living: object) -> None:
        """Take the timers that a satellite still keeps; those that core has lost go on here."""
        for kept in living if isinstance(living, list) else ():
            if not isinstance(kept, dict) or not isinstance(kept.get("id"), str):
                continue
            timer_id = kept["id"]
            if timer_id in self._manager.timers:
                continue
            if timer_id not in self._over:
                self._hand_back(kept)
            self._send(TimerCancelled(id=timer_id).event())

    @property
    def _manager(self) -> TimerManager:
        """Return core's timers."""
        manager: TimerManager = self._hass.data[TIMER_DATA]
        return manager

    def _own(self) -> list[TimerInfo]:
        """Return the timers of this room; commands that wait are core's own matter."""
        timers = self._manager.timers.values()
        return [t for t in timers if t.device_id == self._device_id and not t.conversation_command]

    def _hand_back(self, kept: dict[str, Any]) -> None:
        """Start a timer in core that a restart has ended there."""
        seconds, name = kept.get("seconds_left"), kept.get("name")
        if not isinstance(seconds, int | float) or not 0 < seconds <= LONGEST_S:
            return
        timer_id = self._manager.start_timer(
            self._device_id,
            None,
            None,
            max(1, round(seconds)),
            self._hass.config.language,
            name=name if isinstance(name, str) else None,
        )
        if kept.get("is_active") is False:
            self._manager.pause_timer(timer_id)

    @callback
    def _handle(self, kind: TimerEventType, timer: TimerInfo) -> None:
        """Pass on what happens to a timer."""
        match kind:
            case TimerEventType.STARTED:
                self._send(
                    TimerStarted(
                        id=timer.id,
                        total_seconds=timer.seconds,
                        name=timer.name,
                        start_hours=timer.start_hours,
                        start_minutes=timer.start_minutes,
                        start_seconds=timer.start_seconds,
                    ).event()
                )
            case TimerEventType.UPDATED:
                self._send(_updated(timer))
            case TimerEventType.CANCELLED:
                self._over.add(timer.id)
                self._send(TimerCancelled(id=timer.id).event())
            case TimerEventType.FINISHED:
                self._over.add(timer.id)
                self._send(TimerFinished(id=timer.id).event())
                self._rang(timer)


def _updated(timer: TimerInfo) -> Event:
    """Return how much is left of a timer, and whether it runs."""
    return TimerUpdated(
        id=timer.id, is_active=timer.is_active, total_seconds=timer.seconds_left
    ).event()
