"""Keeps a microphone open, sees when it fails or hangs, and opens it again."""

import asyncio
from collections.abc import Callable
import logging
from typing import Final

from .audio.base import AudioError, AudioIn, Deliver
from .clock import Clock

LOGGER = logging.getLogger(__name__)

# A microphone has failed when no frame came for so long.
DEAF_S: Final = 2.0


class Microphone:
    """One device, open or shut on purpose."""

    def __init__(
        self, device: AudioIn, clock: Clock, deliver: Deliver, lost: Callable[[], None]
    ) -> None:
        """Give frames to `deliver`; call `lost` when the device fails."""
        self._device = device
        self._clock = clock
        self._deliver = deliver
        self._lost = lost
        self._task: asyncio.Task[None] | None = None
        self._frame_ms = 0.0

    @property
    def deaf(self) -> bool:
        """Return whether an open microphone has delivered nothing for too long."""
        silent_ms = self._clock.now_ms() - self._frame_ms
        return self._task is not None and silent_ms > DEAF_S * 1000

    def open(self) -> None:
        """Open the device; one that hangs is closed before."""
        if self.deaf:
            self.shut()
        if self._task is None:
            self._frame_ms = self._clock.now_ms()
            loop = asyncio.get_running_loop()
            self._task = loop.create_task(self._run(), name="waifu satellite microphone")

    def shut(self) -> None:
        """Close the device."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def close(self) -> None:
        """Close the device and wait until it is closed."""
        task = self._task
        self.shut()
        if task is not None:
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        """Take frames until the device fails."""
        try:
            await self._device.run(self._frame)
            LOGGER.warning("The microphone ended")
        except AudioError as err:
            LOGGER.warning("The microphone failed: %s", err)
        except Exception:
            LOGGER.exception("The microphone failed")
        if self._task is asyncio.current_task():
            self._task = None
            self._lost()

    def _frame(self, pcm: bytes, at_ms: float) -> None:
        """Pass a frame on; one that a closed device still delivers is dropped."""
        if self._task is not None:
            self._frame_ms = self._clock.now_ms()
            self._deliver(pcm, at_ms)
