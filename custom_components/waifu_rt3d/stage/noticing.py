"""What a character notices in the house without a word, and how it shows: a glance or a nod."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from .cues import CueKind, CueName

PACE = timedelta(minutes=1)
"""More often than this nobody's eyes would be left alone."""
GLANCE_MS = 1500
_NOWHERE = frozenset({"unavailable", "unknown"})
_RAIN = frozenset({"rainy", "pouring", "lightning-rainy", "snowy-rainy", "hail"})


class Notice(StrEnum):
    """What happened."""

    LIGHT_ON = "light_on"
    LIGHT_OFF = "light_off"
    DUSK = "dusk"
    DOORBELL = "doorbell"
    HOME = "home"
    RAIN = "rain"
    TIMER = "timer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A changed state of an entity that the owner picked."""

    entity_id: str
    device_class: str | None
    before: str
    after: str

    @property
    def domain(self) -> str:
        """Return what kind of entity it is."""
        return self.entity_id.partition(".")[0]


def _gaze(name: str) -> CueName:
    return CueName(kind=CueKind.GAZE, name=name)


_NOD = CueName(kind=CueKind.GESTURE, name="nod")
ANSWERS: Mapping[Notice, tuple[CueName, ...]] = {
    Notice.LIGHT_ON: (_gaze("up"),),
    Notice.LIGHT_OFF: (_gaze("up"),),
    Notice.DUSK: (_gaze("away"),),
    Notice.DOORBELL: (_gaze("right"),),
    Notice.HOME: (_gaze("user"), _NOD),
    Notice.RAIN: (_gaze("left"),),
    Notice.TIMER: (_gaze("user"), _NOD),
}
"""Gestures and glances of two seconds at most; no feelings, which would move the mood."""


def notice_of(change: Change) -> Notice | None:
    """Return what a change means to somebody who looks up; nothing for most."""
    before, after = change.before, change.after
    if before == after or after in _NOWHERE or (before in _NOWHERE and change.domain != "event"):
        return None
    match change.domain:
        case "light" | "switch":
            return {"on": Notice.LIGHT_ON, "off": Notice.LIGHT_OFF}.get(after)
        case "sun":
            return Notice.DUSK if after == "below_horizon" else None
        case "person" | "device_tracker":
            return Notice.HOME if after == "home" else None
        case "weather":
            return Notice.RAIN if after in _RAIN and before not in _RAIN else None
        case "timer":
            return Notice.TIMER if (before, after) == ("active", "idle") else None
        case "event":
            return Notice.DOORBELL
        case "binary_sensor" if after == "on":
            return Notice.RAIN if change.device_class == "moisture" else Notice.DOORBELL
    return None


def is_quiet(now: time, begin: time | None, end: time | None) -> bool:
    """Return whether a time lies in the quiet hours, which may go over midnight."""
    if begin is None or end is None or begin == end:
        return False
    return begin <= now < end if begin < end else now >= begin or now < end


class Pace:
    """At most one notice a minute."""

    def __init__(self) -> None:
        """Start rested."""
        self._last: datetime | None = None

    def take(self, now: datetime) -> bool:
        """Return whether one may be shown now; it counts as shown."""
        if self._last is not None and now - self._last < PACE:
            return False
        self._last = now
        return True
