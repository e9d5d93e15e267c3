"""A stream is read again from its beginning, while it still comes."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from custom_components.waifu_rt3d.voice.replay import Replay


async def words(*pieces: str, gate: asyncio.Event | None = None) -> AsyncGenerator[str]:
    """Yield words; the last one only when the gate is open."""
    for piece in pieces[:-1]:
        yield piece
    if gate is not None:
        await gate.wait()
    yield pieces[-1]


async def test_second_reader_gets_all() -> None:
    """Also what the first one had already taken."""
    async with Replay(words("a", "b", "c")) as replay:
        async with aclosing(replay.stream()) as first:
            assert await anext(first) == "a"
        assert [piece async for piece in replay.stream()] == ["a", "b", "c"]


async def test_reader_that_is_stopped_while_it_waits_leaves_the_source_open() -> None:
    """The next one goes on to the end."""
    gate = asyncio.Event()
    async with Replay(words("a", "b", gate=gate)) as replay:
        first = replay.stream()
        assert await anext(first) == "a"
        waiting = asyncio.ensure_future(anext(first))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        gate.set()
        assert [piece async for piece in replay.stream()] == ["a", "b"]


async def test_fault_of_the_source_reaches_the_reader() -> None:
    """A model that breaks off is no voice that breaks off."""

    async def broken() -> AsyncGenerator[str]:
        yield "a"
        raise ValueError("gone")

    async with Replay(broken()) as replay:
        reader = replay.stream()
        assert await anext(reader) == "a"
        with pytest.raises(ValueError, match="gone"):
            await anext(reader)


async def test_leaving_closes_the_source() -> None:
    """Nothing reads on when nobody listens any more."""
    closed = asyncio.Event()

    async def endless() -> AsyncGenerator[str]:
        try:
            yield "a"
            await asyncio.Event().wait()
        finally:
            closed.set()

    async with Replay(endless()) as replay, aclosing(replay.stream()) as reader:
        assert await anext(reader) == "a"
    assert closed.is_set()
