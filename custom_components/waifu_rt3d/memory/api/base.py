"""Route work to the file, or to memory for private sessions."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
import time

from .. import joining
from ..database import Database
from ..errors import NotFound
from ..ids import PRIVATE_IDS_FROM
from ..schema import FULL_TEXT
from ..sessions import PRIVATE_PREFIX
from ..writer import Job


def wall_ms() -> int:
    """Return the milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Base:
    """Know the databases and the time."""

    def __init__(
        self, database: Database, now_ms: Callable[[], int], path: Path | None = None
    ) -> None:
        """Keep an open database; use `Store.open`."""
        self._database = database
        self._path = path
        self._held = False
        self._private: Database | None = None
        self._now_ms = now_ms

    async def _change(self, session_id: str, change: Callable[..., object]) -> None:
        """Run a change of one session."""
        job: Job[object] = partial(change, uid=session_id)
        await self._of_session(session_id).write(job)

    def _of_session(self, session_id: str) -> Database:
        """Return the database of a session: the file, or memory for a private one."""
        if not session_id.startswith(PRIVATE_PREFIX):
            return self._database
        if self._private is None:
            raise NotFound("There is no such conversation")
        return self._private

    def _of_message(self, message_id: int) -> Database:
        """Return the database of a message."""
        if message_id < PRIVATE_IDS_FROM:
            return self._database
        if self._private is None:
            raise NotFound("There is no such message")
        return self._private

    async def _private_database(self) -> Database:
        """Return the database in memory, which is made when first needed."""
        if self._private is None:
            self._private = Database.open_memory()
        return self._private

    async def join_index(self, *, whole: bool = False) -> None:
        """Make search fast again after much was written, in steps; others write in between.

        With `whole`, nothing that was removed is left in the indexes either.
        """
        for index in FULL_TEXT if whole else await self._database.read(joining.scattered):
            begin = True
            while await self._database.write(partial(joining.join_part, index=index, begin=begin)):
                begin = False

    async def _sweep(self) -> None:
        """Remove what was forgotten from where it may still be quoted."""
