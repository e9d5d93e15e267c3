"""Round after round of faults: what the programs hold must not grow."""

from dataclasses import dataclass, field
import time

from .again import hears_again
from .home import Home
from .outcome import Trial
from .parts import Part
from .talk import ask
from .weights import Weight, weight_of

MOST_SLOPE = 0.005
"""Of its memory, by round."""
_SETTLE_S = 60
"""What a turn leaves for a moment (a connection that is kept for the next) is gone by then."""


@dataclass(slots=True, kw_only=True)
class Ledger:
    """The weights of all programs, after each round."""

    home: Home
    weights: dict[str, list[Weight]] = field(default_factory=dict)

    async def weigh(self, when: str) -> None:
        """Write down what each program holds now, and print it."""
        for part in self.home.parts:
            kept = self.weights.setdefault(part.name, [])
            kept.append(await self._settled(part, kept))
            print(f"       {when}: {part.name}: {kept[-1]}", flush=True)

    async def _settled(self, part: Part, before: list[Weight]) -> Weight:
        """Return what a program holds, once what ends by itself has ended."""
        end_s = time.monotonic() + _SETTLE_S
        now = await weight_of(part)
        while before and now.pid == before[0].pid and now.left_since(before[0]):
            if time.monotonic() > end_s:
                break
            now = await weight_of(part)
        return now

    def figures(self) -> dict[str, float]:
        """Return slopes and what is left, of programs that have lived from the first round to the last.

        The first round warms up: caches of engines and of Home Assistant are filled by it.
        """
        figures: dict[str, float] = {}
        for name, kept in self.weights.items():
            key = name.lower().replace(" ", "_")
            lived = [one for one in kept if one.pid == kept[-1].pid]
            if len(lived) != len(kept) or len(kept) < 2:
                print(f"       {name} was started anew: not compared")
                continue
            left = lived[-1].left_since(lived[0])
            print(f"       {name} holds more than before: {', '.join(left) or 'nothing'}")
            figures[f"{key}_left"] = len(left)
            if len(lived) > 3:
                figures[f"{key}_slope_share"] = round(_slope(lived[1:]), 5)
        return figures


def for_rounds(chosen: dict[str, Trial], rounds: int) -> dict[str, Trial]:
    """Return the trials that can be repeated with all programs alive."""
    if rounds == 1:
        return chosen
    return {name: trial for name, trial in chosen.items() if not trial.kills and not trial.once}


async def warm_up(home: Home) -> None:
    """Let each part do once what it does in the trials."""
    await (await ask(home)).over()
    await (await ask(home, speak=True)).over()
    for room in (home.kitchen, home.bedroom):
        await hears_again(home, room, time.monotonic())


def _slope(kept: list[Weight]) -> float:
    """Return by which share of the first the memory grows each round (least squares)."""
    count = len(kept)
    middle, mean = (count - 1) / 2, sum(one.memory_mb for one in kept) / count
    above = sum((n - middle) * (one.memory_mb - mean) for n, one in enumerate(kept))
    return above / sum((n - middle) ** 2 for n in range(count)) / kept[0].memory_mb
