"""A microphone without a device: WAV files in real time, silence before and after."""

import asyncio
from collections import deque
from dataclasses import dataclass

from waifu_satellite.clock import Clock
from waifu_satellite.format import FRAME_BYTES, FRAME_MS

from .base import Deliver

# After a longer gap the machine slept: go on from now, do not catch up.
MAX_LAG_MS = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """When a WAV was heard."""

    start_ms: float
    end_ms: float


class PacedMicrophone:
    """Plays what it is given at the pace of the clock, and silence for ever."""

    def __init__(self, clock: Clock) -> None:
        """Start with silence."""
        self._clock = clock
        self._queue: deque[tuple[bytes, asyncio.Future[Spoken]]] = deque()
        self._rest = b""
        self._said: asyncio.Future[Spoken] | None = None
        self._started_ms = 0.0

    async def say(self, pcm: bytes) -> Spoken:
        """Play samples into the microphone after what is queued; return when they were heard."""
        said: asyncio.Future[Spoken] = asyncio.get_running_loop().create_future()
        self._queue.append((pcm, said))
        return await said

    async def run(self, deliver: Deliver) -> None:
        """Deliver one frame each 20 ms, when its last sample has been heard."""
        start_ms, frames = self._clock.now_ms(), 0
        while True:
            due_ms = start_ms + (frames + 1) * FRAME_MS
            wait_ms = due_ms - self._clock.now_ms()
            if wait_ms > 0:
                await asyncio.sleep(wait_ms / 1000.0)
            elif wait_ms < -MAX_LAG_MS:
                start_ms, frames = self._clock.now_ms(), 0
                continue
            deliver(self._next_frame(due_ms - FRAME_MS), due_ms - FRAME_MS)
            frames += 1

    def _next_frame(self, at_ms: float) -> bytes:
        """Return the next 20 ms, padded with silence at the end of a WAV."""
        if not self._rest and self._queue:
            self._rest, self._said = self._queue.popleft()
            self._started_ms = at_ms
        frame, self._rest = self._rest[:FRAME_BYTES], self._rest[FRAME_BYTES:]
        if not self._rest and self._said is not None:
            end_ms = at_ms + len(frame) / FRAME_BYTES * FRAME_MS
            if not self._said.done():
                self._said.set_result(Spoken(start_ms=self._started_ms, end_ms=end_ms))
            self._said = None
        return frame + bytes(FRAME_BYTES - len(frame))
