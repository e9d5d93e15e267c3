"""Parts of the home that can be killed and started again, each on the port it had."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
import os
from pathlib import Path
import signal
import time

from demo_run.places import HOST, ROOT, SATELLITE_PYTHON, free_port
from demo_run.processes import Program, program, wait_for_port

START_TIMEOUT_S = 120


@dataclass(slots=True, kw_only=True)
class Part:
    """A program with its port: the same one before and after its death."""

    name: str
    words: tuple[str, ...]
    log: Path
    port: int = field(default_factory=free_port)
    folder: Path | None = None
    environment: dict[str, str] = field(default_factory=dict)
    program: Program | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def start(self) -> float:
        """Start it; return when it took connections (seconds of the monotonic clock)."""
        self.program = await self._stack.enter_async_context(
            program(
                self.name, self.words, self.log, folder=self.folder, environment=self.environment
            )
        )
        await wait_for_port(self.program, self.port, START_TIMEOUT_S)
        return time.monotonic()

    async def kill(self) -> float:
        """End it as a power cut does; return when."""
        assert self.program is not None
        at_s = time.monotonic()
        os.killpg(self.program.pid, signal.SIGKILL)
        await self._stack.aclose()
        return at_s

    async def stop(self) -> None:
        """End it."""
        await self._stack.aclose()

    def weight(self) -> tuple[float, int, int]:
        """Return its memory (MB), threads and open files."""
        assert self.program is not None
        proc = Path("/proc", str(self.program.pid))
        status = dict(
            line.split(":", 1) for line in (proc / "status").read_text().splitlines() if ":" in line
        )
        rss_mb = int(status["VmRSS"].split()[0]) / 1024
        return rss_mb, int(status["Threads"]), len(list((proc / "fd").iterdir()))


def speech_part(folder: Path, key: str) -> Part:
    """Return the speech server."""
    port = free_port()
    words = ("--uri", f"tcp://{HOST}:{port}", "--pairing-key", key, "--no-announce")
    return Part(
        name="speech server",
        words=(SATELLITE_PYTHON, "-m", "waifu_speech", *words),
        log=folder / "speech.out",
        port=port,
        environment={"PYTHONPATH": str(ROOT / "satellite")},
    )


def satellite_part(folder: Path, key: str, microphone: Path) -> Part:
    """Return a satellite that plays into nothing."""
    port = free_port()
    words = (
        *("--uri", f"tcp://{HOST}:{port}", "--pairing-key", key, "--no-announce"),
        *("--name", "Kitchen", "--mic", f"file:{microphone}", "--speaker", "null"),
        *("--state-dir", str(folder / "satellite")),
    )
    return Part(
        name="satellite",
        words=(SATELLITE_PYTHON, "-m", "waifu_satellite", "run", *words),
        log=folder / "satellite.out",
        port=port,
        environment={"PYTHONPATH": str(ROOT / "satellite")},
    )


async def until(check: Callable[[], bool], limit_s: float) -> bool:
    """Wait until a call says so; return whether it did in time."""
    end_s = time.monotonic() + limit_s
    while time.monotonic() < end_s:
        if check():
            return True
        await asyncio.sleep(0.02)
    return False
