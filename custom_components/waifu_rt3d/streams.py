"""Streams that can be stopped from elsewhere."""

import asyncio
from collections.abc import AsyncGenerator


async def until[T](stop: asyncio.Event, stream: AsyncGenerator[T]) -> AsyncGenerator[T]:
    """Yield from a stream until it ends or `stop` is set, and close it either way."""
    stopping = asyncio.ensure_future(stop.wait())
    coming: asyncio.Future[T] | None = None
    try:
        while not stop.is_set():
            coming = asyncio.ensure_future(anext(stream))
            await asyncio.wait((coming, stopping), return_when=asyncio.FIRST_COMPLETED)
            if not coming.done():
                return
            try:
                item = coming.result()
            except StopAsyncIteration:
                return
            yield item
    finally:
        stopping.cancel()
        if coming is not None and not coming.done():
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
        await stream.aclose()
