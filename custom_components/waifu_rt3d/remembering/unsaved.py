"""Turns that the memory could not take: kept, and stored when the disk can be written again."""

import asyncio
from collections import deque

from ..const import LOGGER
from ..memory import Store, StoreDamaged, StoreError, StoreFull, StoreReadOnly
from ..turns.turn import Turn
from .turns import async_remember_end

KEPT_TURNS = 500
"""About two days of talk; a disk that stays full for longer loses the oldest."""
_WORTH_A_RETRY = (StoreFull, StoreReadOnly, StoreDamaged)


class Unsaved:
    """What waits for the disk."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._turns: deque[Turn] = deque(maxlen=KEPT_TURNS)
        self._in_order = asyncio.Lock()

    def __len__(self) -> int:
        """Return how many turns wait."""
        return len(self._turns)

    async def async_remember(self, store: Store, turn: Turn) -> str | None:
        """Store a turn after those that wait; return why it has to wait, as a translation key."""
        self._turns.append(turn)
        return await self.async_retry(store)

    async def async_retry(self, store: Store) -> str | None:
        """Store what waits, in order; return the first obstacle as a translation key."""
        async with self._in_order:
            while self._turns:
                turn = self._turns[0]
                try:
                    await async_remember_end(store, turn)
                except _WORTH_A_RETRY as err:
                    LOGGER.warning("A turn can't be remembered yet: %s", err)
                    return key_of_obstacle(err)
                except StoreError as err:
                    # its session was deleted, or the memory is closed: nothing to wait for
                    LOGGER.warning("A turn can't be remembered: %s", err)
                if self._turns and self._turns[0] is turn:
                    self._turns.popleft()
        return None

    def forget(self, person: str | None) -> None:
        """Drop what waits of a person."""
        kept = [turn for turn in self._turns if turn.start.person.user_id != person]
        self._turns = deque(kept, maxlen=KEPT_TURNS)


def key_of_obstacle(error: StoreError) -> str:
    """Return what the person is told."""
    match error:
        case StoreFull():
            return "memory_full"
        case StoreReadOnly():
            return "memory_read_only"
        case _:
            return "memory_damaged"
