"""A Wyoming server that answers each connection with what it was told to, right or wrong."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from wyoming.event import Event

from custom_components.waifu_rt3d.voice.frames import encode_frame


@asynccontextmanager
async def scripted(*events: Event | bytes, ends: bool = True) -> AsyncGenerator[int]:
    """Run it and yield its port; after its lines it ends the connection, or falls silent for good."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await reader.readline()
            for event in events:
                writer.write(event if isinstance(event, bytes) else encode_frame(event))
            await writer.drain()
            while not ends and await reader.read(65536):
                pass
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield int(server.sockets[0].getsockname()[1])
