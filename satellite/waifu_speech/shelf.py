"""Keep models loaded while they are used: loaded on first use, put away when idle, memory bounded."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
import contextlib
from dataclasses import dataclass, field
import logging
from pathlib import Path
import time
from typing import Final

from . import errors
from .host import Channel, ModelHost, start_host

LOGGER = logging.getLogger(__name__)

KEPT_IDLE_S: Final = 15 * 60.0
MAX_CHANNELS: Final = 8
_LOOK_S: Final = 30.0

type Key = tuple[str, Path]
"""Engine and the model's path."""


@dataclass(slots=True)
class _Place:
    """Where one model stands, loaded or not."""

    loading: asyncio.Lock = field(default_factory=asyncio.Lock)
    channels: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MAX_CHANNELS))
    host: ModelHost | None = None
    used_s: float = 0.0


class Shelf:
    """All models of this server, the one used last at the end."""

    def __init__(
        self,
        *,
        memory_mb: float,
        kept_idle_s: float = KEPT_IDLE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep loaded models within `memory_mb`; what is in use is never put away."""
        self._memory_mb = memory_mb
        self._kept_idle_s = kept_idle_s
        self._clock = clock
        self._places: OrderedDict[Key, _Place] = OrderedDict()
        self._looking: asyncio.Task[None] | None = None

    @contextlib.asynccontextmanager
    async def channel(self, engine: str, path: Path) -> AsyncIterator[Channel]:
        """Lend a channel to a model, which is loaded where it is not yet."""
        place = self._places.setdefault((engine, path), _Place())
        self._places.move_to_end((engine, path))
        async with place.channels:
            host = await self._loaded(place, engine, path)
            channel = host.open()
            try:
                yield channel
            finally:
                await channel.close()
                place.used_s = self._clock()

    async def _loaded(self, place: _Place, engine: str, path: Path) -> ModelHost:
        """Return the model's process; one that died is started anew."""
        async with place.loading:
            if place.host is not None and not place.host.alive:
                await place.host.end()
                place.host = None
            if place.host is None:
                await self._make_room(path)
                started = self._clock()
                place.host = await start_host(engine, path)
                took_s = self._clock() - started
                LOGGER.info("Loaded %s %s in %.1f s", engine, path.stem, took_s)
            place.used_s = self._clock()
            if self._looking is None:
                self._looking = asyncio.create_task(self._look(), name="waifu speech idle models")
            return place.host

    async def _make_room(self, path: Path) -> None:
        """Put idle models away until this one will fit; the one used longest ago goes first."""
        needed_mb = expected_mb(path)
        for place in list(self._places.values()):
            held_mb = sum(other.host.memory_mb for other in self._places.values() if other.host)
            if held_mb + needed_mb <= self._memory_mb:
                return
            await _put_away(place)

    async def _look(self) -> None:
        """Look for idle models now and then."""
        while True:
            await asyncio.sleep(min(_LOOK_S, self._kept_idle_s))
            await self.put_idle_away()

    async def put_idle_away(self) -> None:
        """Unload what nobody has used for a while."""
        for (engine, path), place in list(self._places.items()):
            if self._clock() - place.used_s >= self._kept_idle_s and await _put_away(place):
                LOGGER.info("Put %s %s away", engine, path.stem)

    async def close(self) -> None:
        """Unload everything."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        for place in self._places.values():
            if place.host is not None:
                await place.host.end()


async def _put_away(place: _Place) -> bool:
    """Unload a model that nobody uses or loads; return whether it was."""
    if place.host is None or place.host.busy or place.loading.locked():
        return False
    host, place.host = place.host, None
    await host.end()
    return True


def expected_mb(path: Path) -> float:
    """Return about how much memory a model will take: its files and its engine."""
    files = path.rglob("*") if path.is_dir() else [path]
    try:
        size = sum(file.stat().st_size for file in files if file.is_file())
    except OSError as err:
        raise errors.ModelBrokenError(f"Can't read {path}: {err.strerror}") from err
    return 1.3 * size / 1e6 + 90
