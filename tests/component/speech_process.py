"""Start the real speech server in its own environment, as a home does."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
import os
from pathlib import Path
import socket

REPOSITORY = Path(__file__).parents[2]
START_LIMIT_S = 30.0


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def satellite_python() -> str:
    """Return the interpreter of the satellite's environment."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return f"{cache}/waifu-rt3d/satellite/bin/python"


@asynccontextmanager
async def speech_server(port: int, *arguments: str) -> AsyncGenerator[Process]:
    """Run a speech server until the context ends."""
    process = await asyncio.create_subprocess_exec(
        satellite_python(),
        "-m",
        "waifu_speech",
        "--uri",
        f"tcp://127.0.0.1:{port}",
        "--no-announce",
        *arguments,
        cwd=REPOSITORY / "satellite",
        stdout=PIPE,
        stderr=None,
    )
    try:
        await _wait_open(port, process)
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _wait_open(port: int, process: Process) -> None:
    """Wait until the port answers."""
    async with asyncio.timeout(START_LIMIT_S):
        while True:
            assert process.returncode is None, "the speech server ended"
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            await writer.wait_closed()
            return
