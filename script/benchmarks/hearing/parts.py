"""The parts of `script/bench speech` that can be measured alone, with what they are to reach."""

from collections.abc import Callable
from typing import Final

from wire import satellite

from . import align, commands

PARTS: Final[dict[str, Callable[[], dict[str, float]]]] = {
    "align": align.measure,
    "commands": commands.measure,
    "satellite": satellite.measure,
}
TARGETS_LEAST: Final = align.TARGETS_LEAST | commands.TARGETS_LEAST | satellite.TARGETS_LEAST
TARGETS_MOST: Final = align.TARGETS_MOST | commands.TARGETS_MOST


def missed(figures: dict[str, float]) -> list[str]:
    """Return what missed its target, a line for each."""
    low = [
        f"{name}: {figures[name]:.3f}, wanted at least {least}"
        for name, least in TARGETS_LEAST.items()
        if figures.get(name, least) < least
    ]
    high = [
        f"{name}: {figures[name]:.3f}, wanted at most {most}"
        for name, most in TARGETS_MOST.items()
        if figures.get(name, most) > most
    ]
    return low + high
