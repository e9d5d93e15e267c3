"""Show times of several servers beside each other."""

from collections.abc import Awaitable, Callable
import statistics
import time

type Figures = dict[str, float]

# A slow machine gets fewer repetitions, not a longer night.
PATIENCE_S = 120.0


def show(what: str, columns: tuple[str, ...], rows: dict[str, list[float]]) -> None:
    """Print times (s) of each server as a row (ms)."""
    print(f"{what:<28} " + " ".join(f"{column:>18}" for column in columns))
    for name, values in rows.items():
        print(f"  {name:<26} " + " ".join(f"{value * 1000:>15.0f} ms" for value in values))


class Repeating:
    """Measure several times, but once only when the time for it is up."""

    def __init__(self, times: int) -> None:
        """Begin the time."""
        self._times = times
        self._ends_s = time.monotonic() + PATIENCE_S

    async def median(self, ask: Callable[[], Awaitable[float]]) -> float:
        """Return the middle of what is measured."""
        found = [await ask()]
        while len(found) < self._times and time.monotonic() < self._ends_s:
            found.append(await ask())
        return statistics.median(found)


def ratio(mine: float, theirs: float) -> float:
    """Return how many times as much ours takes; times below a millisecond are one."""
    return max(mine, 0.001) / max(theirs, 0.001)
