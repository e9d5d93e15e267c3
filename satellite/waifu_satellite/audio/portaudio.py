"""Microphone and loudspeaker through PortAudio: the least work for the processor, exact times."""

import asyncio
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from waifu_satellite.clock import Clock
from waifu_satellite.format import FRAME_BYTES, FRAME_MS, FRAME_SAMPLES, MIC_RATE_HZ, SAMPLE_BYTES

from .base import AudioError, Deliver, Source
from .channels import MONO, Channels

if TYPE_CHECKING:
    import soxr


# A reply may wait so long; a shorter buffer runs dry on small machines. Silence does not wait for
# it: an aborted stream drops its buffer.
OUTPUT_LATENCY_S: Final = 0.1


class PortAudioMicrophone:
    """A microphone that PortAudio knows, by number or part of its name."""

    def __init__(self, device: str | None, clock: Clock, channels: Channels = MONO) -> None:
        """Take the device; it is opened by `run`."""
        self._channels = channels
        self._sounddevice = _load()
        self._device = _device(device)
        self._clock = clock

    async def run(self, deliver: Deliver) -> None:
        """Deliver frames until cancelled or until the device ends."""
        loop = asyncio.get_running_loop()
        ended = asyncio.Event()
        rate_hz = await asyncio.to_thread(self._usable_rate)
        cutter = _Cutter(rate_hz, self._channels.count)

        def pass_on(frame: bytes, at_ms: float) -> None:
            deliver(self._channels.split(frame), at_ms)

        def on_audio(data: Any, frames: int, time: Any, _status: Any) -> None:
            # In PortAudio's own thread.
            age_ms = max(0.0, time.currentTime - time.inputBufferAdcTime) * 1000.0
            at_ms = self._clock.now_ms() - age_ms
            for number, frame in enumerate(cutter.cut(bytes(data))):
                loop.call_soon_threadsafe(pass_on, frame, at_ms + number * FRAME_MS)

        def on_end() -> None:
            loop.call_soon_threadsafe(ended.set)

        stream = await asyncio.to_thread(
            self._open, "RawInputStream", rate_hz, callback=on_audio, finished_callback=on_end
        )
        try:
            await ended.wait()
        finally:
            stream.close()
        raise AudioError("The microphone was unplugged or its driver stopped")

    def _usable_rate(self) -> int:
        """Return 16 kHz where the device can do it, else its own rate."""
        try:
            self._sounddevice.check_input_settings(
                device=self._device,
                channels=self._channels.count,
                dtype="int16",
                samplerate=MIC_RATE_HZ,
            )
        except (ValueError, self._sounddevice.PortAudioError):
            try:
                found = self._sounddevice.query_devices(self._device, "input")
            except (ValueError, self._sounddevice.PortAudioError) as err:
                raise AudioError(f"The microphone can't be opened: {err}") from err
            return int(found["default_samplerate"])
        return MIC_RATE_HZ

    def _open(self, kind: str, rate_hz: int, **options: Any) -> Any:
        """Return a stream that runs."""
        options["channels"] = self._channels.count
        return _open(self._sounddevice, kind, self._device, rate_hz, **options)


class PortAudioSpeaker:
    """A loudspeaker that PortAudio knows, opened for each sound."""

    def __init__(self, device: str | None, clock: Clock, rate_hz: int) -> None:
        """Take the device and the rate that sounds will have."""
        self._sounddevice = _load()
        self._device = _device(device)
        self._clock = clock
        self._rate_hz = rate_hz

    @property
    def rate_hz(self) -> int:
        """Return the rate that sounds are asked in."""
        return self._rate_hz

    async def play(self, source: Source) -> None:
        """Play until the last sample has sounded; when cancelled, be silent at once."""
        output = _Output(source, self._clock, self._rate_hz)
        opening = asyncio.ensure_future(
            asyncio.to_thread(
                _open,
                self._sounddevice,
                "RawOutputStream",
                self._device,
                self._rate_hz,
                latency=OUTPUT_LATENCY_S,
                callback=output.fill,
                finished_callback=output.device_ended,
            )
        )
        try:
            stream = await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(_close_opened)
            raise
        try:
            await output.ended.wait()
            # Not every driver plays its buffer to the end when it is told to stop.
            await asyncio.sleep(max(0.0, output.end_ms - self._clock.now_ms()) / 1000.0)
        finally:
            stream.abort()
            stream.close()
        if not output.dry:
            raise AudioError("The loudspeaker was unplugged or its driver stopped")

    async def close(self) -> None:
        """Nothing to let go of: each sound had a stream of its own."""


