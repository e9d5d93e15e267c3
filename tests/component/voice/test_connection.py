"""Connections to real sockets: plain, paired, and everything that can be wrong with them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
import contextlib
import socket
import ssl

import pytest
from wyoming.event import Event, async_read_event, async_write_event

from custom_components.waifu_rt3d.voice.connection import (
    NotWyomingError,
    UnreachableError,
    WireConnection,
    WireError,
    WrongKeyError,
    connected,
    describe,
)
from custom_components.waifu_rt3d.voice.pairing import IDENTITY, make_key, psk_context

type Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Let these tests open sockets; the kit keeps them to this machine."""


async def _wyoming(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer `describe` with the library's own frames."""
    while (event := await async_read_event(reader)) is not None:
        await async_write_event(Event("pong"), writer)
        await async_write_event(Event("info", {"asked": event.type, "waifu_rt3d": {}}), writer)


async def _silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take everything and say nothing."""
    await reader.read()


async def _web(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer as a web server does."""
    await reader.readline()
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    writer.close()


@contextlib.asynccontextmanager
async def serving(serve: Serve, key: bytes | None = None) -> AsyncIterator[int]:
    """Run a server on a free port."""
    context = None
    if key is not None:
        context = psk_context(ssl.PROTOCOL_TLS_SERVER)
        context.set_psk_server_callback(lambda name: key if name == IDENTITY else b"", IDENTITY)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            await serve(reader, writer)
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@pytest.mark.parametrize("key", [None, make_key()], ids=["plain", "paired"])
async def test_server_is_described(key: bytes | None) -> None:
    """The raw info comes back, with the keys that the library's classes drop."""
    async with serving(_wyoming, key) as port:
        info = await describe("127.0.0.1", port, key)
    assert info.data == {"asked": "describe", "waifu_rt3d": {}}


async def test_wrong_key_is_named() -> None:
    """A server that asked for the key and dropped us has another one."""
    async with serving(_wyoming, make_key()) as port:
        with pytest.raises(WrongKeyError, match="pairing key is not the one"):
            await describe("127.0.0.1", port, make_key())


async def test_missing_key_is_hinted_at() -> None:
    """Who connects plainly to a paired server reads about the key."""
    async with serving(_wyoming, make_key()) as port:
        with pytest.raises(NotWyomingError, match="pairing key"):
            await describe("127.0.0.1", port)


async def test_plain_server_is_named_when_a_key_is_given() -> None:
    """A key for a server that has none."""
    async with serving(_wyoming) as port:
        with pytest.raises(WireError, match="may be plain|does not answer"):
            await describe("127.0.0.1", port, make_key(), timeout_s=0.5)


async def test_web_server_is_no_wyoming_server() -> None:
    """Something else answers."""
    async with serving(_web) as port:
        with pytest.raises(NotWyomingError, match="does not speak Wyoming"):
            await describe("127.0.0.1", port)


async def test_silent_server_is_no_wyoming_server() -> None:
    """Nothing answers in time."""
    async with serving(_silent) as port:
        with pytest.raises(NotWyomingError, match="does not answer as"):
            await describe("127.0.0.1", port, timeout_s=0.2)


async def test_closed_port_is_unreachable() -> None:
    """Nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(UnreachableError, match=f"Nothing answers at 127.0.0.1:{port}"):
        await describe("127.0.0.1", port)


async def _write_on(connection: WireConnection) -> None:
    """Write until it fails: the first write after the other end died still succeeds."""
    while True:
        await connection.write(Event("x", payload=bytes(100_000)))


async def test_broken_connection_is_unreachable() -> None:
    """A server that dies is named, not a bare OSError."""
    async with serving(_web) as port, connected("127.0.0.1", port) as connection:
        await connection.write(Event("describe"))
        await asyncio.sleep(0.05)
        with pytest.raises(WireError):
            await _write_on(connection)
