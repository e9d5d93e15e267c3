"""The wake tester: live scores for whoever tunes a wake word in Home Assistant."""

import asyncio
from collections.abc import Callable
from typing import Final

from .wake.base import Score

EVERY_S: Final = 0.25
LONGEST_S: Final = 600.0

type Send = Callable[[dict[str, float], float | None], None]


class WakeTester:
    """Sends the best score of each word four times a second, for as long as somebody looks."""

    def __init__(self, level_db: Callable[[], float | None], send: Send) -> None:
        """Send scores and the room's loudness."""
        self._level_db = level_db
        self._send = send
        self._best: dict[str, float] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self, seconds: float) -> None:
        """Test for so long from now on; 0 ends the test."""
        self.close()
        if seconds > 0:
            work = self._run(min(seconds, LONGEST_S))
            loop = asyncio.get_running_loop()
            self._task = loop.create_task(work, name="waifu satellite wake tester")

    def hear(self, scores: list[Score]) -> None:
        """Take scores; between tests they are not looked at."""
        if self._task is not None:
            for score in scores:
                best = self._best.get(score.word.name, 0.0)
                self._best[score.word.name] = max(best, score.value)

    def close(self) -> None:
        """End the test."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._best.clear()

    async def _run(self, seconds: float) -> None:
        """Send what was best since the last time."""
        for _ in range(round(seconds / EVERY_S)):
            await asyncio.sleep(EVERY_S)
            best, self._best = self._best, dict.fromkeys(self._best, 0.0)
            self._send({name: round(value, 3) for name, value in best.items()}, self._level_db())
        self._task = None
