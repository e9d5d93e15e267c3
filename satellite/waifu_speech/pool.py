"""Keep worker processes: started on first use, one spare ahead, killed when their client left."""

import asyncio
from collections.abc import AsyncIterator
import contextlib
import logging
from pathlib import Path
import sys
from typing import Final

from wyoming.event import Event

from waifu_wire.frames import MAX_LINE_BYTES, FrameError, read_frame, write_frame

from . import errors

LOGGER = logging.getLogger(__name__)

MAX_WORKERS: Final = 4
KEPT_IDLE: Final = 2
START_TIMEOUT_S: Final = 30.0
ANSWER_TIMEOUT_S: Final = 60.0
_PACKAGES: Final = Path(__file__).parents[1]


class Worker:
    """One engine process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """Take a started process; `start_worker` is the door."""
        self._process = process

    @property
    def alive(self) -> bool:
        """Return whether the process still runs."""
        return self._process.returncode is None

    async def send(self, event: Event) -> None:
        """Send one event."""
        assert self._process.stdin is not None
        try:
            await write_frame(self._process.stdin, event)
        except OSError as err:
            raise errors.EngineDiedError("The speech engine ended unexpectedly") from err

    async def receive(self, *, timeout_s: float | None = ANSWER_TIMEOUT_S) -> Event:
        """Return the next answer; raise the engine's own error."""
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(timeout_s):
                event = await read_frame(self._process.stdout)
        except (FrameError, TimeoutError) as err:
            raise errors.EngineDiedError("The speech engine does not answer") from err
        if event is None:
            raise errors.EngineDiedError("The speech engine ended unexpectedly")
        return errors.raise_error(event)

    async def end(self) -> None:
        """End the process, which takes no time for it, and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        await self._process.wait()
        # Without this the pipe's transport stays until the garbage collector finds it.
        if self._process.stdin is not None:
            self._process.stdin.close()


async def start_worker(engine: str) -> Worker:
    """Return a worker whose engine is loaded."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "waifu_speech.worker",
        engine,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=MAX_LINE_BYTES,
        cwd=_PACKAGES,
    )
    worker = Worker(process)
    try:
        async with asyncio.timeout(START_TIMEOUT_S):
            await worker.receive()
    except BaseException:
        await worker.end()
        raise
    return worker


class WorkerPool:
    """The workers of one engine."""

    def __init__(self, engine: str) -> None:
        """Start with none."""
        self._engine = engine
        self._idle: list[Worker] = []
        self._places = asyncio.Semaphore(MAX_WORKERS)
        self._spare: asyncio.Task[None] | None = None

    @contextlib.asynccontextmanager
    async def worker(self) -> AsyncIterator[Worker]:
        """Lend a worker; one that was interrupted is killed instead of given back."""
        async with self._places:
            worker = await self._take()
            try:
                yield worker
            except errors.EngineDiedError:
                await worker.end()
                raise
            except errors.SpeechError:
                self._idle.append(worker)
                raise
            except BaseException:
                await worker.end()
                raise
            if len(self._idle) < KEPT_IDLE:
                self._idle.append(worker)
            else:
                await worker.end()

    async def close(self) -> None:
        """End all idle workers; lent ones end with those who lent them."""
        if self._spare is not None:
            self._spare.cancel()
            await asyncio.gather(self._spare, return_exceptions=True)
        for worker in self._idle:
            await worker.end()
        self._idle.clear()

    async def _take(self) -> Worker:
        """Return a loaded worker and see to it that the next client finds one too."""
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                self._start_spare()
                return worker
            await worker.end()
        return await start_worker(self._engine)

    def _start_spare(self) -> None:
        """Start a worker ahead, so that a second client need not wait for a process."""
        if not self._idle and (self._spare is None or self._spare.done()):
            self._spare = asyncio.create_task(self._add_spare(), name="waifu speech spare worker")

    async def _add_spare(self) -> None:
        """Add an idle worker."""
        try:
            worker = await start_worker(self._engine)
        except errors.SpeechError as err:
            LOGGER.warning("No spare worker for %s: %s", self._engine, err)
            return
        if len(self._idle) < KEPT_IDLE:
            self._idle.append(worker)
        else:
            await worker.end()
