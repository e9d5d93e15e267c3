"""Timers that ring on time without Home Assistant, and outlive a restart (`timer-…` events)."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
import json
import logging
from pathlib import Path
from typing import Any, Final

from wyoming.event import Event

LOGGER = logging.getLogger(__name__)

# Home Assistant's own `timer-finished` is waited for so long when the deadline has passed.
GRACE_S: Final = 1.0
# The wall clock of a machine without a battery jumps once after the start: look again this often.
LOOK_EVERY_S: Final = 5.0
# By less the clock is only steered, which the steady one is, too.
SET_S: Final = 0.5
# A timer that is overdue for longer (the machine was off) is no longer worth ringing for.
STALE_S: Final = 900.0
LONGEST_S: Final = 31 * 24 * 3600.0
MOST_TIMERS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """One timer; times are seconds of the wall clock."""

    id: str
    name: str | None
    deadline_s: float | None
    """None while it is paused."""
    left_s: float
    """What is left while it is paused."""


class Timers:
    """All timers of the room, kept in a file."""

    def __init__(
        self,
        path: Path | None,
        now_s: Callable[[], float],
        steady_s: Callable[[], float] | None = None,
    ) -> None:
        """Keep timers at `path`; `now_s` is the wall clock, `steady_s` one that nobody can set."""
        self._path = path
        self._now_s = now_s
        self._steady_s = steady_s or now_s
        self._ahead_s = now_s() - self._steady_s()
        self._timers: dict[str, Timer] = {}
        self._ours: set[str] = set()
        """Timers that were set since the start: they last as long as was said, whatever the clock shows.
        Those of the file know their deadline alone, and a clock that is set then was wrong before."""
        self._rung: set[str] = set()
        self._look: asyncio.TimerHandle | None = None
        self.on_ring: Callable[[], None] = lambda: None
        """Called when a timer begins to ring."""
        self.on_hush: Callable[[], None] = lambda: None
        """Called when nothing rings any more."""

    def load(self) -> None:
        """Take up the timers of the last start."""
        self._timers = {timer.id: timer for timer in self._read()}
        self._check()

    def take(self, event: Event) -> None:
        """Do what a `timer-…` event says; odd ones are ignored."""
        timer_id = event.data.get("id")
        if not isinstance(timer_id, str):
            return
        self._follow_clock()
        match event.type:
            case "timer-started":
                self._start(timer_id, event.data)
            case "timer-updated":
                self._update(timer_id, event.data)
            case "timer-cancelled":
                self._drop({timer_id})
            case "timer-finished":
                self._ring(timer_id)
        self._save()
        self._check()

    def heard(self) -> None:
        """Forget what rings: somebody stopped it."""
        self._drop(set(self._rung))
        self._save()

    def living(self) -> list[dict[str, object]]:
        """Return the timers that run, for a Home Assistant that forgot them."""
        self._follow_clock()
        now_s = self._now_s()
        return [
            {
                "id": timer.id,
                "name": timer.name,
                "seconds_left": round(_left_s(timer, now_s), 3),
                "is_active": timer.deadline_s is not None,
            }
            for timer in self._timers.values()
            if timer.id not in self._rung
        ]

    def close(self) -> None:
        """Stop looking at the clock."""
        if self._look is not None:
            self._look.cancel()

    def _start(self, timer_id: str, data: dict[str, Any]) -> None:
        """Begin a timer."""
        seconds = _seconds(data)
        if seconds is None or len(self._timers) >= MOST_TIMERS:
            return
        name = data.get("name")
        self._rung.discard(timer_id)
        self._ours.add(timer_id)
        self._timers[timer_id] = Timer(
            id=timer_id,
            name=name if isinstance(name, str) else None,
            deadline_s=self._now_s() + seconds,
            left_s=seconds,
        )

    def _update(self, timer_id: str, data: dict[str, Any]) -> None:
        """Change a timer's rest, pause it or let it go on."""
        seconds, timer = _seconds(data), self._timers.get(timer_id)
        if timer is None or seconds is None:
            return
        active = data.get("is_active") is not False
        deadline_s = self._now_s() + seconds if active else None
        self._ours.add(timer_id)
        self._timers[timer_id] = replace(timer, deadline_s=deadline_s, left_s=seconds)

    def _ring(self, timer_id: str) -> None:
        """Let a timer ring, also one that this satellite did not know."""
        if timer_id in self._rung:
            return
        now_s = self._now_s()
        known = self._timers.get(
            timer_id, Timer(id=timer_id, name=None, deadline_s=now_s, left_s=0)
        )
        self._timers[timer_id] = replace(known, deadline_s=known.deadline_s or now_s)
        self._rung.add(timer_id)
        self.on_ring()

    def _drop(self, ids: set[str]) -> None:
        """Forget timers."""
        for timer_id in ids:
            self._timers.pop(timer_id, None)
        self._ours -= ids
        ringing = bool(self._rung)
        self._rung -= ids
        if ringing and not self._rung:
            self.on_hush()

    def _check(self) -> None:
        """Ring what is due, and look again when the next one is."""
        self.close()
        self._follow_clock()
        now_s = self._now_s()
        for timer in list(self._timers.values()):
            if timer.deadline_s is None or timer.id in self._rung:
                continue
            late_s = now_s - timer.deadline_s
            if late_s > STALE_S:
                LOGGER.info("Dropped a timer that was due %d s ago", late_s)
                self._drop({timer.id})
            elif late_s >= GRACE_S:
                self._ring(timer.id)
        waits = [
            timer.deadline_s + GRACE_S - now_s
            for timer in self._timers.values()
            if timer.deadline_s is not None and timer.id not in self._rung
        ]
        if waits:
            wait_s = max(0.01, min(LOOK_EVERY_S, *waits))
            self._look = asyncio.get_running_loop().call_later(wait_s, self._check)

    def _follow_clock(self) -> None:
        """Where the wall clock was set, move the deadlines that were reckoned by it."""
        ahead_s = self._now_s() - self._steady_s()
        moved_s, self._ahead_s = ahead_s - self._ahead_s, ahead_s
        if abs(moved_s) < SET_S:
            return
        for timer_id in self._ours & self._timers.keys():
            timer = self._timers[timer_id]
            if timer.deadline_s is not None:
                self._timers[timer_id] = replace(timer, deadline_s=timer.deadline_s + moved_s)
        self._save()

    def _read(self) -> list[Timer]:
        """Return the timers of the file; a broken file has none."""
        if self._path is None or not self._path.exists():
            return []
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            return [_kept(each) for each in kept]
        except (OSError, ValueError, TypeError) as err:
            LOGGER.warning("The kept timers can't be read: %s", err)
            return []

    def _save(self) -> None:
        """Write the timers so that a crash leaves the old or the new file."""
        if self._path is None:
            return
        draft = self._path.with_suffix(".part")
        try:
            draft.write_text(json.dumps([asdict(timer) for timer in self._timers.values()]))
            draft.replace(self._path)
        except OSError as err:
            LOGGER.warning("The timers can't be kept: %s", err)


def _kept(each: dict[str, Any]) -> Timer:
    """Return a timer as the file has it; raise TypeError where it makes no sense."""
    timer = Timer(**each)
    times = (timer.left_s, timer.deadline_s or 0.0)
    if not isinstance(timer.id, str) or not all(isinstance(time, int | float) for time in times):
        raise TypeError("not a timer")
    return timer


def _left_s(timer: Timer, now_s: float) -> float:
    """Return what is left of a timer."""
    return timer.left_s if timer.deadline_s is None else max(0.0, timer.deadline_s - now_s)


def _seconds(data: dict[str, Any]) -> float | None:
    """Return an event's duration, None when it makes no sense."""
    seconds = data.get("total_seconds")
    if not isinstance(seconds, int | float) or not 0 <= seconds <= LONGEST_S:
        return None
    return float(seconds)
