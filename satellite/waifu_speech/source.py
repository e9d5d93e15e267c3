"""Where models come from and where they are kept."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

_MODULES: Final = {"piper": "piper", "faster-whisper": "faster_whisper"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where models come from and where they are kept."""

    hub: str
    folder: Path

    @property
    def engines(self) -> list[str]:
        """Return the engines that are installed and want models."""
        return [engine for engine, module in _MODULES.items() if find_spec(module) is not None]
