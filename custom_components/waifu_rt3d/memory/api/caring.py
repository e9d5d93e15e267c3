"""Forget for good, keep to the rules of retention, and look after the file."""

import asyncio
from functools import partial
from pathlib import Path
from typing import Any, override

from .. import care, forget, reindexing
from ..forget import Forgotten, Retention
from ..scope import Scope
from .base import Base


class Caring(Base):
    """Keep the store clean, sound and copied."""

    async def purge(self) -> Forgotten:
        """Remove what was deleted more than a minute ago; to be called every minute."""
        forgotten = Forgotten()
        now_ms = self._now_ms()
        job = partial(forget.purge_part, now_ms=now_ms, forgotten=forgotten)
        while await self._database.write(job):
            pass
        if forgotten.sessions:
            await self._sweep()
        return forgotten

    async def forget_message(self, scope: Scope, message_id: int) -> Forgotten:
        """Remove one message, and the replies to it when it is a person's."""
        forgotten = Forgotten()
        await self._of_message(message_id).write(
            lambda connection: forget.forget_message(connection, scope, message_id, forgotten)
        )
        await self._sweep()
        return forgotten

    async def forget_person(self, scope: Scope) -> Forgotten:
        """Remove everything of and by the scope's person, from every table, index and copy.

        The answer names the files and the spoken texts that others keep copies of.
        """
        forgotten = Forgotten()
        await self._database.write(partial(forget.hide_all_of, scope=scope))
        job = partial(forget.purge_part, now_ms=self._now_ms(), forgotten=forgotten)
        while await self._database.write(job):
            pass
        said = partial(forget.forget_said_part, scope=scope, forgotten=forgotten)
        while await self._database.write(said):
            pass
        await self._database.write(partial(forget.forget_name, scope=scope))
        await self._sweep()
        return forgotten

    async def set_retention(self, scope: Scope, rule: Retention) -> None:
        """Set how long the sessions of the scope's person are kept."""
        await self._database.write(lambda connection: forget.set_retention(connection, scope, rule))

    async def retention(self, scope: Scope) -> Retention:
        """Return how long the sessions of the scope's person are kept."""
        return await self._database.read(
            lambda connection: forget.retention(connection, scope.person)
        )

    async def nightly(self) -> Forgotten:
        """Apply the rules of retention, check the file, keep a good copy and a fast index.

        Raises `StoreDamaged` when the file is; the copy of a better day stays then.
        """
        now_ms = self._now_ms()
        await self._database.write(partial(forget.apply_retention, now_ms=now_ms))
        forgotten = await self.purge()
        await self.check()
        await self._copy()
        if not self._held:
            await self.join_index()
        return forgotten

    async def reindex(self) -> None:
        """Index what an older version stored as it is searched for now, in steps; go on where it was."""
        while ids := await self._database.read(reindexing.pending):
            await self._database.write(partial(reindexing.reindex, ids=ids))
        if ids is not None and not self._held:
            await self.join_index(whole=True)
            await self._database.write(reindexing.finish)

    async def check(self) -> None:
        """Read through the whole file; raise `StoreDamaged` where it is not as it should be."""
        await self._database.read(care.check)

    async def hold(self) -> None:
        """Make the files on the disk fit for a backup until `release`; talk goes on meanwhile."""
        self._held = True
        await self._database.maintain(care.hold)

    async def release(self) -> None:
        """End the time of a backup."""
        self._held = False
        await self._database.maintain(care.release)

    async def copy_to(self, target: Path) -> None:
        """Write a sound copy of the database to a file."""
        await self._database.read(partial(care.copy_to, target=target))

    async def _copy(self) -> None:
        """Write the good copy anew."""
        if self._path is not None:
            await self.copy_to(care.copy_path(self._path))

    @override
    async def _sweep(self) -> None:
        """Remove what was forgotten from the write-ahead file and from the good copy too."""
        if self._path is None:
            return
        if not self._held:
            await self._database.maintain(care.empty_log)
        loop = asyncio.get_running_loop()
        exists: Any = care.copy_path(self._path).exists
        if await loop.run_in_executor(None, exists):
            await self._copy()
