"""Offer everything that is stored through one object with awaitable methods."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Self, override

from . import turns
from .api.base import wall_ms
from .api.branches import Branches
from .api.caring import Caring
from .api.exchanging import Exchanging
from .api.finding import Finding
from .api.recalling import Recalling
from .api.session_list import SessionList
from .api.talk import Talk
from .care import Recovery, is_looked_through, open_or_recover
from .database import Database
from .errors import StoreDamaged, StoreError
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
        self.unchecked = False

    @classmethod
    async def open(
        cls, path: Path, *, now_ms: Callable[[], int] = wall_ms, thorough: bool = False
    ) -> Self:
        """Open the database file, which is made, migrated or recovered where needed.

        A large file is not read through for damage unless `thorough`: `unchecked` tells that
        `check` is still to be called.
        """
        loop = asyncio.get_running_loop()
        looked = thorough or await loop.run_in_executor(None, is_looked_through, path)
        opening = partial(open_or_recover, path, thorough=thorough)
        database, recovery = await loop.run_in_executor(None, opening)
        store = cls(database, now_ms, path, recovery)
        store.unchecked = not looked and recovery is None
        try:
            await database.write(drop_arrivals)
            await database.write(turns.settle)
        except StoreError as error:
            await store.close()
            if isinstance(error, StoreDamaged) and not thorough:
                return await cls.open(path, now_ms=now_ms, thorough=True)
            raise
        return store

    async def close(self) -> None:
        """Finish what was begun, forget private sessions and let go of the file."""
        loop = asyncio.get_running_loop()
        for database in (self._private, self._database):
            if database is not None:
                await loop.run_in_executor(None, database.close)
