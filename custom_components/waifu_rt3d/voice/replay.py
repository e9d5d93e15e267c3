"""A stream that can be read again from its beginning while it still comes."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable
from types import TracebackType
from typing import Self


class Replay[T]:
    """Keep what a stream gave, so that a second engine can take over from the first.

    One task reads the source, and readers come and go: a reader that is closed in the middle of a
    wait must not close the source with it. Use it as an async context manager.
    """

    def __init__(self, source: AsyncIterable[T]) -> None:
        """Begin to read with the first reader."""
        self._source = source
        self._kept: list[T] = []
        self._grew = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Return the stream."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop reading the source."""
        if self._pump is not None and not self._pump.done():
            self._pump.cancel()
            await asyncio.wait({self._pump})

    async def stream(self) -> AsyncGenerator[T]:
        """Yield all from the beginning; raises what the source raised."""
        if self._pump is None:
            self._pump = asyncio.create_task(self._read(), name="replay")
        place = 0
        while True:
            while place < len(self._kept):
                yield self._kept[place]
                place += 1
            if self._pump.done():
                self._pump.result()
                return
            self._grew.clear()
            await self._grew.wait()

    async def _read(self) -> None:
        """Keep what comes and wake the reader."""
        try:
            async for item in self._source:
                self._kept.append(item)
                self._grew.set()
        finally:
            self._grew.set()
