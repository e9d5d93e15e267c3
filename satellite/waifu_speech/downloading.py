"""Fetch voices and models when a paired client asks for it, and tell how far it is (contracts §2)."""

import asyncio
from collections.abc import Callable
import contextlib
import logging
import threading
from typing import Any, Final

from wyoming.event import Event
from wyoming.user_event import UserEvent

from waifu_wire.server import Connection

from .engines import Engines
from .errors import SpeechError
from .fetching import FetchError, fetch_all, host_of
from .hub import find_remote
from .source import Source

LOGGER = logging.getLogger(__name__)

MOST_MODELS: Final = 4
_STEP_S: Final = 0.5


class NotAllowedError(SpeechError):
    """A client may not let this server fetch anything."""


class Downloading:
    """One client's wish for models; it ends with the client, and a later one goes on from there."""

    def __init__(self, connection: Connection, engines: Engines) -> None:
        """Take the client and the engines that get the models."""
        self._connection = connection
        self._engines = engines
        self._task: asyncio.Task[None] | None = None
        self._stopped = threading.Event()

    def begin(self, data: dict[str, Any]) -> None:
        """Start to fetch `models`, each as `engine:name`; only over a paired connection."""
        source = self._engines.source
        if source is None:
            raise NotAllowedError("Only a paired server fetches models for its clients")
        models = [str(model) for model in data["models"]]
        if not 0 < len(models) <= MOST_MODELS:
            raise NotAllowedError(f"One to {MOST_MODELS} models can be fetched at once")
        if wrong := [one for one in models if one.partition(":")[0] not in source.engines]:
            raise NotAllowedError(f"The engine of {wrong[0]!r} is not installed here")
        if self._task is not None and not self._task.done():
            raise NotAllowedError("A download is under way already")
        self._task = asyncio.create_task(self._run(source, models), name="waifu speech download")

    async def close(self) -> None:
        """Stop; what is here already is kept for another time."""
        self._stopped.set()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self, source: Source, models: list[str]) -> None:
        """Fetch all models, then offer them."""
        try:
            for model in models:
                await self._fetch(source, model)
            await self._engines.reload()
            done = UserEvent(name="download-done", data={"models": models})
            await self._connection.write(done.event())
        except SpeechError as err:
            failed = UserEvent(name="download-failed", data={"reason": str(err)})
            with contextlib.suppress(ConnectionError):
                await self._connection.write(failed.event())
        except ConnectionError:
            return
        except Exception:
            LOGGER.exception("Fetching models failed")
            self._connection.abort()

    async def _fetch(self, source: Source, name: str) -> None:
        """Fetch one model in a thread of its own while its progress goes to the client."""
        model = await asyncio.to_thread(find_remote, name, source.folder, source.hub)
        about = {"model": name, "host": host_of(source.hub), "licence": model.licence}
        here = [0]
        fetching = asyncio.ensure_future(
            asyncio.to_thread(fetch_all, model.files, source.folder, self._progress(here))
        )
        try:
            while True:
                data = {**about, "bytes": here[0], "total": model.size}
                await self._connection.write(_event("download-progress", data))
                finished, _ = await asyncio.wait({fetching}, timeout=_STEP_S)
                if finished:
                    break
            fetching.result()
        finally:
            if not fetching.done():
                self._stopped.set()
        await self._connection.write(
            _event("download-progress", {**about, "bytes": model.size, "total": model.size})
        )

    def _progress(self, here: list[int]) -> Callable[[int, int], None]:
        """Return what notes how far it is, and ends the thread of a client that has left."""

        def tell(done: int, _total: int) -> None:
            here[0] = done
            if self._stopped.is_set():
                raise FetchError("The client left")

        return tell


def _event(name: str, data: dict[str, Any]) -> Event:
    """Return a user event."""
    event: Event = UserEvent(name=name, data=data).event()
    return event
