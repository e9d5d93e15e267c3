"""Fetch the voices and models that the owner named, and say what happens."""

import importlib.util
from pathlib import Path
import sys
from typing import Final

from .fetching import fetch_all, host_of
from .hub import RemoteModel, find_remote
from .models import PIPER

_STEP_PERCENT: Final = 5
_PACKAGES: Final = {"piper": ("piper", "piper"), "faster-whisper": ("faster_whisper", "whisper")}


def download(choices: tuple[str, ...], folder: Path, hub: str) -> None:
    """Fetch models as `engine:name`; raise one sentence for the first that fails."""
    for choice in choices:
        model = find_remote(choice, folder, hub)
        print(
            f"{model.engine}:{model.name}: {model.size / 1e6:.1f} MB from {host_of(hub)} into {folder},"
            f" licence: {model.licence}",
            flush=True,
        )
        fetch_all(model.files, folder, _Percent(model).tell)
        option = "--tts" if model.engine == PIPER else "--stt"
        print(f"It is there. Use it: waifu-speech {option} {model.engine}:{model.name}")
        _tell_missing_engine(model.engine)


class _Percent:
    """Lines of progress, few enough for a log."""

    def __init__(self, model: RemoteModel) -> None:
        """Begin with nothing told."""
        self._name = model.name
        self._told = -1

    def tell(self, here: int, total: int) -> None:
        """Print how far it is, each few percent."""
        percent = here * 100 // max(1, total) // _STEP_PERCENT * _STEP_PERCENT
        if percent > self._told:
            self._told = percent
            print(
                f"{self._name} {percent:3} %  {here / 1e6:.1f} of {total / 1e6:.1f} MB", flush=True
            )


def _tell_missing_engine(engine: str) -> None:
    """Say how to install what runs the model, where it is not installed."""
    module, extra = _PACKAGES[engine]
    if importlib.util.find_spec(module) is None:
        print(f"It needs its engine: pip install 'waifu-satellite[{extra}]'", file=sys.stderr)
