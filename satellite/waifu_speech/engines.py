"""The engines that this server runs with, shared by its clients."""

import asyncio

from wyoming.event import Event

from .describe import info_event
from .grammars import GrammarStore
from .pool import WorkerPool
from .settings import SpeechSettings
from .voices import ENGINES, VoiceCatalog, load_catalog

POCKETSPHINX = "pocketsphinx"


class Engines:
    """Worker pools and what they offer; `load_engines` is the door."""

    def __init__(
        self,
        settings: SpeechSettings,
        pools: dict[str, WorkerPool],
        catalog: VoiceCatalog,
        server_id: str,
    ) -> None:
        """Take what was loaded."""
        self.pools = pools
        self.catalog = catalog
        self.stt = settings.stt
        self.grammars = GrammarStore()
        self.info: Event = info_event(catalog.voices, stt=settings.stt, server_id=server_id)

    async def close(self) -> None:
        """End all workers."""
        for pool in self.pools.values():
            await pool.close()


async def load_engines(settings: SpeechSettings, server_id: str) -> Engines:
    """Return the engines that are installed; raise a sentence for one that was asked for."""
    pools = {engine: WorkerPool(engine) for engine in (*ENGINES, POCKETSPHINX)}
    try:
        catalog = await _load_all(pools, settings)
    except BaseException:
        for pool in pools.values():
            await pool.close()
        raise
    return Engines(settings, pools, catalog, server_id)


async def _load_all(pools: dict[str, WorkerPool], settings: SpeechSettings) -> VoiceCatalog:
    """Start a worker of each engine, side by side, and return the voices."""
    hearing = asyncio.create_task(_check_hearing(pools, settings), name="waifu speech check")
    try:
        catalog = await load_catalog(pools, settings.tts)
        await hearing
    finally:
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)
    return catalog


async def _check_hearing(pools: dict[str, WorkerPool], settings: SpeechSettings) -> None:
    """Start a recogniser ahead of the first client; raise what it lacks."""
    if settings.stt is not None and not settings.list_only:
        async with pools[POCKETSPHINX].worker():
            pass
