"""A network cable that can be pulled: it forwards TCP, or swallows everything without a word."""

import asyncio
from contextlib import suppress
from typing import Self

from demo_run.places import HOST

_CHUNK_BYTES = 65536


class Cable:
    """Between a port of its own and another one; pulled, neither end is told."""

    def __init__(self, target_port: int) -> None:
        """Lead to a port, plugged in."""
        self._target_port, self._port = target_port, 0
        self._plugged = asyncio.Event()
        self._plugged.set()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """Return the port to connect to."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def __aenter__(self) -> Self:
        """Begin to forward."""
        await self.mend()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop forwarding."""
        self.cut()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """End all connections and refuse new ones, as a machine does whose program has died."""
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()

    async def mend(self) -> None:
        """Take connections again, at the same port."""
        self._server = await asyncio.start_server(self._take, HOST, self._port)
        self._port = self.port

    def pull(self) -> None:
        """Swallow everything from now on."""
        self._plugged.clear()

    def plug(self) -> None:
        """Forward again; what was swallowed is lost, so old connections end as routers end them.

        Where it is plugged in already, nothing happens to those that have come since.
        """
        if self._plugged.is_set():
            return
        for task in self._tasks:
            task.cancel()
        self._plugged.set()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forward one connection both ways until one side ends it."""
        await self._plugged.wait()
        try:
            far_reader, far_writer = await asyncio.open_connection(HOST, self._target_port)
        except OSError:
            writer.close()
            return
        both = [
            asyncio.create_task(self._forward(reader, far_writer)),
            asyncio.create_task(self._forward(far_reader, writer)),
        ]
        self._tasks.update(both)
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for task in both:
            task.cancel()
            self._tasks.discard(task)
        for one in (writer, far_writer):
            one.transport.abort()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on what comes while the cable is plugged in."""
        with suppress(ConnectionError):
            while data := await reader.read(_CHUNK_BYTES):
                if self._plugged.is_set():
                    writer.write(data)
                    await writer.drain()
