"""Break a demo home in the middle of turns: `script/faults [--only WORDS] [--rounds N] [--json FILE]`.

With more than one round the faults are tried again and again that leave all programs alive, and what
each program holds is compared.
"""

import argparse
import asyncio
import json
import os
from pathlib import Path
import signal
import sys
import tempfile
import time

from demo_run.places import DemoError

from .home import Home, home
from .outcome import MOST_BACK_S, MOST_SIGN_S, Outcome, Trial
from .rounds import MOST_SLOPE, Ledger, for_rounds, warm_up
from .trials import TRIALS


def main() -> int:
    """Run the trials, print what a person has of each, and return whether all are within the targets."""
    parser = argparse.ArgumentParser(
        prog="script/faults", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", action="append", help="trials with these words in their name")
    parser.add_argument("--without", action="append", default=[], help="none with these words")
    parser.add_argument("--rounds", type=int, default=1, help="how often")
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    parser.add_argument("--keep", type=Path, help="a folder for the programs' logs")
    parser.add_argument("--list", action="store_true", help="tell which trials there are")
    args = parser.parse_args()
    if args.list:
        print("\n".join(TRIALS))
        return 0
    chosen = for_rounds(_chosen(args.only, args.without), args.rounds)
    if not chosen or args.rounds < 1:
        parser.error(f"there is no such trial; there are: {', '.join(TRIALS)}")
    # who ends this leaves no program and no mounted disk behind
    signal.signal(signal.SIGTERM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
    try:
        with tempfile.TemporaryDirectory(prefix="faults-", delete=args.keep is None) as folder:
            figures = asyncio.run(_run(args.keep or Path(folder), chosen, args.rounds))
    except DemoError as err:
        print(f"error: {err}", file=sys.stderr)
        return 1
    if args.json is not None:
        args.json.write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(figures))
    return 0 if _is_good(figures) else 1


def _chosen(only: list[str] | None, without: list[str]) -> dict[str, Trial]:
    """Return the trials that somebody wants."""
    return {
        name: trial
        for name, trial in TRIALS.items()
        if (only is None or any(words in name for words in only))
        and not any(words in name for words in without)
    }


async def _run(folder: Path, chosen: dict[str, Trial], rounds: int) -> dict[str, float]:
    """Break each thing, round after round; where a clock is set, in a home of its own."""
    outcomes: list[Outcome] = []
    held: dict[str, float] = {}
    for clocks, place in ((False, folder), (True, folder / "clocks")):
        mine = {name: trial for name, trial in chosen.items() if trial.clocks == clocks}
        if mine:
            found, weighed = await _run_in(place, mine, rounds, clocks=clocks)
            outcomes += found
            held = weighed | held
    own = {name: value for one in outcomes for name, value in one.figures.items()}
    return _summary(outcomes) | own | held


async def _run_in(
    folder: Path, chosen: dict[str, Trial], rounds: int, *, clocks: bool
) -> tuple[list[Outcome], dict[str, float]]:
    """Return what came of trials in one home, and what its programs hold more than before."""
    print("the home starts", flush=True)
    async with home(folder, clocks=clocks) as made:
        tried = {name: trial for name, trial in chosen.items() if not _missing(made, name, trial)}
        await warm_up(made)
        ledger = Ledger(home=made)
        await ledger.weigh("before")
        outcomes: list[Outcome] = []
        for number in range(1, rounds + 1):
            outcomes += [await _try(made, name, trial) for name, trial in tried.items()]
            await ledger.weigh(f"after round {number}")
        return outcomes, ledger.figures()


def _missing(made: Home, name: str, trial: Trial) -> bool:
    """Tell why a trial can't be tried here."""
    why = trial.missing(made)
    if why is not None:
        print(f"--   {name}: not tried, {why}", flush=True)
    return why is not None


def _summary(outcomes: list[Outcome]) -> dict[str, float]:
    """Return the worst of all trials."""
    return {
        "trials": len(outcomes),
        "good_share": round(sum(o.good for o in outcomes) / max(1, len(outcomes)), 3),
        "worst_sign_s": round(
            max((_known(o.sign_s) for o in outcomes if not o.sign_is_elsewhere), default=0.0), 2
        ),
        "worst_back_s": round(max((_known(o.back_s) for o in outcomes), default=0.0), 2),
        "lost": float(sum(bool(outcome.lost) for outcome in outcomes)),
    }


def _is_good(figures: dict[str, float]) -> bool:
    """Return whether all targets are met."""
    slopes = [value for name, value in figures.items() if name.endswith("_slope_share")]
    left = [value for name, value in figures.items() if name.endswith("_left")]
    return figures["good_share"] == 1.0 and max(slopes, default=0.0) <= MOST_SLOPE and not any(left)


def _known(time_s: float | None) -> float:
    """Return a time that can be compared; what never came is later than anything."""
    return 99.0 if time_s is None else max(0.0, time_s)


async def _try(made: Home, name: str, trial: Trial) -> Outcome:
    """Run one trial and print its line."""
    began_s = time.monotonic()
    outcome = await trial.run(made)
    mark = "ok  " if outcome.good else "MISS"
    sign = "nothing" if outcome.sign_s is None else f"{outcome.sign_s:.2f} s"
    seen = outcome.sign_is_elsewhere
    sign = f"the sign is of {seen}" if seen else f"a sign after {sign} (at most {MOST_SIGN_S:.0f})"
    back = "never" if outcome.back_s is None else f"{max(0.0, outcome.back_s):.2f} s"
    lines = [
        f"{mark} {name}: {sign}, good again after {back} (at most {MOST_BACK_S:.0f})",
        f"       {outcome.experience}  [{time.monotonic() - began_s:.0f} s]",
        *([f"       lost: {outcome.lost}"] if outcome.lost else []),
        *([f"       missed: {outcome.missed}"] if outcome.missed else []),
        *([f"       {json.dumps(outcome.figures)}"] if outcome.figures else []),
    ]
    print("\n".join(lines), flush=True)
    return outcome


if __name__ == "__main__":
    sys.exit(main())
