"""Find what was said."""

from ..scope import Scope
from ..search import Found, Order, SearchFilter, search
from ..statistics import Statistics, WordCount, statistics, top_words
from .base import Base


class Finding(Base):
    """Search and count."""

    async def search(
        self,
        scope: Scope,
        words: str,
        wanted: SearchFilter | None = None,
        *,
        order: Order = Order.BEST,
        as_typed: bool = False,
        limit: int = 20,
        offset: int = 0,
    ) -> Found:
        """Return messages with the given words; `as_typed` takes the last as a beginning."""
        return await self._database.read(
            lambda connection: search(
                connection,
                scope,
                words,
                wanted or SearchFilter(),
                order=order,
                as_typed=as_typed,
                limit=limit,
                offset=offset,
            )
        )

    async def statistics(
        self,
        scope: Scope,
        *,
        since_ms: int | None = None,
        until_ms: int | None = None,
        utc_offset_s: int = 0,
    ) -> Statistics:
        """Return counts of messages, words and hours, per day and per character."""
        return await self._database.read(
            lambda connection: statistics(
                connection,
                scope,
                since_ms=since_ms,
                until_ms=until_ms,
                utc_offset_s=utc_offset_s,
            )
        )

    async def top_words(
        self, scope: Scope, *, since_ms: int | None = None, limit: int = 50
    ) -> list[WordCount]:
        """Return the words that people used most, without the little words."""
        return await self._database.read(
            lambda connection: top_words(connection, scope, since_ms=since_ms, limit=limit)
        )
