"""The server on real sockets: plain and paired clients, wrong keys, limits, clean ends."""

import asyncio
from collections.abc import AsyncIterator
import contextlib
import logging
import socket
import ssl

import pytest
from wyoming.client import AsyncTcpClient
from wyoming.event import Event

from waifu_wire import server as server_module
from waifu_wire.frames import FrameError, encode_frame, read_frame, write_frame
from waifu_wire.handshakes import ALLOWED_FAILURES, WINDOW_S, FailedHandshakes
from waifu_wire.pairing import make_key
from waifu_wire.server import Connection, ListenError, WireServer, start_server
from waifu_wire.tls import client_context

HOST = "127.0.0.1"


async def _echo(connection: Connection) -> None:
    """Answer each event with itself."""
    while (event := await connection.read()) is not None:
        await connection.write(event)


@contextlib.asynccontextmanager
async def _serving(key: bytes | None = None) -> AsyncIterator[WireServer]:
    """Run an echo server and hold that it leaves no task behind."""
    server = await start_server(_echo, host=HOST, port=0, pairing_key=key)
    try:
        yield server
    finally:
        await server.close()
        left = {task.get_name() for task in asyncio.all_tasks()}
        assert not {name for name in left if name.startswith("waifu wire")}


async def _ask(port: int, context: ssl.SSLContext | None) -> Event | None:
    """Send one event and return the answer."""
    reader, writer = await asyncio.open_connection(
        HOST, port, ssl=context, server_hostname="" if context else None
    )
    try:
        await write_frame(writer, Event("ping", {"text": "x"}, b"y"))
        return await asyncio.wait_for(read_frame(reader), 60)
    finally:
        writer.close()


async def test_paired_client_is_served() -> None:
    """Who holds the key gets an answer over TLS."""
    key = make_key()
    async with _serving(key) as server:
        assert server.secure
        answer = await _ask(server.port, client_context(key))
        assert answer == Event("ping", {"text": "x"}, b"y")


async def test_library_client_is_served_when_plain() -> None:
    """The wyoming library's own client works in plain mode."""
    async with _serving() as server, AsyncTcpClient(HOST, server.port) as client:
        await client.write_event(Event("ping", {"n": 1}, b"abc"))
        assert await client.read_event() == Event("ping", {"n": 1}, b"abc")


async def test_wrong_key_is_refused_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """A wrong key gets no byte, and the log one line without the key."""
    caplog.set_level(logging.INFO)
    key = make_key()
    async with _serving(key) as server:
        for _ in range(2):
            with pytest.raises((ConnectionError, ssl.SSLError)):
                await _ask(server.port, client_context(make_key()))
        assert await _ask(server.port, client_context(key)) is not None
    lines = [record.message for record in caplog.records if record.name.startswith("waifu")]
    assert len(lines) == 1
    assert "no valid pairing key" in lines[0]


async def test_address_waits_when_it_fails_too_often() -> None:
    """After a few wrong keys even the right one is not heard for a minute."""
    key = make_key()
    async with _serving(key) as server:
        for _ in range(ALLOWED_FAILURES):
            with pytest.raises((ConnectionError, ssl.SSLError)):
                await _ask(server.port, client_context(make_key()))
        with pytest.raises((ConnectionError, ssl.SSLError)):
            await _ask(server.port, client_context(key))


def test_address_may_try_again_when_the_minute_is_over() -> None:
    """Failures are forgotten with time and with the right key."""
    failed = FailedHandshakes()
    assert [failed.add("a", at) for at in range(ALLOWED_FAILURES)][:2] == [True, False]
    assert failed.blocked("a", 10.0)
    assert not failed.blocked("b", 10.0)
    assert not failed.blocked("a", WINDOW_S + 1)
    failed.forget("a")
    assert not failed.blocked("a", 10.0)


async def test_plain_client_is_refused_when_a_key_is_needed() -> None:
    """A plain frame never reaches the handler of a paired server."""
    async with _serving(make_key()) as server:
        with contextlib.suppress(ConnectionError, FrameError):
            assert await _ask(server.port, None) is None


async def test_bad_frame_closes_the_connection() -> None:
    """A client that asks for 10 GB is dropped, the next one is served."""
    async with _serving() as server:
        reader, writer = await asyncio.open_connection(HOST, server.port)
        writer.write(b'{"type":"x","payload_length":10000000000}\n')
        assert await asyncio.wait_for(reader.read(), 60) == b""
        writer.close()
        assert await _ask(server.port, None) is not None


async def test_clients_beyond_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of connections is bounded."""
    monkeypatch.setattr(server_module, "MAX_CONNECTIONS", 1)
    async with _serving() as server:
        reader, writer = await asyncio.open_connection(HOST, server.port)
        writer.write(encode_frame(Event("ping")))
        assert await read_frame(reader) == Event("ping")
        second, other = await asyncio.open_connection(HOST, server.port)
        with contextlib.suppress(ConnectionError):
            assert await asyncio.wait_for(second.read(), 60) == b""
        other.close()
        writer.close()


async def test_client_tasks_end_when_server_closes() -> None:
    """A waiting client does not keep the server open."""
    async with _serving() as server:
        reader, writer = await asyncio.open_connection(HOST, server.port)
        writer.write(encode_frame(Event("ping")))
        assert await read_frame(reader) == Event("ping")
        await server.close()
        assert await asyncio.wait_for(reader.read(), 60) == b""
        writer.close()


async def test_taken_port_gets_one_sentence() -> None:
    """The owner reads what to do."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ListenError, match=f"Port {port} on {HOST} is taken"):
            await start_server(_echo, host=HOST, port=port)


async def test_foreign_address_gets_one_sentence() -> None:
    """An address of another machine is named."""
    with pytest.raises(ListenError, match=r"does not have the address 192\.0\.2\.1"):
        await start_server(_echo, host="192.0.2.1", port=0)
