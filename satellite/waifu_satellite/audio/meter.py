"""What `pacat --verbose` tells: which second of its input is heard, and why it ended."""

import asyncio
from collections import deque
import re
from statistics import median_high
from typing import Final

from waifu_satellite.clock import Clock

HEARD: Final = re.compile(rb"Time: (\d+\.\d+) sec; Latency: \d+ usec")
# The lines come late on a busy machine, and now and then one is wrong by 100 ms: the middle one of a
# quarter of a second is believed.
READINGS: Final = 5


class Meter:
    """Reads what a player says: when its first sample was heard, and why it ended."""

    def __init__(self, stderr: asyncio.StreamReader) -> None:
        """Take the player's messages."""
        self._stderr = stderr
        self._last = b""
        self._begins_ms: deque[float] = deque(maxlen=READINGS)

    @property
    def begin_ms(self) -> float | None:
        """Return when the first sample was heard, None before the player knows it."""
        return median_high(self._begins_ms) if self._begins_ms else None

    async def run(self, clock: Clock) -> None:
        """Follow the player until it ends."""
        while said := await self._stderr.read(4096):
            self._last = said
            for match in HEARD.finditer(said):
                heard_ms = float(match[1]) * 1000.0
                if heard_ms > 0.0:
                    self._begins_ms.append(clock.now_ms() - heard_ms)

    def complaint(self, command: tuple[str, ...]) -> str:
        """Return what the player said last."""
        lines = self._last.decode(errors="replace").strip().splitlines()
        return f"{command[0]} ended: {lines[-1]}" if lines else f"{command[0]} plays no sound"
