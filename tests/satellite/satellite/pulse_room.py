"""A sound server without a sound card: what is played into it is heard, what it says is recorded."""

import asyncio
from collections.abc import AsyncIterator
import contextlib
from dataclasses import dataclass, field
import os
from pathlib import Path
import sys
from typing import Any

import numpy as np
import soxr
from wyoming.event import Event

from waifu_satellite.format import MIC_RATE_HZ, SAMPLE_BYTES
from waifu_wire.frames import read_frame, write_frame

RATE_HZ = 22_050
"""Of the reply."""
ROOM_RATE_HZ = 48_000
REPLY = np.linspace(5000, 20_000, RATE_HZ * 3 // 2, dtype="<i2")
"""1.5 s of sound in which every sample tells its place by its height."""
LOUD = 3000
FOLDER = Path(__file__).parents[3] / "satellite"
# One device for both: what is said to the microphone is its left channel, what the loudspeaker says its
# right one. Its monitor is the one stream in which both have their place, by one clock.
CONFIG = f"""
load-module module-null-sink sink_name=room rate={ROOM_RATE_HZ} channel_map=front-left,front-right
load-module module-remap-sink sink_name=micbus master=room {{left}}
load-module module-remap-sink sink_name=spk master=room {{right}}
load-module module-remap-source source_name=mic master=room.monitor {{left}}
set-default-sink spk
set-default-source mic
load-module module-native-protocol-unix socket={{socket}} auth-anonymous=1
"""
CHANNEL = "channels=1 channel_map=mono master_channel_map=front-{} remix=no"

type Samples = np.ndarray[Any, np.dtype[np.int16]]


@dataclass(slots=True, kw_only=True)
class SpokenTurn:
    """What came of a sentence that was spoken to a satellite."""

    reports: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """What it told, in order."""
    sent: bytearray = field(default_factory=bytearray)
    """The microphone, as it streamed it."""
    sent_from_ms: float = float("inf")
    """When the first sample of that was heard.

    Pieces come late, never before they were heard: the earliest of them tells.
    """
    room: bytes = b""
    """The room: microphone and loudspeaker, recorded in one stream."""

    def told(self, name: str) -> dict[str, Any]:
        """Return what a report said last, nothing where there was none."""
        return dict(self.reports).get(name, {})

    def stream(self, event: Event, now_ms: float) -> None:
        """Take a piece of the microphone."""
        pcm = event.payload or b""
        begin_ms = len(self.sent) * 1000 / (MIC_RATE_HZ * SAMPLE_BYTES)
        self.sent += pcm
        length_ms = len(pcm) * 1000 / (MIC_RATE_HZ * SAMPLE_BYTES)
        self.sent_from_ms = min(self.sent_from_ms, now_ms - begin_ms - length_ms)

    def errors_ms(self) -> list[float]:
        """Return by how much each report was wrong.

        What the microphone streamed is looked for in the recording, the reply begins so far behind
        it: that, and not when a piece of a recording came, tells when it sounded.
        """
        heard, said = self._room_channels()
        heard = soxr.resample(heard.astype(np.float32), ROOM_RATE_HZ, MIC_RATE_HZ)
        streamed_ms = _place(heard, np.frombuffer(self.sent, dtype="<i2")) * 1000 / MIC_RATE_HZ
        room_ms = self.sent_from_ms - streamed_ms
        places = [data for name, data in self.reports if name.startswith("playback-")]
        return [
            place["at_ms"] - room_ms - _sounded_ms(said, place.get("audio_ms", 0.0))
            for place in places
        ]

    def loud_ms(self) -> float:
        """Return how long the loudspeaker was loud."""
        _, said = self._room_channels()
        return float(np.count_nonzero(said > LOUD)) * 1000 / ROOM_RATE_HZ

    def _room_channels(self) -> tuple[Samples, Samples]:
        """Return what the microphone heard and what the loudspeaker said."""
        samples = np.frombuffer(self.room, dtype="<i2").reshape(-1, 2)
        return samples[:, 0], samples[:, 1]


def _sounded_ms(said: Samples, audio_ms: float) -> float:
    """Return when a place of the reply sounded.

    The nearest one is taken that was recorded: a monitor misses the first block of a sound.
    """
    (loud,) = np.nonzero(said > LOUD)
    assert len(loud), "nothing was heard"
    height = (said[loud] - float(REPLY[0])) / float(REPLY[-1] - REPLY[0])
    into_ms = height * len(REPLY) * 1000 / RATE_HZ
    nearest = int(np.argmin(np.abs(into_ms - audio_ms)))
    return float(loud[nearest] * 1000 / ROOM_RATE_HZ + audio_ms - into_ms[nearest])


def _place(whole: Samples, part: Samples) -> int:
    """Return at which sample of a recording a part of it begins."""
    size = len(whole) + len(part)
    spectrum = np.fft.rfft(whole, size) * np.conj(np.fft.rfft(part.astype(np.float32), size))
    return int(np.argmax(np.fft.irfft(spectrum, size)[: len(whole)]))


@contextlib.asynccontextmanager
async def pulseaudio(folder: Path) -> AsyncIterator[dict[str, str]]:
    """Run a sound server of our own; give the environment that finds it."""
    config = folder / "pulse.pa"
    left, right = CHANNEL.format("left"), CHANNEL.format("right")
    config.write_text(CONFIG.format(left=left, right=right, socket=folder / "native"))
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


async def spoken_turn(folder: Path, wav: Path, back_end: str) -> SpokenTurn:
    """Speak to a satellite and let it answer."""
    turn = SpokenTurn()
    async with (
        pulseaudio(folder) as environment,
        satellite(folder, environment, back_end) as (reader, writer),
        recording(environment, turn),
    ):
        speaking = await asyncio.create_subprocess_exec(
            "paplay", "--device=micbus", str(wav), env=environment
        )
        async with asyncio.timeout(60):
            await _follow(turn, reader, writer)
        await asyncio.sleep(0.5)
        await speaking.wait()
    return turn


@contextlib.asynccontextmanager
async def recording(environment: dict[str, str], turn: SpokenTurn) -> AsyncIterator[None]:
    """Record the room while the context is open."""
    process = await asyncio.create_subprocess_exec(
        *("parec", "--device=room.monitor", f"--rate={ROOM_RATE_HZ}", "--channels=2"),
        *("--channel-map=front-left,front-right", "--format=s16le", "--raw", "--latency-msec=20"),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    reading = asyncio.ensure_future(process.stdout.read())
    try:
        # A null sink needs up to two seconds for its first sample.
        await asyncio.sleep(3)
        yield
    finally:
        process.kill()
        await process.wait()
        turn.room = await reading
        turn.room = turn.room[: len(turn.room) // 4 * 4]


async def _follow(
    turn: SpokenTurn, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Keep what the satellite tells, and answer when the speech has ended."""
    loop = asyncio.get_running_loop()
    while not turn.told("playback-stopped"):
        event = await read_frame(reader)
        assert event is not None
        if event.type == "audio-chunk":
            turn.stream(event, loop.time() * 1000)
        elif event.type == "audio-stop":
            await _reply(writer)
        elif event.type == "user-event":
            turn.reports.append((event.data["name"], event.data["data"]))


async def _reply(writer: asyncio.StreamWriter) -> None:
    """Send the reply."""
    await write_frame(
        writer, Event(type="audio-start", data={"rate": RATE_HZ, "width": 2, "channels": 1})
    )
    for piece in np.split(REPLY, 15):
        chunk = Event(type="audio-chunk", data={}, payload=piece.tobytes())
        await write_frame(writer, chunk)
    await write_frame(writer, Event(type="audio-stop"))
