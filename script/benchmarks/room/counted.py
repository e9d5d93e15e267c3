"""What is counted without waiting, by real engines in virtual time, on as many processors as there are."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
import logging
import os
from pathlib import Path
import sys

from .interrupting import LOUD_DB, ROOM, barge_in, own_voice
from .wake import SLOW_WPM, WAKE_WORDS, near_misses, sound_alikes, stop_word, wake_rate

DAY_HOURS = float(os.environ.get("BENCH_DAY_HOURS", "24"))
DAY_TIMES = int(os.environ.get("BENCH_DAY_TIMES", "50"))

type Figures = dict[str, float]
type Job = Callable[[Path], Figures]


def day(folder: Path) -> Figures:
    """Live through a day of faults."""
    sys.path.insert(0, str(ROOM))
    # The day belongs to the tests, which live through a short one.
    from day import live  # noqa: PLC0415 - see above

    logging.getLogger("waifu_satellite").setLevel(logging.CRITICAL)
    lived = live(folder, hours=DAY_HOURS, times=DAY_TIMES)
    for fault, times in sorted(lived.faults.items()):
        print(f"    {times:3d} × {fault.replace('_', ' ')}", flush=True)
    return {
        "day_hours": DAY_HOURS,
        "day_faults": float(sum(lived.faults.values())),
        "day_unanswered": float(len(lived.unanswered)),
    }


# The longest first, so that no processor waits at the end.
JOBS: dict[str, tuple[Job, ...]] = {
    "day": (day,),
    "barge-in": (
        partial(barge_in, echo=True),
        own_voice,
        partial(barge_in, echo=True, key="barge_in_loud", loudness_db=LOUD_DB),
        partial(barge_in, echo=False),
    ),
    "wake": (
        *(partial(near_misses, engine=engine, word=word) for engine, word in WAKE_WORDS.items()),
        partial(wake_rate, key="wake_rate_clean_of_54", snr_db=None),
        partial(wake_rate, key="wake_rate_10_db_of_54", snr_db=10.0),
        partial(wake_rate, key="wake_rate_slow_of_54", snr_db=None, speed_wpm=SLOW_WPM),
        partial(wake_rate, key="wake_rate_slow_10_db_of_54", snr_db=10.0, speed_wpm=SLOW_WPM),
        stop_word,
        sound_alikes,
    ),
}


def count(folder: Path, parts: tuple[str, ...]) -> Figures:
    """Return the figures of some parts, each job in a process and a folder of its own."""
    figures: Figures = {}
    jobs = [job for part in parts for job in JOBS[part]]
    with ProcessPoolExecutor() as pool:
        futures = []
        for number, job in enumerate(jobs):
            own = folder / str(number)
            own.mkdir(parents=True)
            futures.append(pool.submit(job, own))
        for future in futures:
            figures |= future.result()
    return figures
