"""The engines that this server runs with, shared by its clients."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from wyoming.event import Event

from .describe import info_event
from .errors import EngineMissingError, NotAlignedError
from .grammars import GrammarStore
from .models import Model, find_models, model_at
from .pool import WorkerPool
from .recognisers import POCKETSPHINX, Recogniser, choose_recognisers
from .settings import SpeechSettings
from .shelf import Shelf
from .source import Source
from .voices import ENGINES, Voice, VoiceCatalog, load_catalog
from .wake_words import WAKE, WakeWord, installed_words


class Line(Protocol):
    """The line to an engine, whether it is a process of one client or of many."""

    async def send(self, event: Event) -> None:
        """Send one event."""

    async def receive(self, *, timeout_s: float | None = ...) -> Event:
        """Return the next answer; raise the engine's own error."""


class Engines:
    """Workers, models and what they offer; `load_engines` is the door."""

    def __init__(
        self,
        pools: dict[str, WorkerPool],
        shelf: Shelf,
        catalog: VoiceCatalog,
        recognisers: list[Recogniser],
        server_id: str,
        *,
        wake_words: Sequence[WakeWord],
        settings: SpeechSettings,
    ) -> None:
        """Take what was loaded."""
        self._pools = pools
        self._shelf = shelf
        self.catalog = catalog
        self.recognisers = recognisers
        self.beam = settings.beam
        self.whole_window = settings.whole_window
        self.grammars = GrammarStore()
        self.aligns = any(one.engine == POCKETSPHINX for one in recognisers)
        self.wake_words = wake_words
        self.source = (
            Source(hub=settings.hub, folder=settings.models) if settings.pairing_key else None
        )
        self._settings = settings
        self._server_id = server_id
        self.info: Event = self._describe()

    def _describe(self) -> Event:
        """Return `info` as it is now."""
        return info_event(
            self.catalog.voices,
            self.recognisers,
            self.wake_words,
            server_id=self._server_id,
            aligns=self.aligns,
            downloads=self.source.engines if self.source else (),
        )

    async def reload(self) -> None:
        """Offer the models that came since the start."""
        models, tts, stt = await asyncio.to_thread(_find_models, self._settings)
        self.catalog, self.recognisers = await _load_all(self._pools, models, tts, stt)
        self.info = self._describe()

    def voice(self, voice: Voice) -> AbstractAsyncContextManager[Line]:
        """Lend a line to a voice's engine."""
        if voice.path is not None:
            return self._shelf.channel(voice.engine, voice.path)
        return self._pools[voice.engine].worker()

    def recogniser(self, recogniser: Recogniser) -> AbstractAsyncContextManager[Line]:
        """Lend a line to a recogniser."""
        if recogniser.path is not None:
            return self._shelf.channel(recogniser.engine, recogniser.path)
        return self._pools[recogniser.engine].worker()

    def aligner(self) -> AbstractAsyncContextManager[Line]:
        """Lend a line to what finds a text in a sound."""
        if not self.aligns:
            raise NotAlignedError("This server can't align: pocketsphinx is not installed")
        return self._pools[POCKETSPHINX].worker()

    def waker(self) -> AbstractAsyncContextManager[Line]:
        """Lend a line to what listens for wake words."""
        return self._pools[WAKE].worker()

    async def close(self) -> None:
        """End all workers and unload all models."""
        for pool in self._pools.values():
            await pool.close()
        await self._shelf.close()


async def load_engines(settings: SpeechSettings, server_id: str) -> Engines:
    """Return the engines that are installed; raise a sentence for one that was asked for."""
    pools = {engine: WorkerPool(engine) for engine in (*ENGINES, POCKETSPHINX, WAKE)}
    shelf = Shelf(memory_mb=settings.memory_mb, kept_idle_s=settings.keep_min * 60)
    models, tts, stt = await asyncio.to_thread(_find_models, settings)
    try:
        catalog, recognisers = await _load_all(pools, models, tts, stt)
    except BaseException:
        for pool in pools.values():
            await pool.close()
        raise
    used = {catalog.default.engine, *(one.engine for one in recognisers[:1])}
    for pool in (pools[engine] for engine in pools.keys() - used):
        # It has told its voices; 45 MB are much for what nobody may ever ask for.
        await pool.close()
    return Engines(
        pools,
        shelf,
        catalog,
        recognisers,
        server_id,
        wake_words=await asyncio.to_thread(installed_words),
        settings=settings,
    )


def _find_models(settings: SpeechSettings) -> tuple[list[Model], str | None, str | None]:
    """Return the models on the disk, and the wanted voice and recogniser by name.

    A path to a model is taken for its name: `piper:/opt/voices/lessac.onnx`.
    """
    models = find_models(settings.models)
    wanted = []
    for choice in (settings.tts, settings.stt):
        _, _, name = (choice or "").partition(":")
        if "/" in name and (model := model_at(settings.models / name)) is not None:
            models = [model, *(other for other in models if other.path != model.path)]
            choice = f"{model.engine}:{model.name}"
        wanted.append(choice)
    return models, wanted[0], wanted[1]


async def _load_all(
    pools: dict[str, WorkerPool], models: list[Model], tts: str | None, stt: str | None
) -> tuple[VoiceCatalog, list[Recogniser]]:
    """Start a worker of each small engine, side by side; return voices and recognisers."""
    hearing = asyncio.create_task(_has_sphinx(pools, stt), name="waifu speech check")
    try:
        catalog = await load_catalog(pools, models, tts)
        sphinx = await hearing
    finally:
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)
    return catalog, choose_recognisers(models, stt, sphinx=sphinx)


async def _has_sphinx(pools: dict[str, WorkerPool], stt: str | None) -> bool:
    """Start a recogniser of commands ahead of the first client; return whether there is one."""
    if stt == "none":
        return False
    try:
        async with pools[POCKETSPHINX].worker():
            return True
    except EngineMissingError:
        if (stt or "").startswith(POCKETSPHINX):
            raise
        return False
