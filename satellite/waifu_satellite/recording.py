"""The debug switch: keep what the microphone hears as a file, for a while, and say so.

Between recordings no sound is on disk. A recording ends by itself, is never taken up again after a
start, is readable by the satellite's user alone, and is deleted after a day.
"""

import asyncio
from collections.abc import Callable
import logging
import os
from pathlib import Path
import time
from typing import Final
import wave

import numpy as np
from wyoming.event import Event

from . import protocol
from .format import MIC_RATE_HZ, SAMPLE_BYTES

LOGGER = logging.getLogger(__name__)

LONGEST_S: Final = 600.0
KEPT_S: Final = 24 * 3600.0
MOST_FILES: Final = 4
"""Older ones go: 38 MB each is what ten minutes weigh."""
WRITE_BYTES: Final = 2 * MIC_RATE_HZ * SAMPLE_BYTES
"""A second of both channels; smaller writes would wear a memory card."""


class Recording:
    """Writes WAVs of two channels: the microphone, and the same without her own voice."""

    def __init__(
        self, folder: Path | None, send: Callable[[Event], None], warn: Callable[[], None]
    ) -> None:
        """Keep files in a folder, tell Home Assistant, and `warn` the room when one is begun."""
        self._folder = folder
        self._send = send
        self._warn = warn
        self._loop = asyncio.get_running_loop()
        self._file: wave.Wave_write | None = None
        self._waiting = bytearray()
        self._began_s = self._ends_s = 0.0
        self._timers: list[asyncio.TimerHandle] = []
        self._end: asyncio.TimerHandle | None = None
        self._plan_deletions()

    @property
    def left_s(self) -> float:
        """Return how long it goes on, 0 where nothing is recorded."""
        return max(0.0, self._ends_s - self._loop.time()) if self._file is not None else 0.0

    def tell(self, error: str | None = None) -> None:
        """Tell Home Assistant for how long it goes on, and what went wrong."""
        self._send(protocol.recording(self.left_s, error))

    def start(self, seconds: float) -> None:
        """Record for so long from now on; 0 ends it."""
        if seconds <= 0:
            self.stop()
            return
        if self._file is None:
            if error := self._open():
                LOGGER.warning("The microphone can't be recorded: %s", error)
                self.tell(error)
                return
            self._warn()
        if self._end is not None:
            self._end.cancel()
        # Who switches it on again meanwhile gets no longer file.
        self._ends_s = min(self._loop.time() + seconds, self._began_s + LONGEST_S)
        self._end = self._loop.call_at(self._ends_s, self.stop)
        LOGGER.warning("The microphone is recorded for %.0f s, into %s", self.left_s, self._folder)
        self.tell()

    def hear(self, raw: bytes, clean: bytes) -> None:
        """Take a frame; between recordings nothing is kept of it."""
        if self._file is None:
            return
        both = np.stack((np.frombuffer(raw, "<i2"), np.frombuffer(clean, "<i2")), axis=1)
        self._waiting += both.tobytes()
        if len(self._waiting) >= WRITE_BYTES and (error := self._write()):
            self.stop(error)

    def stop(self, error: str | None = None) -> None:
        """End the recording."""
        if self._file is None:
            return
        if error is None:
            error = self._write()
        file, self._file = self._file, None
        if self._end is not None:
            self._end.cancel()
        try:
            file.close()
        except OSError as err:
            error = error or str(err.strerror)
        LOGGER.warning("The recording is over: %s", error or "it is deleted in a day")
        self._plan_deletions()
        self.tell(error)

    def close(self) -> None:
        """End everything; what is old goes at the next start."""
        self.stop()
        for timer in self._timers:
            timer.cancel()

    def _open(self) -> str | None:
        """Begin a file that only this user can read; return what fails."""
        if self._folder is None:
            return "there is no folder for it"
        try:
            self._folder.mkdir(parents=True, mode=0o700, exist_ok=True)
            now_ms = time.time_ns() // 1_000_000
            path = self._folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{now_ms % 1000:03d}.wav"
            # Made with its rights before `wave` opens it.
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            file = wave.open(str(path), "wb")
        except OSError as err:
            return str(err.strerror)
        file.setnchannels(2)
        file.setsampwidth(SAMPLE_BYTES)
        file.setframerate(MIC_RATE_HZ)
        self._file, self._began_s = file, self._loop.time()
        return None

    def _write(self) -> str | None:
        """Write what waits, with a header that is right even when the power fails; return what fails."""
        assert self._file is not None
        data = bytes(self._waiting)
        self._waiting.clear()
        try:
            self._file.writeframes(data)
        except OSError as err:
            return str(err.strerror)
        return None

    def _plan_deletions(self) -> None:
        """Delete what is older than a day or too much, and the rest in its time."""
        for timer in self._timers:
            timer.cancel()
        files = sorted(self._folder.glob("*.wav"), reverse=True) if self._folder else []
        now_s = time.time()
        self._timers = []
        for number, path in enumerate(files):
            age_s = now_s - path.stat().st_mtime
            wait_s = 0.0 if number >= MOST_FILES else max(0.0, KEPT_S - age_s)
            self._timers.append(self._loop.call_later(wait_s, _delete, path))


def _delete(path: Path) -> None:
    """Delete a recording."""
    try:
        path.unlink(missing_ok=True)
    except OSError as err:
        LOGGER.warning("%s can't be deleted: %s", path, err.strerror)
