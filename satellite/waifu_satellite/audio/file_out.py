"""A loudspeaker that is one WAV file, paced like a real one."""

import asyncio
from pathlib import Path
import struct
from typing import BinaryIO

from waifu_satellite.clock import Clock
from waifu_satellite.format import FRAME_MS, SAMPLE_BYTES

from .base import AudioError, Source
from .wav import MAX_WAV_BYTES

HEADER_BYTES = 44


class FileSpeaker:
    """Writes all it plays into one WAV; its first sample is the moment it was opened.

    The silence between two sounds is left as a hole in the file, which costs no disk.
    """

    def __init__(self, path: Path, clock: Clock, rate_hz: int) -> None:
        """Create the file."""
        self._clock = clock
        self._rate_hz = rate_hz
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: BinaryIO = path.open("wb")
        except OSError as err:
            raise AudioError(f"{path} can't be written: {err.strerror}") from err
        self.opened_ms = clock.now_ms()
        self._samples = 0
        self._write_header()

    @property
    def rate_hz(self) -> int:
        """Return the file's sample rate."""
        return self._rate_hz

    async def play(self, source: Source) -> None:
        """Write 20 ms at a time, each when it begins to sound."""
        block = self._rate_hz * FRAME_MS // 1000
        start_ms = self._clock.now_ms()
        self._skip_to(start_ms)
        played = 0
        try:
            while True:
                at_ms = start_ms + played * 1000.0 / self._rate_hz
                await self._until(at_ms)
                pcm = source.pull(block, at_ms)
                self._write(pcm)
                played += len(pcm) // SAMPLE_BYTES
                if len(pcm) < block * SAMPLE_BYTES:
                    await self._until(start_ms + played * 1000.0 / self._rate_hz)
                    return
        finally:
            self._write_header()

    async def close(self) -> None:
        """Fill the file up to now and close it."""
        if not self._file.closed:
            self._skip_to(self._clock.now_ms())
            self._write_header()
            self._file.truncate(HEADER_BYTES + self._samples * SAMPLE_BYTES)
            self._file.close()

    async def _until(self, at_ms: float) -> None:
        """Wait until the clock says so."""
        wait_ms = at_ms - self._clock.now_ms()
        if wait_ms > 0:
            await asyncio.sleep(wait_ms / 1000.0)

    def _skip_to(self, at_ms: float) -> None:
        """Leave silence up to a time."""
        samples = round((at_ms - self.opened_ms) * self._rate_hz / 1000.0)
        self._samples = max(self._samples, samples)

    def _write(self, pcm: bytes) -> None:
        """Put samples behind what was played so far."""
        offset = HEADER_BYTES + self._samples * SAMPLE_BYTES
        if offset + len(pcm) < MAX_WAV_BYTES:
            self._file.seek(offset)
            self._file.write(pcm)
        self._samples += len(pcm) // SAMPLE_BYTES

    def _write_header(self) -> None:
        """Write a WAV header with the present length."""
        data = min(self._samples * SAMPLE_BYTES, MAX_WAV_BYTES)
        rate = self._rate_hz
        self._file.seek(0)
        self._file.write(
            struct.pack(
                "<4sI4s4sIHHIIHH4sI",
                *(b"RIFF", data + HEADER_BYTES - 8, b"WAVE", b"fmt ", 16, 1, 1),
                *(rate, rate * SAMPLE_BYTES, SAMPLE_BYTES, 8 * SAMPLE_BYTES, b"data", data),
            )
        )
        self._file.flush()


class NullSpeaker:
    """A loudspeaker nobody hears, paced like a real one."""

    def __init__(self, clock: Clock, rate_hz: int) -> None:
        """Take the clock that paces it."""
        self._clock = clock
        self._rate_hz = rate_hz

    @property
    def rate_hz(self) -> int:
        """Return the rate that sounds are asked in."""
        return self._rate_hz

    async def play(self, source: Source) -> None:
        """Take 20 ms at a time."""
        block = self._rate_hz * FRAME_MS // 1000
        at_ms = self._clock.now_ms()
        while True:
            pcm = source.pull(block, at_ms)
            at_ms += len(pcm) / SAMPLE_BYTES * 1000.0 / self._rate_hz
            await asyncio.sleep(max(0.0, at_ms - self._clock.now_ms()) / 1000.0)
            if len(pcm) < block * SAMPLE_BYTES:
                return

    async def close(self) -> None:
        """Nothing to let go of."""
