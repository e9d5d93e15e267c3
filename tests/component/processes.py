"""Start the real speech server and the real satellite in their own environment, as a home does."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
import socket
import sys

# To the control socket with nothing loaded: on a busy machine `waifu-satellite ctl` may take longer
# to start than a satellite waits for an answer, and sockets of the tests' own process are blocked.
_SAY = """
import json, socket, sys
with socket.socket(socket.AF_UNIX) as control:
    control.connect(sys.argv[1])
    control.sendall(json.dumps({"do": "say", "file": sys.argv[2]}).encode() + b"\\n")
    sys.exit(not json.loads(control.makefile().readline())["ok"])
"""
REPOSITORY = Path(__file__).parents[2]
START_LIMIT_S = 90.0


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def satellite_python() -> str:
    """Return the interpreter of the satellite's environment, which is beside ours."""
    return str(Path(sys.prefix).parent / "satellite" / "bin" / "python")


@asynccontextmanager
async def running(module: str, port: int, *arguments: str) -> AsyncGenerator[Process]:
    """Run a program of the satellite's distribution until the context ends."""
    process = await asyncio.create_subprocess_exec(
        satellite_python(), "-m", module, *arguments, cwd=REPOSITORY / "satellite", stdout=PIPE
    )
    try:
        await _wait_open(port, process)
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.communicate()


def speech_server(port: int, *arguments: str) -> AbstractAsyncContextManager[Process]:
    """Run a speech server."""
    address = f"tcp://127.0.0.1:{port}"
    return running("waifu_speech", port, "--uri", address, "--no-announce", *arguments)


def satellite(
    port: int, folder: Path, microphone: Path | None, *arguments: str
) -> AbstractAsyncContextManager[Process]:
    """Run a satellite that hears a WAV file, or nothing, and speaks into another file."""
    return running(
        "waifu_satellite",
        port,
        "run",
        "--uri",
        f"tcp://127.0.0.1:{port}",
        "--no-announce",
        "--mic",
        f"file:{microphone}" if microphone else "null",
        "--speaker",
        f"file:{folder / 'speaker.wav'}",
        "--replies",
        str(folder / "replies"),
        "--state-dir",
        str(folder / "state"),
        "--wake",
        "openwakeword:hey_jarvis",
        *arguments,
    )


async def say_into_satellite(folder: Path, wav: Path) -> None:
    """Let a running satellite's microphone hear a WAV file."""
    path = str(folder / "state" / "control.sock")
    command = (sys.executable, "-I", "-S", "-c", _SAY, path, str(wav))
    assert await (await asyncio.create_subprocess_exec(*command)).wait() == 0


async def make_spoken_wav(path: Path, text: str, *, around_s: float = 1.5) -> None:
    """Let espeak-ng say something into a WAV file of 16 kHz, with silence before and after."""
    raw = path.with_suffix(".raw.wav")
    await _call("espeak-ng", "-v", "en-us", "-s", "140", "-w", str(raw), text)
    pad = ("pad", str(around_s), str(around_s))
    await _call("sox", str(raw), "-r", "16000", "-c", "1", "-b", "16", str(path), *pad)


async def _call(*command: str) -> None:
    """Run a program to its end."""
    process = await asyncio.create_subprocess_exec(*command)
    assert await process.wait() == 0


async def _wait_open(port: int, process: Process) -> None:
    """Wait until the port answers."""
    async with asyncio.timeout(START_LIMIT_S):
        while True:
            assert process.returncode is None, "the program ended"
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            await writer.wait_closed()
            return
