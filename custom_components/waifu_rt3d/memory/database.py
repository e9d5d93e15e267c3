"""Open the SQLite file: one writing thread, a few reading connections that never wait for it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from .errors import StoreClosed
from .faults import translated
from .folding import fold
from .migrations import upgrade
from .writer import Job, Writer

READERS = 2
_CACHE_KIB = 8 * 1024

type Listener = Callable[[sqlite3.Connection, Any], None]


class Database:
    """Give out work to the writer and the readers."""

    def __init__(self, writing: Engine, reading: Engine | None, found_version: int) -> None:
        """Start the threads over engines that are already set up."""
        self.found_version = found_version
        self._writing = writing
        self._reading = reading
        self._writer = Writer(writing, "waifu_rt3d memory writer")
        self._readers = (
            ThreadPoolExecutor(READERS, thread_name_prefix="waifu_rt3d memory reader")
            if reading is not None
            else None
        )

    @classmethod
    def open_file(cls, path: Path) -> Database:
        """Open or create a database file and bring it to this schema; blocks."""
        with translated():
            writing = _engine(f"sqlite:///{path}", _set_up_writer)
            try:
                found = _upgraded(writing)
            except BaseException:
                writing.dispose()
                raise
        return cls(writing, _engine(f"sqlite:///{path}", _set_up_reader), found)

    @classmethod
    def open_memory(cls) -> Database:
        """Open a database that is never on a disk; it ends with the process."""
        engine = _engine("sqlite://", _set_up_memory, poolclass=StaticPool)
        return cls(engine, None, _upgraded(engine, private=True))

    async def write[T](self, job: Job[T]) -> T:
        """Run a job that changes data; it is on the disk when this returns."""
        return await self._writer.run(job)

    async def maintain[T](self, job: Job[T]) -> T:
        """Run a job on the writing connection outside a transaction (checkpoint, vacuum)."""
        return await self._writer.run(job, transaction=False)

    async def read[T](self, job: Job[T]) -> T:
        """Run a job that only reads, on a snapshot of its own."""
        if self._readers is None:
            return await self._writer.run(job)
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._readers, partial(self._read, job))
        except RuntimeError as error:
            if "shutdown" in str(error):
                raise StoreClosed("The conversation store is closed") from error
            raise

    def close(self) -> None:
        """Finish what was begun and let go of the file; blocks."""
        self._writer.close()
        if self._readers is not None and self._reading is not None:
            self._readers.shutdown()
            self._reading.dispose()
        self._writing.dispose()

    def _read[T](self, job: Job[T]) -> T:
        """Run a reading job on this thread."""
        assert self._reading is not None
        with translated(), self._reading.connect() as connection, connection.begin():
            return job(connection)


def _upgraded(engine: Engine, *, private: bool = False) -> int:
    """Bring the schema up to date; return the version that was found."""
    with engine.connect() as connection, connection.begin():
        return upgrade(connection, private=private)


def _engine(url: str, set_up: Listener, **arguments: Any) -> Engine:
    """Return an engine whose transactions are real ones.

    The driver's own habit is to begin late and never for reading; so it is switched off
    (`isolation_level = None`) and every transaction is begun here.
    """
    # What people say must not reach a log, not even by an error's own words.
    engine = create_engine(
        url, connect_args={"check_same_thread": False}, hide_parameters=True, **arguments
    )
    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", _begin_reading if set_up is _set_up_reader else _begin_writing)
    return engine


def _begin_reading(connection: Connection) -> None:
    """Begin a transaction that takes no lock."""
    connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection) -> None:
    """Begin a transaction that may write from the start, so it can't fail half-way on a lock."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _set_up_writer(raw: sqlite3.Connection, _record: Any) -> None:
    """Prepare the writing connection."""
    _prepare(
        raw,
        "journal_mode = WAL",
        # NORMAL leaves the last writes with the system: a power cut took what was acknowledged
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "busy_timeout = 10000",
        "temp_store = MEMORY",
        f"cache_size = -{_CACHE_KIB}",
    )


def _set_up_reader(raw: sqlite3.Connection, _record: Any) -> None:
    """Prepare a connection that cannot change anything."""
    _prepare(
        raw,
        "query_only = ON",
        "busy_timeout = 10000",
        "temp_store = MEMORY",
        f"cache_size = -{_CACHE_KIB}",
    )


def _set_up_memory(raw: sqlite3.Connection, _record: Any) -> None:
    """Prepare the one connection of a database in memory."""
    _prepare(raw, "foreign_keys = ON")


def _prepare(raw: sqlite3.Connection, *settings: str) -> None:
    """Begin transactions only where they are asked for, know `folded`, and set the given pragmas."""
    raw.isolation_level = None
    raw.create_function("folded", 1, fold, deterministic=True)
    for setting in settings:
        raw.execute(f"PRAGMA {setting}").close()
