"""Keep a model's process and the channels of its clients (the server's side of `host_worker`)."""

import asyncio
import contextlib
from pathlib import Path
import sys
from typing import Final

from wyoming.event import Event

from waifu_wire.frames import MAX_LINE_BYTES, FrameError, read_frame, write_frame

from . import errors

# A large model may come from a slow card.
LOAD_TIMEOUT_S: Final = 120.0
ANSWER_TIMEOUT_S: Final = 120.0
_PACKAGES: Final = Path(__file__).parents[1]


class Channel:
    """One client's use of a model."""

    def __init__(self, host: "ModelHost", number: int) -> None:
        """Belong to a host; `ModelHost.open` is the door."""
        self._host = host
        self._number = number
        self.answers: asyncio.Queue[Event | None] = asyncio.Queue()

    async def send(self, event: Event) -> None:
        """Send one event to the model."""
        event.data["channel"] = self._number
        await self._host.send(event)

    async def receive(self, *, timeout_s: float | None = ANSWER_TIMEOUT_S) -> Event:
        """Return the next answer; raise the engine's own error."""
        try:
            async with asyncio.timeout(timeout_s):
                event = await self.answers.get()
        except TimeoutError as err:
            raise errors.EngineDiedError("The speech engine does not answer") from err
        if event is None:
            raise errors.EngineDiedError("The speech engine ended unexpectedly")
        return errors.raise_error(event)

    async def close(self) -> None:
        """Tell the model that this client is gone; its work ends at once."""
        self._host.forget(self._number)
        with contextlib.suppress(errors.EngineDiedError):
            await self.send(Event("close"))


class ModelHost:
    """A process that holds one model."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """Take a started process; `start_host` is the door."""
        self._process = process
        self._channels: dict[int, Channel] = {}
        self._next = 0
        self._reading: asyncio.Task[None] | None = None

    @property
    def alive(self) -> bool:
        """Return whether the process still runs."""
        return self._process.returncode is None

    @property
    def busy(self) -> bool:
        """Return whether any client uses it now."""
        return bool(self._channels)

    @property
    def memory_mb(self) -> float:
        """Return how much memory the process holds, 0 where that can't be known."""
        try:
            pages = Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1]
        except (OSError, IndexError):
            return 0.0
        return int(pages) * 4096 / 1e6

    def open(self) -> Channel:
        """Return a new channel."""
        self._next += 1
        channel = self._channels[self._next] = Channel(self, self._next)
        return channel

    def forget(self, number: int) -> None:
        """Drop the answers of a channel that is closed."""
        self._channels.pop(number, None)

    async def send(self, event: Event) -> None:
        """Send one event to the process."""
        assert self._process.stdin is not None
        try:
            await write_frame(self._process.stdin, event)
        except OSError as err:
            raise errors.EngineDiedError("The speech engine ended unexpectedly") from err

    async def load(self) -> None:
        """Wait until the model is loaded."""
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(LOAD_TIMEOUT_S):
                event = await read_frame(self._process.stdout)
        except (FrameError, TimeoutError) as err:
            raise errors.EngineDiedError("The model could not be loaded in time") from err
        if event is None:
            raise errors.EngineDiedError("The model's process ended while it loaded")
        errors.raise_error(event)
        self._reading = asyncio.create_task(self._read(), name="waifu speech model answers")

    async def _read(self) -> None:
        """Give each answer to its channel until the process ends."""
        assert self._process.stdout is not None
        with contextlib.suppress(FrameError):
            while (event := await read_frame(self._process.stdout)) is not None:
                if (channel := self._channels.get(int(event.data["channel"]))) is not None:
                    channel.answers.put_nowait(event)
        for channel in self._channels.values():
            channel.answers.put_nowait(None)

    async def end(self) -> None:
        """End the process, which takes no time for it, and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        await self._process.wait()
        if self._reading is not None:
            await self._reading
        if self._process.stdin is not None:
            self._process.stdin.close()


async def start_host(engine: str, path: Path) -> ModelHost:
    """Return a host whose model is loaded; raise one sentence when it can't be."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "waifu_speech.host_worker", engine, str(path)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=MAX_LINE_BYTES,
        cwd=_PACKAGES,
    )
    host = ModelHost(process)
    try:
        await host.load()
    except BaseException:
        await host.end()
        raise
    return host
