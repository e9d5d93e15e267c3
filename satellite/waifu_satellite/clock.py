"""One monotonic clock for microphone, loudspeaker and reports (contracts §4: `at_ms`)."""

import asyncio
from typing import Protocol


class Clock(Protocol):
    """Where the satellite reads the time."""

    def now_ms(self) -> float:
        """Return the milliseconds of a clock that never jumps."""


class LoopClock:
    """The clock of the running event loop, so that a test's loop can move the time."""

    def __init__(self) -> None:
        """Bind to the loop that runs now."""
        self._loop = asyncio.get_running_loop()

    def now_ms(self) -> float:
        """Return the loop's time in milliseconds."""
        return self._loop.time() * 1000.0
