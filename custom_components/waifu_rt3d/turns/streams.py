"""Streams that can be stopped from elsewhere."""

import asyncio
from collections.abc import AsyncGenerator


async def until[T](stop: asyncio.Event, stream: AsyncGenerator[T]) -> AsyncGenerator[T]:
    """Yield from a stream until it ends or `stop` is set, and close it either way.

    The stream is read by the caller's own task, which is interrupted as `asyncio.timeout` does it:
    a task for each item would cost every word two rounds of the event loop.
    """
    stopping = asyncio.ensure_future(stop.wait())
    reading: asyncio.Task[object] | None = None

    def interrupt(_stopping: object) -> None:
        if reading is not None and stop.is_set():
            reading.cancel()

    stopping.add_done_callback(interrupt)
    try:
        while not stop.is_set():
            reading = asyncio.current_task()
            assert reading is not None
            before = reading.cancelling()
            try:
                item = await anext(stream)
            except StopAsyncIteration:
                return
            except asyncio.CancelledError:
                if stop.is_set() and reading.uncancel() <= before:
                    return
                raise
            finally:
                reading = None
            yield item
    finally:
        stopping.remove_done_callback(interrupt)
        stopping.cancel()
        await stream.aclose()
