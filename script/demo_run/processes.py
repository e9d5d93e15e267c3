"""Start the demo's programs and leave none behind."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
import os
from pathlib import Path
import signal

from .outbound import watched
from .places import HOST, DemoError

STOP_TIMEOUT_S = 20
LAST_LINES = 12


class Program:
    """A running program, its log and its process group."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, log: Path) -> None:
        """Hold a program that was just started."""
        self.name = name
        self.log = log
        self._process = process

    @property
    def pid(self) -> int:
        """Return its number in the system."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Return whether it has not ended."""
        return self._process.returncode is None

    def check(self) -> None:
        """Raise when it has ended, with what it said last."""
        if self.running:
            return
        said = self.log.read_text(errors="replace").splitlines()[-LAST_LINES:]
        raise DemoError(
            f"The {self.name} ended with {self._process.returncode}; it said last:\n"
            + "\n".join(said)
        )

    async def ended(self) -> None:
        """Return when it has ended."""
        await self._process.wait()

    async def stop(self) -> None:
        """End it and all that it started; kill what does not end by itself."""
        for sign in (signal.SIGINT, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, sign)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), STOP_TIMEOUT_S)
                break
        # A child that outlived its parent is still in the group.
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)


@asynccontextmanager
async def program(
    name: str,
    command: Sequence[str],
    log: Path,
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> AsyncGenerator[Program]:
    """Run a program in a process group of its own for as long as the context lasts."""
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            cwd=folder,
            env=watched({**os.environ, **(environment or {})}, log),
            # Ctrl-C reaches us alone: we end the programs in their order.
            start_new_session=True,
        )
    started = Program(name, process, log)
    try:
        yield started
    finally:
        await started.stop()


async def wait_for_port(started: Program, port: int, timeout_s: float) -> None:
    """Return when a program takes connections."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + timeout_s
    while loop.time() < until_s:
        started.check()
        try:
            _reader, writer = await asyncio.open_connection(HOST, port)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        return
    raise DemoError(f"The {started.name} did not answer on port {port} within {timeout_s:.0f} s.")
