"""Load the component's pure packages without Home Assistant."""

from pathlib import Path
import sys
from types import ModuleType

_COMPONENT = Path(__file__).resolve().parent.parent / "custom_components" / "waifu_rt3d"


def load() -> None:
    """Make `waifu_rt3d.stage`, `waifu_rt3d.characters` … importable without the component's own start."""
    package = ModuleType("waifu_rt3d")
    package.__path__ = [str(_COMPONENT)]
    sys.modules["waifu_rt3d"] = package
