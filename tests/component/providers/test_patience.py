"""Deadlines, one retry and the fallback, with time moved and not waited for."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from custom_components.waifu_rt3d.providers.base import (
    Delta,
    Deltas,
    Holding,
    TextDelta,
    ThinkingDelta,
)
from custom_components.waifu_rt3d.providers.errors import (
    LoginError,
    ProviderError,
    UnavailableError,
)
from custom_components.waifu_rt3d.providers.patience import Deadlines, Patience, answered


class Clock:
    """A clock that only moves while somebody waits for the scripted stream."""

    def __init__(self) -> None:
        """Start at zero."""
        self.now_s = 0.0
        self.ready_s = 0.0
        self.tick = asyncio.Event()

    async def wait(self, future: asyncio.Future[Any], seconds: float) -> bool:
        """Move time to the deadline or to the next delta, whichever is first."""
        until_s = self.now_s + seconds
        await _settle()
        if not future.done() and self.ready_s <= until_s:
            self.now_s = max(self.now_s, self.ready_s)
            self.tick.set()
            await asyncio.wait([future])
        elif not future.done():
            self.now_s = until_s
        return future.done()

    async def sleep(self, seconds: float) -> None:
        """Let the scripted stream take its time."""
        self.ready_s = self.now_s + seconds
        self.tick.clear()
        await self.tick.wait()


async def _settle() -> None:
    """Let other tasks go as far as they can."""
    for _ in range(5):
        await asyncio.sleep(0)


type Step = float | Delta | ProviderError


def scripted(clock: Clock, *steps: Step, closed: list[str] | None = None) -> Callable[[], Deltas]:
    """Return a stream that sleeps, speaks and fails as written."""

    async def stream() -> Deltas:
        try:
            for step in steps:
                if isinstance(step, float):
                    await clock.sleep(step)
                elif isinstance(step, ProviderError):
                    raise step
                else:
                    yield step
        finally:
            if closed is not None:
                closed.append("closed")

    return stream


async def ask(clock: Clock, *choices: Callable[[], Deltas]) -> list[Delta]:
    """Return the answer of the choices."""
    patience = Patience(deadlines=Deadlines(), wait=clock.wait, clock=lambda: clock.now_s)
    return [delta async for delta in answered(choices, patience)]


HI, YOU = TextDelta(text="Hi"), TextDelta(text=" you")


async def test_quick_answer_passes() -> None:
    """What comes in time comes unchanged."""
    clock = Clock()
    assert await ask(clock, scripted(clock, 1.0, HI, 2.0, YOU)) == [HI, YOU]
    assert clock.now_s == 3


async def test_silence_is_bridged_once() -> None:
    """After four seconds comes a sign, and then the answer."""
    clock = Clock()
    assert await ask(clock, scripted(clock, 30.0, HI)) == [Holding(), HI]


async def test_first_word_has_a_deadline() -> None:
    """A minute without a word is unreachable; the server is let go, twice."""
    clock, closed = Clock(), list[str]()
    with pytest.raises(UnavailableError):
        await ask(clock, scripted(clock, 61.0, HI, closed=closed))
    assert closed == ["closed", "closed"]
    assert clock.now_s == 120


async def test_silence_between_words_has_a_deadline() -> None:
    """Twenty seconds in the middle end the answer; no other model goes on in its place."""
    clock = Clock()
    patience = Patience(wait=clock.wait, clock=lambda: clock.now_s)
    choices = [scripted(clock, HI, 21.0, YOU), scripted(clock, YOU)]
    stream = answered(choices, patience)
    assert await anext(stream) == HI
    with pytest.raises(UnavailableError):
        await anext(stream)


async def test_whole_answer_has_a_deadline() -> None:
    """An answer that trickles for ever is ended."""
    clock = Clock()
    steps: Sequence[Step] = [step for _ in range(40) for step in (10.0, HI)]
    with pytest.raises(UnavailableError):
        await ask(clock, scripted(clock, *steps))
    assert clock.now_s == 180


async def test_one_retry() -> None:
    """What may pass is tried once more, and no more."""
    clock = Clock()
    opened: list[int] = []

    def flaky() -> Deltas:
        opened.append(1)
        return scripted(clock, *([UnavailableError()] if len(opened) == 1 else [HI]))()

    assert await ask(clock, flaky) == [HI]
    assert len(opened) == 2


async def test_thinking_does_not_stop_the_retry() -> None:
    """Only words that were heard bind the answer to its model."""
    clock = Clock()
    thought = ThinkingDelta(text="hm")
    first = scripted(clock, thought, UnavailableError())
    assert await ask(clock, first, scripted(clock, HI)) == [thought, thought, HI]


async def test_fallback_answers() -> None:
    """A login failure is not tried again; the fallback answers."""
    clock, closed = Clock(), list[str]()
    first = scripted(clock, LoginError(), closed=closed)
    assert await ask(clock, first, scripted(clock, HI)) == [HI]
    assert closed == ["closed"]


async def test_all_fail() -> None:
    """When nobody answers, the last failure is told."""
    clock = Clock()
    with pytest.raises(LoginError):
        await ask(clock, scripted(clock, UnavailableError()), scripted(clock, LoginError()))


async def test_closing_closes_the_stream() -> None:
    """Who stops listening lets the server go."""
    clock, closed = Clock(), list[str]()
    patience = Patience(wait=clock.wait, clock=lambda: clock.now_s)
    stream = answered([scripted(clock, HI, 5.0, YOU, closed=closed)], patience)
    assert await anext(stream) == HI
    await stream.aclose()
    assert closed == ["closed"]
