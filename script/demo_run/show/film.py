"""Film the show with its sound: frames of the page, a sound server that nobody hears, ffmpeg."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import os
from pathlib import Path
import shutil
import time

from demo_run.places import DemoError
from demo_run.processes import program

SINK = "show"
RATE_HZ = 48000
CONFIG = f"""\
load-module module-null-sink sink_name={SINK} rate={RATE_HZ}
set-default-sink {SINK}
load-module module-native-protocol-unix socket={{socket}} auth-anonymous=1
"""
START_S = 15
FRAMES_PER_S = 10
WIDTH_PX = 1120
CRF = 42
"""Words stay sharp, and a minute takes less than a megabyte."""
LAST_FRAME_S = 1.0
NEEDED = ("pulseaudio", "parec", "paplay", "ffmpeg")

type Frames = list[tuple[str, float]]


def check_tools() -> None:
    """Raise DemoError where something that a film needs is not installed."""
    for name in NEEDED:
        if shutil.which(name) is None:
            package = name if name in ("pulseaudio", "ffmpeg") else "pulseaudio-utils"
            raise DemoError(f"{name} is missing: apt install {package}.")


@asynccontextmanager
async def sound_server(folder: Path) -> AsyncGenerator[None]:
    """Run a sound server of our own; whatever is started meanwhile plays into it."""
    folder.mkdir(parents=True, exist_ok=True)
    socket, config = folder / "native", folder / "pulse.pa"
    config.write_text(CONFIG.format(socket=socket))
    own = {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    command = (
        *("pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"),
        *("-F", str(config)),
    )
    async with program("sound server", command, folder / "pulse.out", environment=own) as running:
        async with asyncio.timeout(START_S):
            while not socket.exists():
                running.check()
                await asyncio.sleep(0.05)
        os.environ["PULSE_SERVER"] = f"unix:{socket}"
        try:
            yield
        finally:
            del os.environ["PULSE_SERVER"]


async def play_aloud(path: Path) -> None:
    """Let whoever watches hear what is said into a microphone."""
    process = await asyncio.create_subprocess_exec("paplay", str(path))
    await process.wait()


async def has_loudspeaker() -> bool:
    """Return whether this machine has a sound server, so that people hear the rooms."""
    if shutil.which("pactl") is None or shutil.which("paplay") is None:
        return False
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec("pactl", "info", stdout=quiet, stderr=quiet)
    return await process.wait() == 0


class Tape:
    """All that sounds while it runs, as raw 16-bit stereo."""

    def __init__(self, path: Path) -> None:
        """Record into a file."""
        self.path = path
        self.began_s = 0.0
        """When its first sample was heard (s since 1970)."""
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Record; return when sound comes in."""
        with self.path.open("wb") as output:
            self._process = await asyncio.create_subprocess_exec(
                *("parec", f"--device={SINK}.monitor", "--raw", "--latency-msec=20"),
                *("--format=s16le", f"--rate={RATE_HZ}", "--channels=2"),
                stdout=output,
            )
        async with asyncio.timeout(START_S):
            while not (size := self.path.stat().st_size):
                await asyncio.sleep(0.01)
        self.began_s = time.time() - size / (RATE_HZ * 4)

    async def stop(self) -> None:
        """Stop recording."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()


async def make_film(frames: Frames, tape: Tape, path: Path) -> None:
    """Put frames and sound together. Raises DemoError where ffmpeg can't."""
    if not frames:
        raise DemoError("Chromium gave no frame of the show.")
    listed = tape.path.with_suffix(".txt")
    listed.write_text(_list(frames))
    late_s = frames[0][1] - tape.began_s
    # Sound from before the first frame is left out; a tape that began later is put later.
    place = ("-ss", f"{late_s:.3f}") if late_s > 0 else ("-itsoffset", f"{-late_s:.3f}")
    await _ffmpeg(
        *("-f", "concat", "-safe", "0", "-i", str(listed)),
        *(*place, "-f", "s16le", "-ar", str(RATE_HZ), "-ac", "2", "-i", str(tape.path)),
        *("-vf", f"fps={FRAMES_PER_S},scale={WIDTH_PX}:-2", "-pix_fmt", "yuv420p"),
        *(
            "-c:v",
            "libvpx-vp9",
            "-crf",
            str(CRF),
            "-b:v",
            "0",
            "-deadline",
            "good",
            "-cpu-used",
            "5",
        ),
        *("-row-mt", "1", "-c:a", "libopus", "-b:a", "36k", "-ac", "1", "-shortest"),
        str(path),
    )


def _list(frames: Frames) -> str:
    """Return the frames as ffmpeg's list, each with the time that it stood."""
    lines = ["ffconcat version 1.0"]
    ends = [at for _file, at in frames[1:]] + [frames[-1][1] + LAST_FRAME_S]
    for (file, at), end in zip(frames, ends, strict=True):
        lines += [f"file '{file}'", f"duration {max(end - at, 0.001):.3f}"]
    return "\n".join([*lines, f"file '{frames[-1][0]}'"])


async def _ffmpeg(*words: str) -> None:
    """Run ffmpeg."""
    process = await asyncio.create_subprocess_exec(
        *("ffmpeg", "-y", "-nostdin", "-loglevel", "error", *words), stderr=asyncio.subprocess.PIPE
    )
    _out, errors = await process.communicate()
    if process.returncode:
        raise DemoError(f"ffmpeg failed: {errors.decode(errors='replace').strip()}")
