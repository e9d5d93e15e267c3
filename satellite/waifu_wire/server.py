"""Serve Wyoming frames over plain TCP or TLS-PSK, with bounds on clients and failed keys."""

import asyncio
from collections.abc import Awaitable, Callable
import contextlib
import errno
import logging
import socket
import ssl
import time
from typing import Final

from wyoming.event import Event

from .frames import MAX_LINE_BYTES, FrameError, read_frame, write_frame
from .handshakes import FailedHandshakes
from .tls import server_context

LOGGER = logging.getLogger(__name__)

MAX_CONNECTIONS: Final = 32
HANDSHAKE_TIMEOUT_S: Final = 5.0
# A client that takes no bytes for so long is gone or broken; players may well pause for seconds.
STALL_TIMEOUT_S: Final = 60.0
# Without keep-alive a client that lost its power would hold its connection for hours.
KEEPALIVE_IDLE_S: Final = 15
KEEPALIVE_PROBES: Final = 3

type Handler = Callable[[Connection], Awaitable[None]]


class ListenError(Exception):
    """The server can't listen at its address; the message is one sentence for people."""


class Connection:
    """One client: frames in, frames out."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        peer: str,
        refused: Callable[[], dict[str, object]] = dict,
    ) -> None:
        """Take both ends of an open socket."""
        self.peer = peer
        self.refused = refused
        """Tells the client how many others were refused of late (contracts §1)."""
        self._reader = reader
        self._writer = writer

    async def read(self) -> Event | None:
        """Return the next event, None when the client has left."""
        try:
            return await read_frame(self._reader)
        except OSError:
            return None

    async def write(self, event: Event) -> None:
        """Send one event; raise ConnectionError when the client has left or takes nothing."""
        if self._writer.is_closing():
            raise ConnectionResetError("The client has left")
        try:
            async with asyncio.timeout(STALL_TIMEOUT_S):
                await write_frame(self._writer, event)
        except TimeoutError:
            self._writer.transport.abort()
            raise ConnectionAbortedError("The client takes no more data") from None

    async def finish(self) -> None:
        """Close after all that was written is sent; `read` then returns None."""
        self._writer.close()

    def abort(self) -> None:
        """Drop the connection at once."""
        self._writer.transport.abort()


class WireServer:
    """A listening server; its clients are tasks that end with it."""

    def __init__(
        self, listeners: list[socket.socket], handler: Handler, pairing_key: bytes | None
    ) -> None:
        """Take listening sockets; `start_server` is the door."""
        self._listeners = listeners
        self._handler = handler
        self._context = server_context(pairing_key) if pairing_key else None
        self._failed = FailedHandshakes()
        self._clients: set[asyncio.Task[None]] = set()
        self._full = False
        self._accepting = [
            asyncio.create_task(self._accept(listener), name="waifu wire accept")
            for listener in listeners
        ]

    @property
    def port(self) -> int:
        """Return the port that the server listens at."""
        return int(self._listeners[0].getsockname()[1])

    @property
    def secure(self) -> bool:
        """Return whether clients need the pairing key."""
        return self._context is not None

    def refused(self) -> dict[str, object]:
        """Return how many attempts without the right key came of late, and from where."""
        return self._failed.tell(time.monotonic())

    async def close(self) -> None:
        """Stop listening and end every client's task."""
        tasks = [*self._accepting, *self._clients]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for listener in self._listeners:
            listener.close()

    async def _accept(self, listener: socket.socket) -> None:
        """Take clients one by one; the handshake runs in the client's own task."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                sock, address = await loop.sock_accept(listener)
            except OSError as err:
                # Out of file descriptors: the waiting client stays in the queue, so don't spin.
                LOGGER.warning("Could not accept a connection: %s", err)
                await asyncio.sleep(1.0)
                continue
            peer = str(address[0])
            if not self._admits(peer):
                sock.close()
                continue
            task = asyncio.create_task(self._serve(sock, peer), name=f"waifu wire client {peer}")
            self._clients.add(task)
            task.add_done_callback(self._clients.discard)

    def _admits(self, peer: str) -> bool:
        """Return whether this address may connect now."""
        now_s = time.monotonic()
        if self._failed.blocked(peer, now_s):
            self._failed.turned_away(peer, now_s)
            return False
        full = len(self._clients) >= MAX_CONNECTIONS
        if full and not self._full:
            LOGGER.warning("All %d connections are taken, refusing more", MAX_CONNECTIONS)
        self._full = full
        return not full

    async def _serve(self, sock: socket.socket, peer: str) -> None:
        """Run the handshake and the handler for one client."""
        streams = await self._open(sock, peer)
        if streams is None:
            return
        reader, writer = streams
        try:
            await self._handler(Connection(reader, writer, peer, self.refused))
        except FrameError as err:
            LOGGER.info("Closed the connection of %s: %s", peer, err)
        except ConnectionError:
            LOGGER.debug("%s left", peer)
        except Exception:
            LOGGER.exception("A client's handler failed")
        finally:
            writer.close()
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(1.0):
                    await writer.wait_closed()

    async def _open(
        self, sock: socket.socket, peer: str
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """Return the client's streams, None when it does not hold the key."""
        _keep_alive(sock)
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=MAX_LINE_BYTES)
        protocol = asyncio.StreamReaderProtocol(reader)
        try:
            transport, _ = await loop.connect_accepted_socket(
                lambda: protocol,
                sock,
                ssl=self._context,
                ssl_handshake_timeout=HANDSHAKE_TIMEOUT_S if self._context else None,
            )
        except ConnectionResetError:
            # Who hangs up before a key was looked at has tried none: a busy machine or a bad link
            # does so, and would be shut out for a minute.
            sock.close()
            LOGGER.debug("%s left before its key was seen", peer)
            return None
        except (ssl.SSLError, OSError) as err:
            sock.close()
            if self._failed.add(peer, time.monotonic()):
                LOGGER.warning("%s has no valid pairing key (%s)", peer, type(err).__name__)
            return None
        except asyncio.CancelledError:
            sock.close()
            raise
        self._failed.forget(peer)
        return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


