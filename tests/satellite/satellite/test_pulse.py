"""The real audio path: PulseAudio carries the phrase in and the reply out, without a sound card."""

import asyncio
from collections.abc import AsyncIterator, Callable
import contextlib
import os
from pathlib import Path
import shutil
import sys

import numpy as np
import pytest
from wyoming.event import Event

from waifu_wire.frames import read_frame, write_frame

RATE_HZ = 22_050
FOLDER = Path(__file__).parents[3] / "satellite"
CONFIG = """
load-module module-null-sink sink_name=spk rate=48000
load-module module-null-sink sink_name=micbus rate=16000 channels=1
load-module module-remap-source source_name=mic master=micbus.monitor
set-default-sink spk
set-default-source mic
load-module module-native-protocol-unix socket={socket} auth-anonymous=1
"""

pytestmark = pytest.mark.skipif(
    shutil.which("pulseaudio") is None or shutil.which("parec") is None,
    reason="pulseaudio is not installed; try: apt install pulseaudio pulseaudio-utils",
)


@contextlib.asynccontextmanager
async def pulseaudio(folder: Path) -> AsyncIterator[dict[str, str]]:
    """Run a sound server of our own; give the environment that finds it."""
    config = folder / "pulse.pa"
    config.write_text(CONFIG.format(socket=folder / "native"))
    environment = {
        **os.environ,
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "PULSE_SERVER": f"unix:{folder / 'native'}",
    }
    server = await asyncio.create_subprocess_exec(
        *("pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"),
        *("-F", str(config)),
        env=environment,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(60):
            while not (folder / "native").exists():
                await asyncio.sleep(0.05)
        yield environment
    finally:
        server.terminate()
        await server.wait()


class Recorder:
    """Records what the loudspeaker says, with the time at which each piece came."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.pieces: list[tuple[float, bytes]] = []
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        assert self.process.stdout is not None
        loop = asyncio.get_running_loop()
        while piece := await self.process.stdout.read(882):
            self.pieces.append((loop.time() * 1000, piece))

    def first_loud_ms(self) -> float:
        """Return when the first loud sample was played."""
        for at_ms, piece in self.pieces:
            loud = np.nonzero(np.abs(np.frombuffer(piece, dtype="<i2")) > 3000)[0]
            if len(loud):
                return at_ms - (len(piece) / 2 - float(loud[0])) * 1000 / RATE_HZ
        raise AssertionError("nothing was heard")

    def loud_ms(self) -> float:
        """Return how long it was loud."""
        pcm = np.frombuffer(b"".join(piece for _, piece in self.pieces), dtype="<i2")
        return float(np.count_nonzero(np.abs(pcm) > 3000)) * 1000 / RATE_HZ


@contextlib.asynccontextmanager
async def satellite(
    folder: Path, environment: dict[str, str], back_end: str
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Run a satellite on a back end; give a connection as its primary."""
    device = {"pulse": ("pulse:mic", "pulse:spk")}.get(back_end, (f"{back_end}:pulse",) * 2)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "waifu_satellite", "run", "--uri", "tcp://127.0.0.1:0"),
        *("--plain", "--no-announce", "--state-dir", str(folder)),
        *("--mic", device[0], "--speaker", device[1]),
        cwd=FOLDER,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        port = int((await process.stdout.readline()).decode().rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await write_frame(writer, Event(type="run-satellite"))
        yield reader, writer
        writer.close()
    finally:
        process.terminate()
        await process.wait()


@pytest.mark.parametrize("back_end", ["pulse", "sounddevice"])
async def test_spoken_turn_over_pulseaudio(
    tmp_path: Path, spoken: Callable[..., Path], back_end: str
) -> None:
    """Woken through the sound server, heard through the sound server, reported to 30 ms."""
    wav = spoken("hey jarvis, turn on the kitchen light")
    async with (
        pulseaudio(tmp_path) as environment,
        satellite(tmp_path, environment, back_end) as (reader, writer),
    ):
        command = ("parec", "--device=spk.monitor", f"--rate={RATE_HZ}", "--channels=1")
        process = await asyncio.create_subprocess_exec(
            *command,
            *("--format=s16le", "--raw", "--latency-msec=20"),
            env=environment,
            stdout=asyncio.subprocess.PIPE,
        )
        recorder = Recorder(process)
        # A null sink needs up to two seconds for its first sample.
        await asyncio.sleep(3)
        speaking = await asyncio.create_subprocess_exec(
            "paplay", "--device=micbus", str(wav), env=environment
        )
        reports: dict[str, dict[str, float]] = {}
        async with asyncio.timeout(60):
            while "playback-stopped" not in reports:
                event = await read_frame(reader)
                assert event is not None
                if event.type == "audio-stop":
                    await _reply(writer)
                elif event.type == "user-event":
                    reports[event.data["name"]] = event.data["data"]
        await asyncio.sleep(0.5)
        process.kill()
        await asyncio.gather(speaking.wait(), process.wait(), recorder.task)
    assert (
        reports["wake"]["score"] >= 0.45
    )  # where it wakes at the latest: the first look above it counts
    assert reports["playback-stopped"]["audio_ms"] == 1500
    assert recorder.loud_ms() == pytest.approx(1500, abs=60)
    error_ms = reports["playback-started"]["at_ms"] - recorder.first_loud_ms()
    # The recorder itself is late by its own buffer of 20 ms.
    assert abs(error_ms) <= 50


async def _reply(writer: asyncio.StreamWriter) -> None:
    """Send 1.5 s of sound."""
    await write_frame(
        writer, Event(type="audio-start", data={"rate": RATE_HZ, "width": 2, "channels": 1})
    )
    pcm = np.full(RATE_HZ // 10, 10_000, dtype="<i2").tobytes()
    for _ in range(15):
        await write_frame(writer, Event(type="audio-chunk", data={}, payload=pcm))
    await write_frame(writer, Event(type="audio-stop"))
