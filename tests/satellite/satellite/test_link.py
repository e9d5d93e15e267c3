"""Connections to a satellite over real sockets."""

import asyncio
from collections.abc import AsyncIterator
import contextlib

import pytest
from wyoming.event import Event

from waifu_satellite import protocol
from waifu_satellite.clock import LoopClock
from waifu_satellite.link import MAX_WAITING, Link
from waifu_wire.frames import encode_frame, read_frame, write_frame
from waifu_wire.server import start_server


class Told:
    """A listener that keeps what it is told."""

    def __init__(self) -> None:
        self.what: list[str] = []
        self.changed = asyncio.Event()

    def connected(self) -> None:
        """Keep it."""
        self._keep("connected")

    def disconnected(self) -> None:
        """Keep it."""
        self._keep("disconnected")

    def received(self, event: Event) -> None:
        """Keep it."""
        self._keep(event.type)

    def _keep(self, what: str) -> None:
        self.what.append(what)
        self.changed.set()

    async def until(self, count: int) -> list[str]:
        """Return what was told once it is so much."""
        async with asyncio.timeout(60):
            while len(self.what) < count:
                self.changed.clear()
                await self.changed.wait()
        return self.what


class Client:
    """The other end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def send(self, kind: str, **data: object) -> None:
        """Send an event."""
        await write_frame(self.writer, Event(type=kind, data=data))

    async def next(self) -> Event:
        """Return the next event."""
        async with asyncio.timeout(60):
            event = await read_frame(self.reader)
        assert event is not None
        return event


class Setup:
    """A link that serves."""

    def __init__(self, link: Link, told: Told, port: int) -> None:
        self.link, self.told, self.port = link, told, port
        self.clients: list[Client] = []

    async def client(self) -> Client:
        """Connect."""
        client = Client(*await asyncio.open_connection("127.0.0.1", self.port))
        self.clients.append(client)
        return client


@contextlib.asynccontextmanager
async def serving() -> AsyncIterator[Setup]:
    """Serve a link on a free port; every task is gone afterwards."""
    info = protocol.info(satellite_id="an-id", name="Kitchen", area="Kitchen", known=(), active=[])
    link, told = Link(LoopClock(), lambda: info), Told()
    link.listener = told
    server = await start_server(link.serve, host="127.0.0.1", port=0)
    setup = Setup(link, told, server.port)
    try:
        yield setup
    finally:
        for client in setup.clients:
            client.writer.close()
        await server.close()
        await asyncio.sleep(0.05)
        left = {t.get_name() for t in asyncio.all_tasks() if t is not asyncio.current_task()}
        assert not left


async def test_anybody_may_ask_who_it_is() -> None:
    """Describe, ping and clock are answered before and without `run-satellite`."""
    async with serving() as setup:
        client = await setup.client()
        await client.send("describe")
        info = await client.next()
        assert info.data["satellite"]["name"] == "Kitchen"
        assert info.data["waifu_rt3d"]["role"] == "satellite"
        await client.send("ping", text="abc")
        assert (await client.next()).data == {"text": "abc"}
        await client.send("user-event", name="clock-probe", data={"t0": 1.5})
        reply = await client.next()
        now_ms = asyncio.get_running_loop().time() * 1000
        assert reply.data["name"] == "clock-reply"
        assert reply.data["data"]["t0"] == 1.5
        assert reply.data["data"]["satellite_ms"] == pytest.approx(now_ms, abs=50)
        assert setup.told.what == []


async def test_only_the_primary_is_obeyed() -> None:
    """Who has not said `run-satellite` can't play sounds in the room."""
    async with serving() as setup:
        stranger, primary = await setup.client(), await setup.client()
        await primary.send("run-satellite")
        await setup.told.until(1)
        await stranger.send("audio-start")
        await stranger.send("ping")
        await stranger.next()
        await primary.send("pause-satellite")
        assert await setup.told.until(2) == ["connected", "pause-satellite"]


async def test_latest_primary_wins_and_the_one_before_is_taken_back() -> None:
    """Two integrations may know one satellite."""
    async with serving() as setup:
        first, second = await setup.client(), await setup.client()
        await first.send("run-satellite")
        await setup.told.until(1)
        await second.send("run-satellite")
        assert await setup.told.until(3) == ["connected", "disconnected", "connected"]
        setup.link.send(Event(type="played"))
        assert (await second.next()).type == "played"
        second.writer.close()
        assert (await setup.told.until(5))[3:] == ["disconnected", "connected"]
        setup.link.send(Event(type="detection"))
        assert (await first.next()).type == "detection"


async def test_events_without_a_primary_are_dropped() -> None:
    """Nothing that was said while nobody listened is sent later."""
    async with serving() as setup:
        setup.link.send(Event(type="detection"))
        client = await setup.client()
        await client.send("run-satellite")
        await setup.told.until(1)
        setup.link.send(Event(type="played"))
        assert (await client.next()).type == "played"


async def test_garbage_closes_only_its_own_connection() -> None:
    """A port scanner does not disturb the room."""
    async with serving() as setup:
        primary, scanner = await setup.client(), await setup.client()
        await primary.send("run-satellite")
        scanner.writer.write(b"GET / HTTP/1.1\r\n\r\n")
        assert await scanner.reader.read() == b""
        await primary.send("ping")
        assert (await primary.next()).type == "pong"


async def test_who_takes_no_data_is_dropped() -> None:
    """A stuck primary does not fill the memory."""
    async with serving() as setup:
        client = await setup.client()
        await client.send("run-satellite")
        await setup.told.until(1)
        chunk = Event(type="audio-chunk", data={}, payload=bytes(60_000))
        assert len(encode_frame(chunk)) > 60_000
        for _ in range(MAX_WAITING + 1):
            setup.link.send(chunk)
        assert (await setup.told.until(2))[1] == "disconnected"
