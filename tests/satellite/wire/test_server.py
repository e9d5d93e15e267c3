"""The server on real sockets: plain and paired clients, wrong keys, limits, clean ends."""

import asyncio
from collections.abc import AsyncIterator
import contextlib
import errno
import logging
import os
import socket
import ssl
from typing import Any

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


async def test_who_leaves_before_a_key_was_seen_may_come_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A link that breaks off in the handshake, time and again, shuts nobody out."""
    key = make_key()
    async with _serving(key) as server:
        for _ in range(ALLOWED_FAILURES + 1):
            _reader, writer = await asyncio.open_connection(HOST, server.port)
            writer.close()
            await writer.wait_closed()
        assert await _ask(server.port, client_context(key)) is not None
        assert server.refused()["attempts"] == 0
    assert not [one for one in caplog.records if "pairing key" in one.message]


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


async def test_name_without_an_address_gets_one_sentence() -> None:
    """A name that nothing resolves is named."""
    with pytest.raises(ListenError, match=r"has no address named nobody\.invalid"):
        await start_server(_echo, host="nobody.invalid", port=0)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.EACCES, "Port 80 on this machine is not allowed for this user"),
        (errno.ENOBUFS, "Could not listen on this machine, port 80: No buffer"),
    ],
)
async def test_refused_port_leaves_nothing_open(
    monkeypatch: pytest.MonkeyPatch, number: int, sentence: str
) -> None:
    """Where the second address is refused, the first one is let go."""
    opened: list[socket.socket] = []

    def listen(family: int, _address: tuple[object, ...]) -> socket.socket:
        if opened:
            raise OSError(number, os.strerror(number))
        opened.append(socket.create_server((HOST, 0)))
        return opened[0]

    async def two(*_given: object) -> list[tuple[int, tuple[object, ...]]]:
        return [(socket.AF_INET, (HOST, 80)), (socket.AF_INET6, ("::1", 80, 0, 0))]

    monkeypatch.setattr(server_module, "_resolve", two)
    monkeypatch.setattr(server_module, "_listen", listen)
    with pytest.raises(ListenError, match=sentence):
        await start_server(_echo, host="", port=80)
    assert opened[0].fileno() == -1


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
async def test_both_families_have_the_same_port() -> None:
    """Whoever finds the name finds the server."""
    server = await start_server(_echo, host="", port=0)
    try:
        for address in (HOST, "::1"):
            reader, writer = await asyncio.open_connection(address, server.port)
            writer.write(encode_frame(Event("ping")))
            assert await asyncio.wait_for(read_frame(reader), 60) == Event("ping")
            writer.close()
    finally:
        await server.close()


async def test_handler_that_fails_costs_its_client_alone(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged, and the next client is served."""

    async def fail_once(connection: Connection) -> None:
        if not caplog.records:
            raise RuntimeError("odd")
        await _echo(connection)

    server = await start_server(fail_once, host=HOST, port=0)
    try:
        reader, writer = await asyncio.open_connection(HOST, server.port)
        assert await asyncio.wait_for(reader.read(), 60) == b""
        writer.close()
        assert "A client's handler failed" in caplog.text
        assert await _ask(server.port, None) is not None
    finally:
        await server.close()


async def test_client_that_takes_nothing_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would fill our memory."""
    monkeypatch.setattr(server_module, "STALL_TIMEOUT_S", 0.2)
    ended: asyncio.Future[BaseException] = asyncio.get_running_loop().create_future()

    async def talk(connection: Connection) -> None:
        try:
            while True:
                await connection.write(Event("talk", {}, bytes(100_000)))
        except ConnectionError as err:
            ended.set_result(err)

    server = await start_server(talk, host=HOST, port=0)
    try:
        _reader, writer = await asyncio.open_connection(HOST, server.port, limit=1000)
        assert "takes no more data" in str(await asyncio.wait_for(ended, 60))
        writer.close()
    finally:
        await server.close()


async def test_handshake_under_way_ends_with_the_server() -> None:
    """A client that never says a word does not keep it open."""
    server = await start_server(_echo, host=HOST, port=0, pairing_key=make_key())
    reader, writer = await asyncio.open_connection(HOST, server.port)
    while not server._clients:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    await server.close()
    assert await asyncio.wait_for(reader.read(), 60) == b""
    writer.close()


async def test_machine_out_of_files_goes_on_later(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The client waits in the queue until there is room."""
    loop = asyncio.get_running_loop()
    accept, refused = loop.sock_accept, []

    async def once(listener: socket.socket) -> Any:
        if not refused:
            refused.append(listener)
            raise OSError(errno.EMFILE, "Too many open files")
        return await accept(listener)

    monkeypatch.setattr(loop, "sock_accept", once)
    async with _serving() as server:
        assert await _ask(server.port, None) is not None
    assert "Could not accept a connection" in caplog.text
