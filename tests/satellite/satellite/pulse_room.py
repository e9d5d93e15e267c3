"""A sound server without a sound card: what is played into it is heard, what it says is recorded."""

import asyncio
from collections.abc import AsyncIterator
import contextlib
import os
from pathlib import Path
import sys
from typing import Any

import numpy as np
from wyoming.event import Event

from waifu_wire.frames import read_frame, write_frame

RATE_HZ = 22_050
FOLDER = Path(__file__).parents[3] / "satellite"
AROUND_S = 2.0
CONFIG = """
load-module module-null-sink sink_name=spk rate=48000
load-module module-null-sink sink_name=micbus rate=16000 channels=1
load-module module-remap-source source_name=mic master=micbus.monitor
set-default-sink spk
set-default-source mic
load-module module-native-protocol-unix socket={socket} auth-anonymous=1
"""


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
        """Return when the first loud sample was played.

        Pieces come early or late, never before they were played: of those around it the earliest tells.
        """
        pcm = np.frombuffer(b"".join(piece for _, piece in self.pieces), dtype="<i2")
        loud = np.nonzero(np.abs(pcm) > 3000)[0]
        assert len(loud), "nothing was heard"
        first, end, begins = int(loud[0]), 0, []
        for at_ms, piece in self.pieces:
            end += len(piece) // 2
            if abs(end - first) < AROUND_S * RATE_HZ:
                begins.append(at_ms - end * 1000 / RATE_HZ)
        return float(min(begins)) + first * 1000 / RATE_HZ

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


async def spoken_turn(folder: Path, wav: Path, back_end: str) -> tuple[Recorder, dict[str, Any]]:
    """Speak to a satellite and let it answer; return what was heard and what it reported, by name."""
    async with (
        pulseaudio(folder) as environment,
        satellite(folder, environment, back_end) as (reader, writer),
    ):
        process = await asyncio.create_subprocess_exec(
            *("parec", "--device=spk.monitor", f"--rate={RATE_HZ}", "--channels=1"),
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
        reports: dict[str, Any] = {}
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
    return recorder, reports


async def _reply(writer: asyncio.StreamWriter) -> None:
    """Send 1.5 s of sound."""
    await write_frame(
        writer, Event(type="audio-start", data={"rate": RATE_HZ, "width": 2, "channels": 1})
    )
    pcm = np.full(RATE_HZ // 10, 10_000, dtype="<i2").tobytes()
    for _ in range(15):
        await write_frame(writer, Event(type="audio-chunk", data={}, payload=pcm))
    await write_frame(writer, Event(type="audio-stop"))
