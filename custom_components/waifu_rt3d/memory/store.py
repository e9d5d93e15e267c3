"""Offer everything that is stored through one object with awaitable methods."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Self

from .api.base import wall_ms
from .api.branches import Branches
from .api.finding import Finding
from .api.session_list import SessionList
from .api.talk import Talk
from .database import Database


class Store(Talk, SessionList, Branches, Finding):
    """Keep conversations: every method takes a `Scope`, which says for whom.

    Methods never block the event loop. What changes data returns when it is on the disk.
    Private sessions live in memory only and are gone when they or the store are closed.
    """

    @classmethod
    async def open(cls, path: Path, *, now_ms: Callable[[], int] = wall_ms) -> Self:
        """Open the database file, which is made or migrated where needed."""
        loop = asyncio.get_running_loop()
        return cls(await loop.run_in_executor(None, Database.open_file, path), now_ms)

    async def close(self) -> None:
        """Finish what was begun, forget private sessions and let go of the file."""
        loop = asyncio.get_running_loop()
        for database in (self._private, self._database):
            if database is not None:
                await loop.run_in_executor(None, database.close)
