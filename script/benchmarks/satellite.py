"""Measure the satellite beside its rival: request, speech lost, power, wake rate, barge-in, a day.

A microphone plays the wake word and, without any pause, a ramp in which each 10 ms has a number of
its own: what is lost behind the wake word shows. `--only PART` measures one part; parts are `ours`,
`rival`, `playback`, `wake`, `barge-in`, `day` and `bullets`.
"""

import argparse
import asyncio
from collections.abc import Callable
import json
from pathlib import Path
import tempfile

from benchmarks.proofs import print_bullets
from benchmarks.proofs.satellite import BULLETS
from benchmarks.room.counted import JOBS, Figures, count
from benchmarks.room.listening import measure, measure_rival
from benchmarks.room.playback import playback
from benchmarks.room.rival import RECORDED, NoRivalError, make_environments

ENVIRONMENT = "satellite"
AT_MOST = {
    "request_after_phrase_ms_openwakeword": 165.0,
    "speech_lost_ms_openwakeword": 0.0,
    "speech_lost_ms_microwakeword": 0.0,
    "detection_to_request_p99_ms_openwakeword": 10.0,
    "detection_to_request_p99_ms_microwakeword": 10.0,
    "wakes_missed_openwakeword": 0.0,
    "wakes_missed_microwakeword": 0.0,
    "cpu_share_openwakeword": 0.04,
    "cpu_share_microwakeword": 0.02,
    "rss_mb_openwakeword": 90.0,
    "rss_mb_microwakeword": 50.0,
    "start_ms_openwakeword": 1500.0,
    "start_ms_microwakeword": 1500.0,
    "playback_error_ms_pulse": 30.0,
    "playback_error_ms_sounddevice": 30.0,
    "clock_offset_ms": 5.0,
    "near_miss_accepts_openwakeword": 0.0,
    "barge_in_silence_ms": 50.0,
    "barge_in_stale_sounds": 0.0,
    "self_wakes": 0.0,
    "near_miss_accepts_microwakeword": 0.0,
    "day_unanswered": 0.0,
}
AT_LEAST = {
    "wake_rate_clean_of_54": 53.0,
    "wake_rate_10_db_of_54": 53.0,
    "barge_in_detected": 20.0,
}


def ours(folder: Path) -> Figures:
    """Measure our satellite with each engine."""
    return asyncio.run(measure(folder))


def against(folder: Path) -> Figures:
    """Measure the rival, or take what was recorded where it can't be run."""
    try:
        make_environments()
        return asyncio.run(measure_rival(folder))
    except NoRivalError as err:
        print(f"The rival can't be run: {err}. Recorded figures stand beside ours.")
        return RECORDED


LIVE: dict[str, Callable[[Path], Figures]] = {
    "ours": ours,
    "rival": against,
    "playback": playback,
}


def missed(figures: Figures) -> list[str]:
    """Return the targets that were measured and not met."""
    above = [key for key, most in AT_MOST.items() if not figures.get(key, most) <= most]
    below = [key for key, least in AT_LEAST.items() if not figures.get(key, least) >= least]
    return above + below


def main() -> int:
    """Print tables; the last line is JSON."""
    parser = argparse.ArgumentParser(description="Measure the satellite.")
    parser.add_argument(
        "--only", action="append", choices=(*LIVE, *JOBS, "bullets"), metavar="PART"
    )
    wanted = parser.parse_args().only or (*LIVE, *JOBS, "bullets")
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as name:
        for part, work in LIVE.items():
            if part in wanted:
                folder = Path(name, part)
                folder.mkdir()
                figures |= work(folder)
        if counted := tuple(part for part in JOBS if part in wanted):
            figures |= count(Path(name), counted)
    for key, value in figures.items():
        print(f"{key:<45} {value:>10}")
    whole = print_bullets(BULLETS, figures) if "bullets" in wanted else True
    print("Not measured on a Raspberry Pi")
    for key in (short := missed(figures)):
        print(f"target missed: {key} is {figures[key]}, wanted {(AT_MOST | AT_LEAST)[key]}")
    print(json.dumps(figures))
    return 0 if whole and not short else 1


if __name__ == "__main__":
    raise SystemExit(main())