class _Output:
    """Fills the blocks of one sound, in PortAudio's own thread."""

    def __init__(self, source: Source, clock: Clock, rate_hz: int) -> None:
        """Take the sound."""
        self._source = source
        self._clock = clock
        self._rate_hz = rate_hz
        self._loop = asyncio.get_running_loop()
        self._filled = 0
        self.ended = asyncio.Event()
        self.dry = False
        """All of the sound was given to the device."""
        self.end_ms = 0.0
        """When its last sample sounds."""

    def fill(self, out: Any, frames: int, time: Any, _status: Any) -> None:
        """Give the device its next block; silence behind the sound's end."""
        # While the buffer is filled the device does not run, and its times are only a guess.
        runs = self._filled > OUTPUT_LATENCY_S * self._rate_hz + frames
        self._filled += frames
        ahead_ms = max(0.0, time.outputBufferDacTime - time.currentTime) * 1000.0
        at_ms = self._clock.now_ms() + ahead_ms
        pcm = b"" if self.dry else self._source.pull(frames, at_ms if runs else None)
        out[: len(pcm)] = pcm
        out[len(pcm) :] = bytes(len(out) - len(pcm))
        if len(pcm) < frames * SAMPLE_BYTES and not self.dry:
            self.dry = True
            self.end_ms = at_ms + len(pcm) / SAMPLE_BYTES * 1000.0 / self._rate_hz
            self.device_ended()

    def device_ended(self) -> None:
        """Let the sound's task look what happened."""
        self._loop.call_soon_threadsafe(self.ended.set)


def _close_opened(opening: "asyncio.Future[Any]") -> None:
    """Close a stream that nobody waits for any more."""
    if not opening.cancelled() and opening.exception() is None:
        opening.result().abort()
        opening.result().close()


class _Cutter:
    """Makes 20 ms frames at 16 kHz of what a device delivers."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        """Take the device's rate."""
        self._rest = b""
        self._channels = channels
        self._frame_bytes = FRAME_BYTES * channels
        self._resampler: soxr.ResampleStream | None = None
        if rate_hz != MIC_RATE_HZ:
            # Only devices without 16 kHz need it.
            self._resampler = import_module("soxr").ResampleStream(
                rate_hz, MIC_RATE_HZ, channels, dtype="int16"
            )

    def cut(self, pcm: bytes) -> list[bytes]:
        """Return the whole frames that are there now."""
        if self._resampler is not None:
            samples = np.frombuffer(pcm, dtype="<i2")
            if self._channels > 1:
                samples = samples.reshape(-1, self._channels)
            pcm = self._resampler.resample_chunk(samples).astype("<i2").tobytes()
        self._rest += pcm
        step = self._frame_bytes
        whole = len(self._rest) // step * step
        frames = [self._rest[at : at + step] for at in range(0, whole, step)]
        self._rest = self._rest[whole:]
        return frames


def _load() -> ModuleType:
    """Return the sounddevice module; it needs PortAudio from the system."""
    try:
        import sounddevice  # noqa: PLC0415 - an extra that others do without
    except ImportError:
        raise AudioError(
            "sounddevice is not installed; install waifu-satellite[room] or choose alsa or pulse"
        ) from None
    except OSError:
        raise AudioError(
            "PortAudio is not installed; try: apt install libportaudio2, or choose alsa or pulse"
        ) from None
    return sounddevice  # type: ignore[no-any-return]  # the library has no types


def _device(name: str | None) -> int | str | None:
    """Return a device's number, or part of its name."""
    return int(name) if name is not None and name.isdecimal() else name


def _open(
    sounddevice: ModuleType, kind: str, device: int | str | None, rate_hz: int, **options: Any
) -> Any:
    """Return a stream that runs, in blocks of 20 ms."""
    block = FRAME_SAMPLES * rate_hz // MIC_RATE_HZ
    try:
        stream = getattr(sounddevice, kind)(
            device=device,
            samplerate=rate_hz,
            blocksize=block,
            dtype="int16",
            **{"latency": "low", "channels": 1, **options},
        )
        stream.start()
    except (ValueError, sounddevice.PortAudioError) as err:
        raise AudioError(f"The sound device can't be opened: {err}") from err
    return stream
