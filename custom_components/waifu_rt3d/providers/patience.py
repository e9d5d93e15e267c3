"""How long a model is waited for, one retry, and who answers instead."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from .base import Delta, Deltas, Holding, TextDelta, ToolCallDelta
from .errors import ProviderError, UnavailableError

type Open = Callable[[], Deltas]
type Waiter = Callable[[asyncio.Future[Any], float], Awaitable[bool]]
"""Waits for a future for some seconds at most, and returns whether it is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """How long is waited, in seconds."""

    first_s: float = 60
    """Until the first word: local servers load a model for 36 s."""
    between_s: float = 20
    total_s: float = 180
    holding_s: float = 4
    """Until something bridges the silence before the first word, so that it is heard within five."""


async def wait_real(future: asyncio.Future[Any], seconds: float) -> bool:
    """Wait on the real clock."""
    try:
        async with asyncio.timeout(seconds):
            await future  # nobody else waits for it, and a new one is made when it was given up
    except TimeoutError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Deadlines with the clock they are measured by."""

    deadlines: Deadlines = Deadlines()
    wait: Waiter = wait_real
    clock: Callable[[], float] = monotonic

    async def hold(self, deltas: Deltas) -> Deltas:
        """Yield the deltas in time; a `Holding` tells of the first long silence."""
        started_s = self.clock()
        answered = False
        reader = _Reader(deltas)
        try:
            while True:
                if not answered and not await self._wait(
                    reader, started_s, self.deadlines.holding_s
                ):
                    yield Holding()
                limit_s = self.deadlines.between_s if answered else self._first_left(started_s)
                if not await self._wait(reader, started_s, limit_s):
                    raise UnavailableError("the model did not answer in time")
                delta = reader.take()
                if delta is None:
                    return
                answered = True
                yield delta
        finally:
            await reader.stop()

    def _first_left(self, started_s: float) -> float:
        """Return how long the first word may still take."""
        return self.deadlines.first_s - (self.clock() - started_s)

    async def _wait(self, reader: _Reader, started_s: float, limit_s: float) -> bool:
        """Wait for the next delta, never beyond the whole answer's deadline."""
        coming = reader.coming()
        if coming.done():
            return True
        left_s = self.deadlines.total_s - (self.clock() - started_s)
        return await self.wait(coming, max(0.0, min(limit_s, left_s)))


class _Reader:
    """Read a stream in a task of its own, so that waiting for it can end without ending it.

    One task for the whole stream: one for each delta would cost every word two more rounds of the
    event loop.
    """

    def __init__(self, deltas: Deltas) -> None:
        """Begin to read."""
        self._deltas = deltas
        self._read: deque[Delta] = deque()
        self._coming: asyncio.Future[None] | None = None
        self._task = asyncio.ensure_future(self._pump())
        self._task.add_done_callback(self._wake)

    def coming(self) -> asyncio.Future[None]:
        """Return what is done as soon as there is something to take."""
        if self._coming is None or self._coming.done():
            self._coming = asyncio.get_running_loop().create_future()
            if self._read or self._task.done():
                self._coming.set_result(None)
        return self._coming

    def take(self) -> Delta | None:
        """Return the next delta, `None` at the end; raise what ended the stream."""
        if self._read:
            return self._read.popleft()
        self._task.result()
        return None

    async def stop(self) -> None:
        """Stop reading, and wait until the server was let go."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _pump(self) -> None:
        """Read to the end."""
        try:
            async for delta in self._deltas:
                self._read.append(delta)
                self._wake()
                # The listener goes first: what has come with this delta is read after it was said.
                await asyncio.sleep(0)
        finally:
            await self._deltas.aclose()

    def _wake(self, _task: asyncio.Task[None] | None = None) -> None:
        """Tell who waits."""
        if self._coming is not None and not self._coming.done():
            self._coming.set_result(None)


async def answered(choices: Sequence[Open], patience: Patience) -> Deltas:
    """Yield the answer of the first choice that gives one.

    A failure that may pass is tried once more. As soon as words or calls have come out, nobody else
    takes over: the failure is the caller's.
    """
    failure: ProviderError | None = None
    for attempt in _attempts(choices):
        if failure is not None and attempt.again and not failure.retry:
            continue
        said = False
        stream = patience.hold(attempt.open())
        try:
            async for delta in stream:
                said = said or isinstance(delta, TextDelta | ToolCallDelta)
                yield delta
        except ProviderError as error:
            if said:
                raise
            failure = error
        else:
            return
        finally:
            await stream.aclose()
    if failure is None:
        failure = UnavailableError("no model is set")
    raise failure


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """A try, and whether it repeats the one before."""

    open: Open
    again: bool


def _attempts(choices: Sequence[Open]) -> list[_Attempt]:
    """Return the tries in their order: each choice and once more, the last resort only once."""
    tries = [_Attempt(open=choice, again=again) for choice in choices for again in (False, True)]
    return tries if len(choices) < 2 else tries[:-1]
