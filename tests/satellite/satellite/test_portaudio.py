"""PortAudio's odd devices: another rate, unplugged in the middle, late to open. No machine of tests has them."""

import asyncio
from collections.abc import Callable
import sys
import threading
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from waifu_satellite.audio.base import AudioError
from waifu_satellite.audio.channels import Channels
from waifu_satellite.audio.devices import open_microphone, open_speaker
from waifu_satellite.clock import LoopClock
from waifu_satellite.format import FRAME_BYTES

RATE_HZ = 48_000


class PortAudioError(Exception):
    """As sounddevice has it."""


class Stream:
    """A stream that calls back from a thread of its own, as PortAudio does."""

    def __init__(self, library: Any, **options: Any) -> None:
        self._library = library
        self.options = options
        self.closed = False
        library.streams.append(self)

    def start(self) -> None:
        """Run the driver's thread."""
        if self._library.opens is not None:
            self._library.opens.wait(60)
        threading.Thread(target=self._library.driver, args=(self,), daemon=True).start()

    def abort(self) -> None:
        """Drop the buffer."""

    def close(self) -> None:
        """Let go."""
        self.closed = True


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a sounddevice whose only device has 48 kHz."""
    module: Any = ModuleType("sounddevice")
    module.PortAudioError = PortAudioError
    module.streams = []
    module.opens = None

    def check_input_settings(**_settings: Any) -> None:
        raise PortAudioError("Invalid sample rate")

    module.check_input_settings = check_input_settings
    module.query_devices = lambda _device, _kind: {"default_samplerate": float(RATE_HZ)}
    module.RawInputStream = lambda **options: Stream(module, **options)
    module.RawOutputStream = lambda **options: Stream(module, **options)
    monkeypatch.setitem(sys.modules, "sounddevice", module)
    return module


@pytest.mark.parametrize("channels", [1, 2])
async def test_device_without_16_khz_is_resampled_until_it_is_unplugged(
    library: Any, channels: int
) -> None:
    """A second at 48 kHz is a second at 16 kHz; then the driver says that it has ended."""

    def driver(stream: Stream) -> None:
        time = SimpleNamespace(currentTime=1.0, inputBufferAdcTime=0.99)
        block = np.full((RATE_HZ // 50, channels), 5000, dtype="<i2").tobytes()
        for _ in range(50):
            stream.options["callback"](block, RATE_HZ // 50, time, None)
        stream.options["finished_callback"]()

    library.driver = driver
    frames: list[bytes] = []
    reference: list[bytes] = []
    split = Channels(reference=1 if channels == 2 else None, on_reference=reference.append)
    microphone = open_microphone("sounddevice", LoopClock(), split)
    with pytest.raises(AudioError, match="unplugged"):
        await microphone.run(lambda pcm, _at_ms: frames.append(pcm))
    assert {len(frame) for frame in frames} == {FRAME_BYTES}
    # The resampler keeps what it may still need.
    assert 45 <= len(frames) <= 50
    assert abs(int(np.frombuffer(frames[20], dtype="<i2").mean()) - 5000) < 50
    assert bool(reference) == (channels == 2)
    assert library.streams[0].options["samplerate"] == RATE_HZ
    assert library.streams[0].closed


class Tone:
    """An endless sound."""

    def pull(self, samples: int, at_ms: float | None) -> bytes:
        """Return the next samples."""
        return bytes(2 * samples)


async def test_loudspeaker_that_is_unplugged(library: Any) -> None:
    """The sound has not ended, the device has."""
    library.driver = lambda stream: stream.options["finished_callback"]()
    with pytest.raises(AudioError, match="unplugged"):
        await open_speaker("sounddevice", LoopClock(), 22_050).play(Tone())
    assert library.streams[0].closed


async def test_sound_that_is_cancelled_while_its_device_opens(library: Any) -> None:
    """The stream is closed as soon as it is there."""
    library.opens = threading.Event()
    library.driver = lambda _stream: None
    playing = asyncio.create_task(open_speaker("sounddevice", LoopClock(), 22_050).play(Tone()))
    await _until(lambda: bool(library.streams))
    playing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await playing
    assert not library.streams[0].closed
    library.opens.set()
    await _until(lambda: library.streams[0].closed)


async def _until(true: Callable[[], bool]) -> None:
    """Wait until something is true."""
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0.01)
