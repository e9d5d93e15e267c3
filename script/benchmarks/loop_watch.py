"""Watch an event loop: how late it is, and how much of that is this process's own doing.

A task wakes every millisecond. `late_ms` is the most it was late by, whatever the cause: on a busy
machine that says more of the machine, and it is as large while nothing is asked. `held_ms` is the
most that this process itself can have caused. It is a lateness without the time for which the
loop's thread was ready and the kernel let it wait for a core (`/proc/thread-self/schedstat`; none
where there is no such file), and at most the processor time that all threads of the process used
meanwhile: who holds the loop, or the interpreter, without using a core was itself kept waiting. A
loop that waits for a disk uses none either: that is seen in `late_ms` alone.
"""

import asyncio
from dataclasses import dataclass
import io
from pathlib import Path
import time
from typing import BinaryIO, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Worst:
    """Hold how long an event loop was held and was late at most."""

    held_ms: float
    late_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """Hold three clocks: of the wall, of this process's work, of this thread's waiting for a core."""

    wall_ms: float
    worked_ms: float
    queued_ms: float


class LoopWatch:
    """Note the worst of an event loop while inside."""

    def __init__(self) -> None:
        """Begin with nothing noted."""
        self._late_ms = self._held_ms = 0.0
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin to watch."""
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop watching."""
        assert self._task is not None
        self._task.cancel()

    async def worst(self) -> Worst:
        """Return the worst since this was asked last, with what is still under way."""
        await asyncio.sleep(0.01)
        worst = Worst(held_ms=self._held_ms, late_ms=self._late_ms)
        self._late_ms = self._held_ms = 0.0
        return worst

    async def _run(self) -> None:
        """Wake every millisecond."""
        with _schedule() as schedule:
            while True:
                before = _now(schedule)
                await asyncio.sleep(0.001)
                self._note(before, _now(schedule))

    def _note(self, before: _Moment, after: _Moment) -> None:
        """Keep the worst."""
        late_ms = after.wall_ms - before.wall_ms - 1
        queued_ms = after.queued_ms - before.queued_ms
        held_ms = min(late_ms - queued_ms, after.worked_ms - before.worked_ms)
        self._late_ms = max(self._late_ms, late_ms)
        self._held_ms = max(self._held_ms, held_ms)


def _schedule() -> BinaryIO:
    """Open what the kernel tells of this thread: ns on a core, ns ready but waiting for one."""
    path = Path("/proc/thread-self/schedstat")
    return path.open("rb", buffering=0) if path.exists() else io.BytesIO(b"0 0 0")


def _now(schedule: BinaryIO) -> _Moment:
    """Read the clocks."""
    schedule.seek(0)
    return _Moment(
        wall_ms=time.perf_counter() * 1000,
        worked_ms=time.process_time() * 1000,
        queued_ms=int(schedule.read(100).split()[1]) / 1e6,
    )
