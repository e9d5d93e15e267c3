"""Run every change of the database on one thread, one after the other.

Home Assistant's event loop hands a job over and awaits its result; the result comes when the
transaction is on the disk. A job that fails leaves nothing behind.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
import logging
from queue import SimpleQueue
import threading
from typing import Any

from sqlalchemy import Connection, Engine

from .errors import StoreClosed
from .faults import translated

LOGGER = logging.getLogger(__name__)

type Job[T] = Callable[[Connection], T]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """Keep a job with the future that waits for it."""

    job: Job[Any]
    transaction: bool
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop


class Writer:
    """Own the only connection that may write."""

    def __init__(self, engine: Engine, name: str) -> None:
        """Start the thread; it waits for jobs."""
        self._engine = engine
        self._orders: SimpleQueue[_Order | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    async def run[T](self, job: Job[T], *, transaction: bool = True) -> T:
        """Run a job in a transaction of its own; return when it is committed.

        A caller that is cancelled stops waiting, the job is done all the same.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        order = _Order(job=job, transaction=transaction, future=future, loop=loop)
        with self._lock:
            if self._closed:
                raise StoreClosed("The conversation store is closed")
            self._orders.put(order)
        return await future

    def close(self) -> None:
        """Finish the jobs already given, then end the thread; blocks until it has ended."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._orders.put(None)
        self._thread.join()

    def _work(self) -> None:
        """Take jobs until the end is asked for."""
        with self._engine.connect() as connection:
            while (order := self._orders.get()) is not None:
                self._do(connection, order)

    def _do(self, connection: Connection, order: _Order) -> None:
        """Do one job and hand its result or its error to the loop that asked."""
        try:
            with translated():
                if order.transaction:
                    with connection.begin():
                        result = order.job(connection)
                else:
                    result = order.job(connection)
        except Exception as error:  # noqa: BLE001 - the caller gets it, the thread goes on
            connection.rollback()
            _settle(order, None, error)
        else:
            _settle(order, result, None)


def _settle(order: _Order, result: object, error: Exception | None) -> None:
    """Give the future its result on its own loop, if anybody still waits."""

    def settle() -> None:
        if order.future.done():
            return
        if error is None:
            order.future.set_result(result)
        else:
            order.future.set_exception(error)

    try:
        order.loop.call_soon_threadsafe(settle)
    except RuntimeError:
        LOGGER.debug("the event loop ended before a store job did")
