"""Open a Wyoming connection, plain or with a pairing key, and name what went wrong."""

import asyncio
from collections.abc import AsyncIterator
import contextlib
import ssl
from typing import Final

from wyoming.event import Event

from .frames import MAX_LINE_BYTES, FrameError, read_frame, write_frame
from .pairing import client_context

CONNECT_TIMEOUT_S: Final = 5.0
CLOSE_TIMEOUT_S: Final = 1.0


class WireError(Exception):
    """A speech server or satellite can't be used; the message is one sentence for people."""


class UnreachableError(WireError):
    """Nothing answers at that address."""


class NotWyomingError(WireError):
    """What answers there is not a Wyoming server of the wanted kind (plain or with a key)."""


class WrongKeyError(WireError):
    """The server asked for a pairing key and did not take ours."""


class WireConnection:
    """An open connection: frames in, frames out."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, where: str
    ) -> None:
        """Take both ends of an open socket; `open_connection` is the door."""
        self._reader = reader
        self._writer = writer
        self._where = where

    async def read(self) -> Event | None:
        """Return the next event, None when the server closed between two frames."""
        try:
            return await read_frame(self._reader)
        except FrameError as err:
            raise NotWyomingError(f"{self._where} does not speak Wyoming: {err}") from err
        except OSError as err:
            raise UnreachableError(f"The connection to {self._where} broke") from err

    async def write(self, event: Event) -> None:
        """Send one event."""
        try:
            await write_frame(self._writer, event)
        except OSError as err:
            raise UnreachableError(f"The connection to {self._where} broke") from err

    async def close(self) -> None:
        """Close the connection; a server that does not answer is dropped."""
        self._writer.close()
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                with contextlib.suppress(OSError):
                    await self._writer.wait_closed()
        except TimeoutError:
            self._writer.transport.abort()


@contextlib.asynccontextmanager
async def connected(
    host: str, port: int, key: bytes | None = None, *, timeout_s: float = CONNECT_TIMEOUT_S
) -> AsyncIterator[WireConnection]:
    """Keep a connection open while the context is."""
    connection = await open_connection(host, port, key, timeout_s=timeout_s)
    try:
        yield connection
    finally:
        await connection.close()


async def open_connection(
    host: str, port: int, key: bytes | None = None, *, timeout_s: float = CONNECT_TIMEOUT_S
) -> WireConnection:
    """Connect, with TLS-PSK where a key is given, within the time-out."""
    where = f"{host}:{port}"
    asked = asyncio.Event()
    # Making a context loads OpenSSL's configuration from disk: not for the event loop.
    context = await asyncio.to_thread(client_context, key, asked.set) if key else None
    try:
        async with asyncio.timeout(timeout_s):
            reader, writer = await asyncio.open_connection(
                host,
                port,
                ssl=context,
                limit=MAX_LINE_BYTES,
                # Certificates are not checked, but asyncio wants a name beside an IP address.
                server_hostname="" if context else None,
            )
    except TimeoutError as err:
        # who has a wrong key is dropped at once: slowness tells nothing of it
        raise UnreachableError(f"{where} does not answer") from err
    except (ssl.SSLError, ConnectionResetError, BrokenPipeError) as err:
        raise _explain_failure(where, key, asked) from err
    except (OSError, UnicodeError) as err:  # the latter for what is no host's name: "10.0..1"
        raise UnreachableError(f"Nothing answers at {where}") from err
    return WireConnection(reader, writer, where)


async def describe(
    host: str, port: int, key: bytes | None = None, *, timeout_s: float = CONNECT_TIMEOUT_S
) -> Event:
    """Return the server's `info` event, raw: the library's classes drop keys they don't know."""
    where = f"{host}:{port}"
    async with connected(host, port, key, timeout_s=timeout_s) as connection:
        try:
            async with asyncio.timeout(timeout_s):
                return await _read_info(connection, where)
        except TimeoutError:
            raise NotWyomingError(f"{where} does not answer as a Wyoming server does") from None


async def _read_info(connection: WireConnection, where: str) -> Event:
    """Ask what the server is and skip what else it says."""
    try:
        await connection.write(Event(type="describe"))
        while (event := await connection.read()) is not None:
            if event.type == "info":
                return event
    except UnreachableError:
        pass
    raise NotWyomingError(
        f"{where} closed the connection without an answer: it may want a pairing key"
    )


def _explain_failure(where: str, key: bytes | None, asked: asyncio.Event) -> WireError:
    """Return the named error of a failed start, by whether the server asked for a key."""
    if asked.is_set():
        # The server drops who has a wrong key without a word: that it asked is all there is.
        return WrongKeyError(f"The pairing key is not the one of {where}")
    if key:
        return NotWyomingError(f"{where} has no encrypted Wyoming: it may be plain")
    return UnreachableError(f"{where} closed the connection")
