"""ALSA and PulseAudio/PipeWire through their own programs: no library, no sound server needed.

The programs' defaults buffer up to two seconds (parec, pacat), so every buffer is named.
"""

import asyncio
from collections.abc import AsyncIterator
import contextlib
from typing import Final

from waifu_satellite.clock import Clock
from waifu_satellite.format import FRAME_BYTES, FRAME_MS, MIC_RATE_HZ, SAMPLE_BYTES

from .base import AudioError, Deliver, Source
from .channels import MONO, Channels
from .meter import Meter

RECORD: Final[dict[str, tuple[str, ...]]] = {
    "alsa": (
        *("arecord", "-q", "-t", "raw", "-f", "S16_LE"),
        *("--buffer-time=60000", "--period-time=20000", f"--rate={MIC_RATE_HZ}"),
    ),
    "pulse": (
        *("parec", "--raw", "--format=s16le"),
        *("--latency-msec=20", f"--rate={MIC_RATE_HZ}", "--client-name=waifu-satellite"),
    ),
}
PLAY: Final[dict[str, tuple[str, ...]]] = {
    "alsa": (
        *("aplay", "-q", "-t", "raw", "-f", "S16_LE", "-c", "1"),
        *("--buffer-time=80000", "--period-time=20000"),
    ),
    "pulse": (
        *("pacat", "--playback", "--raw", "--format=s16le", "--channels=1"),
        *("--latency-msec=40", "--client-name=waifu-satellite", "--verbose"),
    ),
}
# These tell all the time which second of their input is heard.
MEASURED: Final = frozenset({"pulse"})
DEVICE_OPTION: Final = {"alsa": "--device={}", "pulse": "--device={}"}
# From the first write to the first sample at the loudspeaker, where the program does not tell it.
START_MS: Final = {"alsa": 60.0, "pulse": 50.0}
# The program is fed so far ahead of what sounds.
LEAD_MS: Final = 60.0
DEAF_S: Final = 3.0
LAST_WORDS_S: Final = 1.0


class ProcessMicrophone:
    """Reads `arecord` or `parec`."""

    def __init__(
        self, kind: str, device: str | None, clock: Clock, channels: Channels = MONO
    ) -> None:
        """Take the sound system and its device."""
        command = (*RECORD[kind], f"--channels={channels.count}")
        self._command = _with_device(command, kind, device)
        self._clock = clock
        self._channels = channels

    async def run(self, deliver: Deliver) -> None:
        """Deliver frames until cancelled or until the program ends."""
        async with _started(self._command, stdout=True) as process:
            assert process.stdout is not None
            frame_bytes = FRAME_BYTES * self._channels.count
            while True:
                try:
                    async with asyncio.timeout(DEAF_S):
                        frame = await process.stdout.readexactly(frame_bytes)
                except (asyncio.IncompleteReadError, TimeoutError):
                    raise AudioError(await _complaint(self._command, process)) from None
                deliver(self._channels.split(frame), self._clock.now_ms() - FRAME_MS)


class ProcessSpeaker:
    """Feeds `aplay` or `pacat`, one for each sound: ending it is the fastest way to silence."""

    def __init__(self, kind: str, device: str | None, clock: Clock, rate_hz: int) -> None:
        """Take the sound system and its device."""
        self._command = (*_with_device(PLAY[kind], kind, device), f"--rate={rate_hz}")
        self._start_ms = START_MS[kind]
        self._measures = kind in MEASURED
        self._clock = clock
        self._rate_hz = rate_hz

    @property
    def rate_hz(self) -> int:
        """Return the rate that sounds are asked in."""
        return self._rate_hz

    async def play(self, source: Source) -> None:
        """Play through one run of the program; when cancelled, end it at once."""
        async with _started(self._command, stdout=False) as process:
            assert process.stdin is not None and process.stderr is not None
            meter = Meter(process.stderr)
            measuring = asyncio.create_task(meter.run(self._clock), name="waifu satellite meter")
            try:
                end_ms = await self._feed(source, process.stdin, meter)
                process.stdin.close()
                await process.wait()
                # What it said last may still be on its way when it has ended.
                await asyncio.wait([measuring], timeout=LAST_WORDS_S)
            except ConnectionError:
                await asyncio.wait([measuring], timeout=LAST_WORDS_S)
                raise AudioError(meter.complaint(self._command)) from None
            finally:
                measuring.cancel()
            if process.returncode:
                raise AudioError(meter.complaint(self._command))
            await asyncio.sleep(max(0.0, end_ms - self._clock.now_ms()) / 1000.0)

    async def _feed(self, source: Source, stdin: asyncio.StreamWriter, meter: Meter) -> float:
        """Write ahead of the sound; return when its last sample sounds."""
        block = self._rate_hz * FRAME_MS // 1000
        guess_ms, written_ms = self._clock.now_ms() + self._start_ms, 0.0
        while True:
            begin_ms = guess_ms if meter.begin_ms is None else meter.begin_ms
            ahead_ms = begin_ms + written_ms - LEAD_MS - self._clock.now_ms()
            await asyncio.sleep(max(0.0, ahead_ms) / 1000.0)
            known = meter.begin_ms if self._measures else begin_ms
            pcm = source.pull(block, None if known is None else known + written_ms)
            stdin.write(pcm)
            await stdin.drain()
            written_ms += len(pcm) / SAMPLE_BYTES * 1000.0 / self._rate_hz
            if len(pcm) < block * SAMPLE_BYTES:
                return begin_ms + written_ms

    async def close(self) -> None:
        """Nothing to let go of: each sound had a program of its own."""


def _with_device(command: tuple[str, ...], kind: str, device: str | None) -> tuple[str, ...]:
    """Return the command for a device."""
    return command if device is None else (*command, DEVICE_OPTION[kind].format(device))


@contextlib.asynccontextmanager
async def _started(
    command: tuple[str, ...], *, stdout: bool
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a program while the context is open; it never outlives it."""
    pipe, null = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=null if stdout else pipe,
            stdout=pipe if stdout else null,
            stderr=pipe,
        )
    except FileNotFoundError:
        package = "alsa-utils" if command[0].startswith("a") else "pulseaudio-utils"
        raise AudioError(f"{command[0]} is not installed; try: apt install {package}") from None
    try:
        yield process
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        await process.wait()


async def _complaint(command: tuple[str, ...], process: asyncio.subprocess.Process) -> str:
    """Return the last line that a program which ended had to say."""
    assert process.stderr is not None
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    said = (await process.stderr.read(4096)).decode(errors="replace").strip().splitlines()
    return f"{command[0]} ended: {said[-1]}" if said else f"{command[0]} delivers no sound"
