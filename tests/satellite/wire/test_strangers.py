"""Strangers at the door: thousands of attempts, sound that was recorded and played back, and what the owner learns."""

import asyncio
from collections.abc import AsyncIterator
import contextlib
import logging
import ssl
from types import SimpleNamespace

import pytest
from wyoming.event import Event

from waifu_wire import server as server_module
from waifu_wire.frames import FrameError, read_frame, write_frame
from waifu_wire.handshakes import ALLOWED_FAILURES, MAX_PEERS, TOLD_S, FailedHandshakes
from waifu_wire.pairing import make_key
from waifu_wire.server import Connection, WireServer, start_server
from waifu_wire.tls import client_context

HOST, STRANGER, FRIEND = "127.0.0.1", "127.0.0.2", "127.0.0.3"
ATTEMPTS = 10_000
# Fewer than the kernel keeps waiting for us: a full queue costs a second each time.
AT_ONCE = 10
# The others say no key: nobody would hear it.
WITH_KEYS = 100

type Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class House:
    """A paired server, and what reached it."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        self.key = make_key()
        self.heard: list[str] = []

    async def handle(self, connection: Connection) -> None:
        """Answer each event with itself."""
        while (event := await connection.read()) is not None:
            self.heard.append(event.type)
            await connection.write(event)

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[WireServer]:
        """Serve while the context is open."""
        server = await start_server(self.handle, host=HOST, port=0, pairing_key=self.key)
        try:
            yield server
        finally:
            await server.close()


async def knock(port: int, key: bytes | None, address: str) -> Streams:
    """Connect from an address of this machine, with a key or plain."""
    context = client_context(key) if key else None
    return await asyncio.open_connection(
        HOST, port, ssl=context, server_hostname="" if context else None, local_addr=(address, 0)
    )


async def answer(streams: Streams, word: str = "ping") -> Event | None:
    """Say a word and return what comes back."""
    await write_frame(streams[1], Event(word))
    return await asyncio.wait_for(read_frame(streams[0]), 60)


async def refused(port: int, key: bytes | None) -> bool:
    """Try a key as a stranger, or none at all; return whether nothing came of it."""
    try:
        reader, writer = await knock(port, key, STRANGER)
        writer.write(b"let me in\n")
        came = await asyncio.wait_for(reader.read(), 60)
    except (ConnectionError, ssl.SSLError):
        return True
    writer.close()
    return not came


async def test_ten_thousand_attempts_are_refused_and_logged_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who holds the key is served all the time, and the owner learns how many came from where."""
    caplog.set_level(logging.INFO)
    # However long it takes here, it is all within one minute of the server's.
    monkeypatch.setattr(server_module, "time", SimpleNamespace(monotonic=lambda: 0.0))
    house = House()
    async with house.serving() as server:
        before = await knock(server.port, house.key, FRIEND)
        for _ in range(WITH_KEYS):
            assert await refused(server.port, make_key())
        for _ in range(WITH_KEYS, ATTEMPTS, AT_ONCE):
            tries = (refused(server.port, None) for _ in range(AT_ONCE))
            assert all(await asyncio.gather(*tries))
        for streams in (before, await knock(server.port, house.key, FRIEND)):
            assert await answer(streams) == Event("ping")
            streams[1].close()
        assert server.refused() == {"attempts": ATTEMPTS, "from": STRANGER}
        left = {task.get_name() for task in asyncio.all_tasks()}
        assert f"waifu wire client {STRANGER}" not in left
    assert house.heard == ["ping", "ping"]
    lines = [one.message for one in caplog.records if one.name.startswith("waifu")]
    assert len(lines) == 1 and STRANGER in lines[0]


async def test_recorded_connection_is_not_heard_again() -> None:
    """Who was on the line plays back what it recorded: each connection has its own secret."""
    house, tape = House(), bytearray()
    async with house.serving() as server:

        async def tap(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            far = await asyncio.open_connection(HOST, server.port, local_addr=(FRIEND, 0))

            async def there() -> None:
                while data := await reader.read(65536):
                    tape.extend(data)
                    far[1].write(data)
                far[1].close()

            async def back() -> None:
                while data := await far[0].read(65536):
                    writer.write(data)
                writer.close()

            await asyncio.gather(there(), back())

        async with await asyncio.start_server(tap, HOST, 0) as wire:
            streams = await knock(wire.sockets[0].getsockname()[1], house.key, FRIEND)
            assert await answer(streams, "open-the-door") == Event("open-the-door")
            streams[1].close()
            await streams[1].wait_closed()
        reader, writer = await knock(server.port, None, STRANGER)
        writer.write(bytes(tape))
        with contextlib.suppress(ConnectionError, FrameError):
            await asyncio.wait_for(reader.read(), 60)
        writer.close()
        assert server.refused() == {"attempts": 1, "from": STRANGER}
    assert house.heard == ["open-the-door"]


async def test_client_with_the_key_is_told_of_strangers() -> None:
    """The handler passes it on: Home Assistant shows it."""
    told: list[dict[str, object]] = []

    async def handle(connection: Connection) -> None:
        told.append(connection.refused())
        await connection.finish()

    key = make_key()
    server = await start_server(handle, host=HOST, port=0, pairing_key=key)
    try:
        assert await refused(server.port, make_key())
        reader, writer = await knock(server.port, key, FRIEND)
        assert await asyncio.wait_for(reader.read(), 60) == b""
        writer.close()
    finally:
        await server.close()
    assert told == [{"attempts": 1, "from": STRANGER}]


def test_strangers_are_forgotten_after_a_quiet_hour() -> None:
    """Who fails for a mistyped key and then shows the right one is no stranger."""
    failed = FailedHandshakes()
    assert failed.tell(0.0) == {"attempts": 0, "from": None}
    failed.add("a", 0.0)
    failed.add("b", 10.0)
    failed.turned_away("b", 20.0)
    assert failed.tell(20.0) == {"attempts": 3, "from": "b"}
    failed.forget("b")
    assert failed.tell(20.0) == {"attempts": 1, "from": "a"}
    assert failed.tell(TOLD_S) == {"attempts": 0, "from": None}
    failed.turned_away("a", TOLD_S)
    assert failed.tell(TOLD_S) == {"attempts": 1, "from": "a"}


def test_many_addresses_do_not_fill_the_memory() -> None:
    """Only the newest are remembered, and one that fails too often still waits."""
    failed = FailedHandshakes()
    for number in range(ATTEMPTS):
        failed.add(f"peer {number}", float(number) / ATTEMPTS)
    assert failed.tell(1.0)["attempts"] == MAX_PEERS
    for _ in range(ALLOWED_FAILURES):
        failed.add("peer 0", 1.0)
    assert failed.blocked("peer 0", 1.0)
