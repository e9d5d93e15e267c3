"""The wake words of the room: which are listened for may change while it runs."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, field
import logging
from pathlib import Path

from .base import Listener, Score, Wake, WakeEngine, WakeError
from .catalogue import Known
from .engines import REMOTE, make_engines
from .listener import WakeListener
from .remote import RemoteListener

LOGGER = logging.getLogger(__name__)

type Load = Callable[[tuple[str, ...]], list[WakeEngine]]


@dataclass(slots=True, kw_only=True)
class Chosen:
    """What is listened for, and how sure of each word one must be."""

    names: tuple[str, ...]
    thresholds: dict[str, float] = field(default_factory=dict)


class WakeWords:
    """Several listeners as one: one for each engine, one for each remote service."""

    def __init__(
        self,
        known: dict[str, Known],
        chosen: Chosen,
        *,
        executor: Executor | None = None,
        load: Load = make_engines,
        look: Callable[[], dict[str, Known]] | None = None,
        folder: Path | None = None,
    ) -> None:
        """Offer the words of a catalogue, which `look` reads anew; `load` makes engines.

        Models of the home's own are in `folder`.
        """
        self.known = known
        self._look = look
        self.folder = folder
        self.chosen = chosen
        self.on_scores: Callable[[list[Score]], None] | None = None
        self.on_wake: Callable[[Wake], None] = lambda _wake: None
        self._executor = executor
        self._load = load
        self._listeners: list[Listener] = []
        self._own: dict[str, float] = {}
        self._changing = asyncio.Lock()

    @property
    def active(self) -> tuple[Known, ...]:
        """Return the words that are listened for."""
        return tuple(self.known[name] for name in self.chosen.names if name in self.known)

    def refresh(self) -> None:
        """Take up models that were added or taken away since the start."""
        if self._look is not None:
            self.known = self._look()

    def describe(self, word: Known) -> dict[str, object]:
        """Return what is told of a word: its licence too."""
        return {
            "name": word.name,
            "phrase": word.phrase,
            "engine": word.engine,
            "licence": word.licence,
            "active": word.name in self.chosen.names,
            "threshold": round(self.threshold(word.name), 3),
        }

    def threshold(self, name: str) -> float:
        """Return how sure of a word one must be now."""
        return self.chosen.thresholds.get(name, self._own.get(name, 0.5))

    def start(self, engines: list[WakeEngine]) -> None:
        """Listen with engines that are loaded already, and with the remote services."""
        self.close()
        listeners: list[Listener] = [
            WakeListener(engine, self._wake, self._executor) for engine in engines
        ]
        remote = [word for word in self.active if word.engine == REMOTE]
        listeners += [RemoteListener(word, self._wake) for word in remote]
        self._own = {word.name: word.threshold for engine in engines for word in engine.words}
        for listener in listeners:
            listener.on_scores = self._scores
            for name, threshold in self.chosen.thresholds.items():
                listener.set_threshold(name, threshold)
        self._listeners = listeners

    async def choose(self, names: Iterable[str]) -> None:
        """Listen for other words; the old ones are heard until the new ones are loaded.

        Raises WakeError, after which everything is as before.
        """
        self.refresh()
        names = tuple(dict.fromkeys(names))
        if unknown := [name for name in names if name not in self.known]:
            raise WakeError(f"There is no wake word {unknown[0]}")
        async with self._changing:
            specs = tuple(self.known[name].spec for name in names)
            if self._executor is None:
                engines = self._load(specs)
            else:
                # In the engines' own thread: what is said meanwhile waits there and is heard.
                loop = asyncio.get_running_loop()
                engines = await loop.run_in_executor(self._executor, self._load, specs)
            self.chosen.names = names
            self.start(engines)

    def feed(self, pcm: bytes, end: int) -> None:
        """Let every listener hear audio whose last sample has the index `end` - 1."""
        for listener in self._listeners:
            listener.feed(pcm, end)

    def set_threshold(self, name: str, threshold: float) -> None:
        """Tune one word while running."""
        self.chosen.thresholds[name] = threshold
        for listener in self._listeners:
            listener.set_threshold(name, threshold)

    def close(self) -> None:
        """Listen for nothing."""
        for listener in self._listeners:
            listener.close()
        self._listeners = []

    def _wake(self, wake: Wake) -> None:
        """Pass a wake word on."""
        self.on_wake(wake)

    def _scores(self, scores: list[Score]) -> None:
        """Pass scores on."""
        if self.on_scores is not None:
            self.on_scores(scores)
