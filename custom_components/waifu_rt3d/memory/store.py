"""Offer everything that is stored through one object with awaitable methods."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Self, override

from .api.base import wall_ms
from .api.branches import Branches
from .api.caring import Caring
from .api.exchanging import Exchanging
from .api.finding import Finding
from .api.recalling import Recalling
from .api.session_list import SessionList
from .api.talk import Talk
from .care import Recovery, open_or_recover
from .database import Database
from .forget import drop_arrivals


class Store(Caring, Talk, SessionList, Branches, Finding, Recalling, Exchanging):
    """Keep conversations: every method takes a `Scope`, which says for whom.

    Methods never block the event loop. What changes data returns when it is on the disk.
    Private sessions live in memory only and are gone when they or the store are closed.
    `recovery` tells of damage that was found and mended when the store was opened.
    """

    @override
    def __init__(
        self,
        database: Database,
        now_ms: Callable[[], int],
        path: Path | None = None,
        recovery: Recovery | None = None,
    ) -> None:
        super().__init__(database, now_ms, path)
        self.recovery = recovery

    @classmethod
    async def open(cls, path: Path, *, now_ms: Callable[[], int] = wall_ms) -> Self:
        """Open the database file, which is made, migrated or recovered where needed."""
        loop = asyncio.get_running_loop()
        database, recovery = await loop.run_in_executor(None, open_or_recover, path)
        store = cls(database, now_ms, path, recovery)
        await database.write(drop_arrivals)
        return store

    async def close(self) -> None:
        """Finish what was begun, forget private sessions and let go of the file."""
        loop = asyncio.get_running_loop()
        for database in (self._private, self._database):
            if database is not None:
                await loop.run_in_executor(None, database.close)
