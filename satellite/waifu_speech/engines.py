"""The engines that this server runs with, shared by its clients."""

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
        catalog = await load_catalog(pools, settings.tts)
        if settings.stt is not None:
            await pools[POCKETSPHINX].check()
    except BaseException:
        for pool in pools.values():
            await pool.close()
        raise
    return Engines(settings, pools, catalog, server_id)
