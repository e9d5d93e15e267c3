"""How long a model is waited for, one retry, and who answers instead."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
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
    holding_s: float = 5
    """Until something bridges the silence before the first word."""


async def wait_real(future: asyncio.Future[Any], seconds: float) -> bool:
    """Wait on the real clock."""
    done, _ = await asyncio.wait([future], timeout=seconds)
    return bool(done)


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
        try:
            while True:
                pending = asyncio.ensure_future(_next(deltas))
                try:
                    if not answered and not await self._wait(
                        pending, started_s, self.deadlines.holding_s
                    ):
                        yield Holding()
                    limit_s = self.deadlines.between_s if answered else self._first_left(started_s)
                    if not pending.done() and not await self._wait(pending, started_s, limit_s):
                        raise UnavailableError("the model did not answer in time")
                finally:
                    if not pending.done():
                        await _cancelled(pending)
                delta = pending.result()
                if delta is None:
                    return
                answered = True
                yield delta
        finally:
            await deltas.aclose()

    def _first_left(self, started_s: float) -> float:
        """Return how long the first word may still take."""
        return self.deadlines.first_s - (self.clock() - started_s)

    async def _wait(self, pending: asyncio.Future[Any], started_s: float, limit_s: float) -> bool:
        """Wait for the next delta, never beyond the whole answer's deadline."""
        left_s = self.deadlines.total_s - (self.clock() - started_s)
        return await self.wait(pending, max(0.0, min(limit_s, left_s)))


async def _next(deltas: AsyncGenerator[Delta]) -> Delta | None:
    """Return the next delta, `None` at the end."""
    return await anext(deltas, None)


async def _cancelled(pending: asyncio.Future[Any]) -> None:
    """Cancel what is pending and wait until it has let go of the stream."""
    pending.cancel()
    await asyncio.gather(pending, return_exceptions=True)


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