async def start_server(
    handler: Handler, *, host: str, port: int, pairing_key: bytes | None = None
) -> WireServer:
    """Listen and call `handler` in a task of its own for each client; without a key it is plain."""
    infos = await _resolve(host, port)
    listeners: list[socket.socket] = []
    try:
        for family, (address, _port, *rest) in infos:
            # A free port (0) must be the same for IPv4 and IPv6.
            chosen = listeners[0].getsockname()[1] if listeners else port
            listeners.append(_listen(family, (address, chosen, *rest)))
    except OSError as err:
        for listener in listeners:
            listener.close()
        raise ListenError(_explain(err, host, port)) from err
    return WireServer(listeners, handler, pairing_key)


async def _resolve(host: str, port: int) -> list[tuple[socket.AddressFamily, tuple[object, ...]]]:
    """Return where to listen; an empty host is every address of the machine."""
    loop = asyncio.get_running_loop()
    try:
        infos = await loop.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except OSError as err:
        raise ListenError(f"This machine has no address named {host}") from err
    return list(dict.fromkeys((info[0], tuple(info[4])) for info in infos))


def _listen(family: socket.AddressFamily, address: tuple[object, ...]) -> socket.socket:
    """Return a listening, non-blocking socket."""
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(address)
        listener.listen(16)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def _keep_alive(sock: socket.socket) -> None:
    """Let the kernel notice a client that vanished without a word."""
    sock.setblocking(False)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    # Frames are small and often wait for each other: no delay for Nagle's algorithm.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if hasattr(socket, "TCP_KEEPIDLE"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, KEEPALIVE_IDLE_S)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, KEEPALIVE_IDLE_S)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, KEEPALIVE_PROBES)


def _explain(err: OSError, host: str, port: int) -> str:
    """Return one sentence that says why listening failed."""
    where = host or "this machine"
    if err.errno == errno.EADDRINUSE:
        return f"Port {port} on {where} is taken by another program; choose another port"
    if err.errno == errno.EACCES:
        return f"Port {port} on {where} is not allowed for this user; choose one above 1023"
    if err.errno == errno.EADDRNOTAVAIL:
        return f"This machine does not have the address {host}"
    return f"Could not listen on {where}, port {port}: {err.strerror}"
