"""Read what a speech server owes, and notice when it is gone without a word."""

import asyncio

from wyoming.event import Event

from .connection import UnreachableError, WireConnection

FRAME_TIMEOUT_S = 20.0
"""A server that says nothing for so long while it owes an answer is lost."""
PING_AFTER_S = 1.2
"""Where it answers pings while its engine works, it is asked after so much silence whether it is there."""
MOST_UNANSWERED = 2

_LOST = "The speech server broke off"
_SILENT = "The speech server does not answer any more"


class Owed:
    """The events of a server to which `writer` sends a request.

    A model may think for minutes between two sentences and a person between two words: as long as our
    side still writes, silence of the engine is no fault. With `pings` the silence of the server itself
    is one all the time: a pulled cable is told to nobody.
    """

    def __init__(
        self, connection: WireConnection, writer: asyncio.Task[None], *, pings: bool = False
    ) -> None:
        """Take the connection and what writes to it."""
        self._connection = connection
        self._writer = writer
        self._pings = pings
        self._unanswered = 0
        self._since_s: float | None = None

    async def next(self) -> Event:
        """Return the next event. Raises UnreachableError when the server is lost."""
        while (event := await self._read()).type == "pong":
            pass
        self._since_s = None
        return event

    async def _read(self) -> Event:
        """Return the next event, whatever it is."""
        reading = asyncio.ensure_future(self._connection.read())
        try:
            while not reading.done():
                await self._wait(reading)
            event = reading.result()
        finally:
            if not reading.done():
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)
        if event is None:
            raise UnreachableError(_LOST)
        self._unanswered = 0
        return event

    async def _wait(self, reading: asyncio.Future[Event | None]) -> None:
        """Wait for a while; raise what our side failed with, or that the server is silent."""
        waiting: set[asyncio.Future[object]] = {reading}  # type: ignore[arg-type] # only waited for
        if self._writer.done():
            if error := self._writer.exception():
                raise error
        else:
            waiting.add(self._writer)  # type: ignore[arg-type] # only waited for
        timeout_s = min(self._left_s(), PING_AFTER_S) if self._pings else self._left_s()
        limit_s = None if timeout_s == float("inf") else timeout_s
        done, _ = await asyncio.wait(waiting, timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
        if done:
            return
        if self._left_s() <= 0 or not self._pings or self._unanswered >= MOST_UNANSWERED:
            raise UnreachableError(_SILENT)
        self._unanswered += 1
        await self._connection.write(Event(type="ping", data={}))

    def _left_s(self) -> float:
        """Return how long the engine may still be silent (s)."""
        if not self._writer.done():
            return float("inf")
        now_s = asyncio.get_running_loop().time()
        if self._since_s is None:
            self._since_s = now_s
        return max(0.0, self._since_s + FRAME_TIMEOUT_S - now_s)
