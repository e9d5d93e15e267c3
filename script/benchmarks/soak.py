"""Talk for a long time and look whether anything grows: `script/bench soak [TURNS]` (2000).

A real Home Assistant in the bench's own process with an instant model and voice. The clock is fast:
each turn's loudspeaker says at once that it was played, and after every twenty turns six minutes
pass at once, so that what Home Assistant keeps for five minutes (sounds, chat logs) can go. Every
talk goes on in one of twenty conversations. After a warm-up of a fifth of the turns, from there to the end:
`memory_slope_share` is how much of its resident memory the process has gained, `files_growth`,
`tasks_growth` and `timers_growth` how many more there are. `turn_ms` is the middle of all turns.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
import json
import os
from pathlib import Path
import statistics
import sys
import tempfile
import time

from demo_run.places import DemoError
from homeassistant.components import conversation
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import event
from homeassistant.util import dt as dt_util

from benchmarks.thinking.engines import add_engines
from benchmarks.thinking.home import add_companion, home

TURNS = 2000
CONVERSATIONS = 20
LATER_S = 360.0
LOOKS = 10
MOST_SLOPE = 0.05
MOST_GROWTH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What the process holds."""

    rss_mb: float
    files: int
    tasks: int
    timers: int

    @classmethod
    def now(cls) -> Weight:
        """Look at this process."""
        loop = asyncio.get_running_loop()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return cls(
            rss_mb=pages * os.sysconf("SC_PAGE_SIZE") / 2**20,
            files=len(list(Path("/proc/self/fd").iterdir())),
            tasks=len(asyncio.all_tasks()),
            timers=sum(not timer.cancelled() for timer in loop._scheduled),  # type: ignore[attr-defined] # noqa: SLF001 - asyncio tells it to nobody
        )


class FastClock:
    """Lets minutes pass at once, for timers of the loop and for Home Assistant's own clock."""

    def __init__(self) -> None:
        """Begin at the true time."""
        self._loop = asyncio.get_running_loop()
        self._ahead_s = 0.0
        loop_time, now = self._loop.time, dt_util.utcnow
        self._loop.time = lambda: loop_time() + self._ahead_s  # type: ignore[method-assign] # all of it shall run ahead
        dt_util.utcnow = lambda: now() + timedelta(seconds=self._ahead_s)
        # timers are told by this one when they were due: without it no talk would ever be old
        event.time_tracker_utcnow = dt_util.utcnow

    async def pass_s(self, seconds: float) -> None:
        """Let time pass, and what is due then happen."""
        self._ahead_s += seconds
        for _ in range(20):
            await asyncio.sleep(0)


async def soak(folder: Path, turns: int) -> dict[str, float]:
    """Talk so often and return the figures."""
    async with home(folder) as (hass, fake):
        await add_engines(hass)
        agent = await add_companion(hass, fake, voice="tts.instant", ears="stt.instant")
        clock = FastClock()
        weights: list[Weight] = []
        took_ms: list[float] = []
        for number in range(turns):
            begun_s = time.perf_counter()
            await conversation.async_converse(
                hass,
                f"What do you think about cloud number {number}?",
                f"soak-{number % CONVERSATIONS}",
                Context(),
                language="en",
                agent_id=agent,
            )
            await _played(hass)
            took_ms.append((time.perf_counter() - begun_s) * 1000)
            # the model's server keeps what it was asked, for tests
            for kept in (fake.requests, fake.asked_s, fake.first_byte_s):
                kept.clear()
            if (number + 1) % CONVERSATIONS == 0:
                await clock.pass_s(LATER_S)
                await hass.async_block_till_done()
            if (number + 1) % max(1, turns // LOOKS) == 0:
                weights.append(Weight.now())
                print(f"{number + 1:6} turns: {weights[-1]}", flush=True)
        return _figures(weights, took_ms)


async def _played(hass: HomeAssistant) -> None:
    """Let the loudspeaker say that all of it was heard, and wait until it is remembered."""
    # the component is loaded by Home Assistant, from the folder of the bench
    from custom_components.waifu_rt3d.house import HOUSE  # noqa: PLC0415 - see above

    house = hass.data[HOUSE]
    async with asyncio.timeout(30):
        while house.turns:
            for turn in list(house.turns.values()):
                turn.sound_stopped(0, complete=True)
                turn.finish_timeline()
                turn.close()
            await asyncio.sleep(0)
    await hass.async_block_till_done()


def _figures(weights: list[Weight], took_ms: list[float]) -> dict[str, float]:
    """Compare the end with the end of the warm-up."""
    warm, last = weights[len(weights) // 5], weights[-1]
    return {
        "turn_ms": round(statistics.median(took_ms), 2),
        "memory_slope_share": round(last.rss_mb / warm.rss_mb - 1, 4),
        "files_growth": last.files - warm.files,
        "tasks_growth": last.tasks - warm.tasks,
        "timers_growth": last.timers - warm.timers,
    }


def main() -> int:
    """Soak and print the figures; the exit code says whether anything grew."""
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else TURNS
    with tempfile.TemporaryDirectory(prefix="waifu-rt3d-soak-") as folder:
        try:
            figures = asyncio.run(soak(Path(folder), turns))
        except DemoError as err:
            print(f"error: {err}", file=sys.stderr)
            return 1
    grown = max(value for name, value in figures.items() if name.endswith("growth"))
    print(json.dumps(figures))
    return int(figures["memory_slope_share"] > MOST_SLOPE or grown > MOST_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
