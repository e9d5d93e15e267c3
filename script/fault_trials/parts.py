"""Parts of the home that can be killed and started again, each on the port it had."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
import os
from pathlib import Path
import signal
import time

from demo_run.places import COMPONENT_PYTHON, HOST, ROOT, SATELLITE_PYTHON, free_port
from demo_run.processes import Program, program, wait_for_port

START_TIMEOUT_S = 120
_WEIGHED = Path(__file__).with_name("weighed.py")


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

    @property
    def held(self) -> Path:
        """Return where it writes down what it holds."""
        return self.log.with_suffix(".held")

    async def start(self) -> float:
        """Start it; return when it took connections (seconds of the monotonic clock)."""
        python, *module = self.words
        self.program = await self._stack.enter_async_context(
            program(
                self.name,
                (python, str(_WEIGHED), str(self.held), *module),
                self.log,
                folder=self.folder,
                environment=self.environment,
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


def house_part(config: Path, log: Path, port: int, environment: dict[str, str]) -> Part:
    """Return Home Assistant with a folder that is prepared."""
    return Part(
        name="Home Assistant",
        words=(COMPONENT_PYTHON, "homeassistant", "-c", str(config), "--log-no-color"),
        log=log,
        port=port,
        folder=config,
        environment={"PYTHONPATH": "", **environment},
    )


def speech_part(folder: Path, key: str) -> Part:
    """Return the speech server."""
    port = free_port()
    words = ("--uri", f"tcp://{HOST}:{port}", "--pairing-key", key, "--no-announce")
    return Part(
        name="speech server",
        words=(SATELLITE_PYTHON, "waifu_speech", *words),
        log=folder / "speech.out",
        port=port,
        environment={"PYTHONPATH": str(ROOT / "satellite")},
    )


def satellite_part(folder: Path, key: str, area: str, environment: dict[str, str]) -> Part:
    """Return a room's satellite that is spoken into by its control socket, and plays into nothing."""
    port, state = free_port(), folder / area.lower()
    words = (
        *("--uri", f"tcp://{HOST}:{port}", "--pairing-key", key, "--no-announce"),
        *(
            "--name",
            area,
            "--area",
            area,
            "--mic",
            "null",
            "--speaker",
            "null",
            "--state-dir",
            str(state),
        ),
    )
    return Part(
        name=f"satellite of the {area.lower()}",
        words=(SATELLITE_PYTHON, "waifu_satellite", "run", *words),
        log=folder / f"{area.lower()}.out",
        port=port,
        environment={"PYTHONPATH": str(ROOT / "satellite"), **environment},
    )


async def until(check: Callable[[], bool], limit_s: float) -> bool:
    """Wait until a call says so; return whether it did in time."""
    end_s = time.monotonic() + limit_s
    while time.monotonic() < end_s:
        if check():
            return True
        await asyncio.sleep(0.02)
    return False
