"""wyoming-satellite 1.0.0 with wyoming-openwakeword, measured as ours is.

Both live in environments of their own with Python 3.11, made when they are first asked for. Where
that can't be done, the reason is printed and figures that were recorded once stand beside ours.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
import contextlib
from dataclasses import dataclass
import os
from pathlib import Path
import shutil
import socket
import subprocess
import sys

from waifu_satellite.audio.wav import write_wav
from waifu_satellite.format import MIC_RATE_HZ

CACHE = Path(sys.prefix).parent
HOME = CACHE / "rivals"
PACKAGES = {
    "wyoming-satellite": ["wyoming-satellite==1.0.0"],
    # Its tflite runtime was built against numpy 1 and fails with numpy 2.
    "wyoming-openwakeword": ["wyoming-openwakeword==1.8.2", "numpy<2"],
}
RECORDED = {
    "rival_request_after_phrase_ms": 228.0,
    "rival_speech_lost_ms": 380.0,
    "rival_cpu_share": 0.104,
    "rival_rss_mb": 82.0,
}
"""wyoming-satellite 1.4.1 (git) with wyoming-openwakeword 2.1, recorded on two x86 cores."""
INSTALL_LIMIT_S = 300.0
START_LIMIT_S = 30.0
PACED_MIC = Path(__file__).with_name("paced_mic.py")


class NoRivalError(Exception):
    """The rival can't be run here; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """The rival's programs, running."""

    port: int
    folder: Path
    pids: tuple[int, ...]

    async def say(self, pcm: bytes) -> float:
        """Play samples into the microphone; return when they began (ms)."""
        began = self.folder / "began"
        began.unlink(missing_ok=True)
        draft = self.folder / "draft.wav"
        write_wav(draft, pcm, MIC_RATE_HZ)
        draft.rename(self.folder / "say.wav")
        while not began.exists() or not (text := began.read_text()):
            await asyncio.sleep(0.01)
        return float(text)


def make_environments() -> None:
    """Make the two environments. Raises NoRivalError where that can't be done."""
    for name, packages in PACKAGES.items():
        home = HOME / name
        stamp = home / ".stamp"
        if stamp.exists() and stamp.read_text() == " ".join(packages):
            continue
        python = _python311()
        uv = str(CACHE / "uv" / "bin" / "uv")
        _call([uv, "venv", "--quiet", "--clear", "--python", python, str(home)])
        into = str(home / "bin" / "python")
        _call([uv, "pip", "install", "--quiet", "--python", into, *packages])
        stamp.write_text(" ".join(packages))


def _python311() -> str:
    """Return a Python 3.11 of this machine."""
    candidates = [shutil.which("python3.11")]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates += [str(path) for path in sorted(pyenv.glob("3.11*/bin/python3.11"))]
    for candidate in filter(None, candidates):
        done = subprocess.run([candidate, "-c", "import ssl"], check=False, capture_output=True)
        if done.returncode == 0:
            return candidate
    raise NoRivalError("there is no Python 3.11 on this machine")


def _call(command: list[str]) -> None:
    """Run a program to its end."""
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=INSTALL_LIMIT_S)
    except FileNotFoundError as err:
        raise NoRivalError(f"{command[0]} is missing") from err
    except subprocess.SubprocessError as err:
        said = (getattr(err, "stderr", "") or str(err)).strip().splitlines()
        raise NoRivalError(f"{command[1]} failed: {said[-1] if said else err}") from err


@contextlib.asynccontextmanager
async def rival(folder: Path, word: str) -> AsyncIterator[Rival]:
    """Run the rival while the context is open."""
    ears, mouth = _free_port(), _free_port()
    async with contextlib.AsyncExitStack() as stack:
        wake = await started(
            stack,
            [str(HOME / "wyoming-openwakeword" / "bin" / "wyoming-openwakeword")],
            ["--uri", f"tcp://127.0.0.1:{ears}", "--preload-model", word],
            ears,
        )
        satellite = await started(
            stack,
            [str(HOME / "wyoming-satellite" / "bin" / "python"), "-m", "wyoming_satellite"],
            [
                *("--uri", f"tcp://127.0.0.1:{mouth}", "--name", "rival", "--no-zeroconf"),
                *("--mic-command", f"{sys.executable} {PACED_MIC} {folder}"),
                *("--snd-command", "cat", "--wake-uri", f"tcp://127.0.0.1:{ears}"),
                *("--wake-word-name", word),
            ],
            mouth,
        )
        yield Rival(port=mouth, folder=folder, pids=(wake, satellite))


async def started(
    stack: contextlib.AsyncExitStack, program: list[str], arguments: list[str], port: int
) -> int:
    """Start a program that listens at a port and return its id; it ends with the stack."""
    process = await asyncio.create_subprocess_exec(
        *program,
        *arguments,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        # The microphone is the satellite's child: both end together.
        start_new_session=True,
    )
    stack.push_async_callback(_end, process)
    await _until_open(port, lambda: process.returncode is None, program[0])
    return process.pid


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a program and its children."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, 15)
    await process.wait()


async def _until_open(port: int, alive: Callable[[], bool], name: str) -> None:
    """Wait until a port answers."""
    loop = asyncio.get_running_loop()
    end = loop.time() + START_LIMIT_S
    while alive() and loop.time() < end:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.1)
    raise NoRivalError(f"{Path(name).name} did not start")


def _free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
