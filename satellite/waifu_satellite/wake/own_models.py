"""Wake word models that somebody brings through Home Assistant, in pieces (contracts §4: `wake-model`)."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
import hashlib
import json
import logging
from pathlib import Path
import re
import shutil
import tempfile
from typing import Final

from wyoming.event import Event

from waifu_satellite import protocol

from .catalogue import SUFFIXES
from .trial import async_wrong
from .words import WakeWords

LOGGER = logging.getLogger(__name__)

MOST_BYTES: Final = 4 * 1024 * 1024
"""Models of openWakeWord have up to 1.7 MB, those of microWakeWord 80 KB."""
MOST_MODELS: Final = 16
NAME: Final = re.compile(r"[a-z0-9][a-z0-9_]{1,39}")
MOST_WINDOW: Final = 100

type Data = Mapping[str, object]


class RefusedError(Exception):
    """A model is not taken; the message is one sentence for people."""


@dataclass(slots=True, kw_only=True)
class _Coming:
    """A model of which pieces have come."""

    name: str
    suffix: str
    size: int
    sha256: str
    description: Mapping[str, object] | None
    content: bytearray = field(default_factory=bytearray)


class OwnModels:
    """Takes one model at a time, tries it, and offers it beside the others."""

    def __init__(
        self, words: WakeWords | None, send: Callable[[Event], None], added: Callable[[str], None]
    ) -> None:
        """Keep models where `words` looks for them; `added` is told the name of a new one."""
        self._words = words
        self._send = send
        self._added = added
        self._coming: _Coming | None = None
        self._task: asyncio.Task[None] | None = None

    def take(self, data: Data, piece: bytes) -> None:
        """Take the next piece; the last one begins the trial."""
        try:
            whole = self._join(data, piece)
        except RefusedError as err:
            self._coming = None
            self._answer(str(data.get("name")), str(err))
            return
        if whole is not None:
            self._coming = None
            loop = asyncio.get_running_loop()
            self._task = loop.create_task(self._keep(whole), name="waifu satellite wake model")

    def close(self) -> None:
        """End a trial that is under way."""
        if self._task is not None:
            self._task.cancel()

    def _join(self, data: Data, piece: bytes) -> _Coming | None:
        """Put a piece to the others; return the model when it is whole."""
        if self._task is not None and not self._task.done():
            raise RefusedError("Another model is tried just now")
        if data.get("at") == 0:
            self._coming = self._begun(data)
        coming = self._coming
        if (
            coming is None
            or coming.name != data.get("name")
            or len(coming.content) != data.get("at")
        ):
            raise RefusedError("The model did not come in one piece; send it again")
        coming.content += piece
        if len(coming.content) < coming.size and piece:
            return None
        if hashlib.sha256(coming.content).hexdigest() != coming.sha256:
            raise RefusedError("The model was changed on its way; send it again")
        return coming

    def _begun(self, data: Data) -> _Coming:
        """Return what the first piece says of a model, as far as such a one is taken."""
        name, suffix, size = data.get("name"), data.get("suffix"), data.get("size")
        if self._words is None or self._words.folder is None:
            raise RefusedError("This satellite listens for no wake words")
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise RefusedError("A wake word's name has letters, digits and underscores only")
        if suffix not in SUFFIXES:
            raise RefusedError("A model is an .onnx or a .tflite file")
        if isinstance(size, bool) or not isinstance(size, int) or not 0 < size <= MOST_BYTES:
            raise RefusedError(f"A model has at most {MOST_BYTES // 1024**2} MB")
        self._words.refresh()
        known = self._words.known.get(name)
        own = [path for path in self._words.folder.glob("*") if path.suffix in SUFFIXES]
        if known is not None and not any(known.spec.endswith(str(path)) for path in own):
            raise RefusedError(f"There is a wake word {known.phrase} already; take another name")
        if len(own) >= MOST_MODELS and name not in {path.stem for path in own}:
            raise RefusedError(f"There are {MOST_MODELS} models of your own already")
        return _Coming(
            name=name,
            suffix=str(suffix),
            size=size,
            sha256=str(data.get("sha256")),
            description=_description(data.get("description"), name, str(suffix)),
        )

    async def _keep(self, model: _Coming) -> None:
        """Try a model; keep it where nothing is wrong with it."""
        assert self._words is not None
        assert self._words.folder is not None
        try:
            await _tried_and_kept(model, self._words.folder)
        except RefusedError as err:
            self._answer(model.name, str(err))
        except OSError as err:
            self._answer(model.name, f"The model can't be kept: {err.strerror}")
        else:
            LOGGER.info("The wake word model %s was brought by Home Assistant", model.name)
            self._added(model.name)
            self._answer(model.name, None)

    def _answer(self, name: str, error: str | None) -> None:
        """Tell what became of a model."""
        if error is not None:
            LOGGER.warning("The wake word model %.40s is not taken: %s", name, error)
        self._send(protocol.wake_model(name, error))


async def _tried_and_kept(model: _Coming, folder: Path) -> None:
    """Write a model aside, try it, and move it to the others. Raises RefusedError, OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    aside = Path(await asyncio.to_thread(tempfile.mkdtemp, dir=folder, prefix=".trial-"))
    try:
        path = aside / f"{model.name}{model.suffix}"
        await asyncio.to_thread(path.write_bytes, model.content)
        if model.description is not None:
            text = json.dumps(model.description, indent=1)
            await asyncio.to_thread(path.with_suffix(".json").write_text, text)
        if found := await async_wrong(f"{SUFFIXES[model.suffix]}:{path}"):
            # What libraries say names the file aside.
            raise RefusedError(found.replace(f"{aside}/", ""))
        for other in SUFFIXES:
            (folder / f"{model.name}{other}").unlink(missing_ok=True)
        for part in (path.with_suffix(".json"), path):
            if part.exists():
                part.replace(folder / part.name)
    finally:
        await asyncio.to_thread(shutil.rmtree, aside, ignore_errors=True)


def _description(given: object, name: str, suffix: str) -> Mapping[str, object] | None:
    """Return what microWakeWord needs to know of a model, and nothing else of what was given."""
    if SUFFIXES[suffix] != "microwakeword":
        return None
    micro = given.get("micro") if isinstance(given, dict) else None
    if not isinstance(given, dict) or not isinstance(micro, dict):
        raise RefusedError("A .tflite model needs its .json file, which names its threshold")
    cutoff, window = micro.get("probability_cutoff"), micro.get("sliding_window_size")
    if not isinstance(cutoff, int | float) or isinstance(cutoff, bool) or not 0 < cutoff <= 1:
        raise RefusedError("The .json file has no probability_cutoff between 0 and 1")
    if isinstance(window, bool) or not isinstance(window, int) or not 0 < window <= MOST_WINDOW:
        raise RefusedError(f"The .json file has no sliding_window_size from 1 to {MOST_WINDOW}")
    return {
        "type": "micro",
        "wake_word": name.replace("_", " "),
        "model": f"{name}{suffix}",
        "micro": {"probability_cutoff": float(cutoff), "sliding_window_size": window},
    }
