"""Let characters notice the house: picked entities, nobody there, somebody there."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    HassJob,
    HomeAssistant,
    callback,
)
from homeassistant.helpers.event import async_call_later, async_track_state_change_event
from homeassistant.util import dt as dt_util

from ..const import (
    CONF_NOTICES,
    CONF_QUIET_FROM,
    CONF_QUIET_UNTIL,
    CONF_SLEEP_AFTER_MIN,
    CONF_WATCHED,
    DOMAIN,
)
from ..house import HOUSE
from ..stage.noticing import ANSWERS, GLANCE_MS, Change, Pace, is_quiet, notice_of
from .presence import PRESENCE, Doing

DEFAULT_SLEEP_AFTER_MIN = 10
_SOMEBODY = frozenset({"on", "home", "occupied"})


class Watch:
    """Follows the entities that the owner picked, and starts anew when the options change."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Watch by the options of the companion."""
        self._hass = hass
        self._entry = entry
        self._pace = Pace()
        self._stops: list[CALLBACK_TYPE] = []
        self._sleep: CALLBACK_TYPE | None = None
        self.start()

    @callback
    def start(self) -> None:
        """Watch what the options name now."""
        self.stop()
        for name, listener in (
            (CONF_NOTICES, self._changed),
            (CONF_WATCHED, self._moved),
        ):
            if entities := self._entry.options.get(name):
                self._stops.append(async_track_state_change_event(self._hass, entities, listener))
        if self._entry.options.get(CONF_WATCHED):
            self._look_for_people()

    @callback
    def stop(self) -> None:
        """Watch nothing any more."""
        while self._stops:
            self._stops.pop()()
        self._stay_awake()

    @callback
    def _changed(self, event: Event[EventStateChangedData]) -> None:
        """Show that something was noticed, if now is a time for it."""
        before, after = event.data["old_state"], event.data["new_state"]
        if before is None or after is None:
            return
        change = Change(
            entity_id=after.entity_id,
            device_class=after.attributes.get("device_class"),
            before=before.state,
            after=after.state,
        )
        notice = notice_of(change)
        if notice is None or self._quiet():
            return
        free = [who for who in self._characters() if self._doing(who) is Doing.IDLE]
        if free and self._pace.take(dt_util.utcnow()):
            for who in free:
                cues = list(ANSWERS[notice])
                self._hass.data[PRESENCE].perform(who, cues, hold_ms=GLANCE_MS)

    @callback
    def _moved(self, _event: Event[EventStateChangedData]) -> None:
        """Wake for somebody who comes, and begin to wait when the last one goes."""
        self._look_for_people()

    @callback
    def _look_for_people(self) -> None:
        """Sleep after a while without anybody; wake at once when somebody is there."""
        states = [self._hass.states.get(one) for one in self._entry.options[CONF_WATCHED]]
        if any(state is not None and state.state in _SOMEBODY for state in states):
            self._stay_awake()
            for who in self._characters():
                self._hass.data[PRESENCE].sleep(who, asleep=False)
        elif self._sleep is None:
            minutes = self._entry.options.get(CONF_SLEEP_AFTER_MIN, DEFAULT_SLEEP_AFTER_MIN)
            job = HassJob(self._fall_asleep, f"{DOMAIN} sleep", cancel_on_shutdown=True)
            self._sleep = async_call_later(self._hass, timedelta(minutes=minutes), job)

    @callback
    def _fall_asleep(self, _now: datetime) -> None:
        """Sleep; who is spoken to meanwhile stays awake."""
        self._sleep = None
        for who in self._characters():
            if self._doing(who) is Doing.IDLE:
                self._hass.data[PRESENCE].sleep(who, asleep=True)

    @callback
    def _stay_awake(self) -> None:
        """Wait no longer for sleep."""
        if self._sleep is not None:
            self._sleep()
            self._sleep = None

    def _characters(self) -> list[str]:
        return list(self._hass.data[HOUSE].characters)

    def _doing(self, who: str) -> Doing:
        return self._hass.data[PRESENCE].doing(who)

    def _quiet(self) -> bool:
        """Return whether nothing is to be noticed now."""
        begin, end = (
            _time(self._entry.options, name) for name in (CONF_QUIET_FROM, CONF_QUIET_UNTIL)
        )
        return is_quiet(dt_util.now().time(), begin, end)


def _time(options: Any, name: str) -> time | None:
    """Return a time of the options."""
    text = options.get(name)
    return dt_util.parse_time(text) if isinstance(text, str) else None


@callback
def async_watch_house(hass: HomeAssistant, entry: ConfigEntry) -> Callable[[], None]:
    """Let the characters notice the house; returns how to begin anew with changed options."""
    watch = Watch(hass, entry)
    entry.async_on_unload(watch.stop)
    return watch.start
