"""Break a demo home in the middle of turns: `script/faults [--only WORDS] [--rounds N] [--json FILE]`."""

import argparse
import asyncio
import json
from pathlib import Path
import sys
import tempfile
import time

from demo_run.places import DemoError

from .home import Home, home
from .talk import ask
from .trials import MOST_BACK_S, MOST_SIGN_S, TRIALS, Outcome

MOST_SLOPE = 0.005


def main() -> int:
    """Run the trials, print what a person has of each, and return whether all are within the targets."""
    parser = argparse.ArgumentParser(prog="script/faults", description=__doc__)
    parser.add_argument("--only", help="trials with these words in their name")
    parser.add_argument("--rounds", type=int, default=1, help="how often; memory is compared")
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    args = parser.parse_args()
    chosen = [name for name in TRIALS if args.only is None or args.only in name]
    if not chosen:
        parser.error(f"there is no such trial; there are: {', '.join(TRIALS)}")
    try:
        with tempfile.TemporaryDirectory(prefix="waifu-rt3d-faults-") as folder:
            figures = asyncio.run(_run(Path(folder), chosen, args.rounds))
    except DemoError as err:
        print(f"error: {err}", file=sys.stderr)
        return 1
    if args.json is not None:
        args.json.write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(figures))
    return 0 if figures["good_share"] == 1.0 else 1


async def _run(folder: Path, chosen: list[str], rounds: int) -> dict[str, float]:
    """Break each thing, round after round."""
    print("the home starts", flush=True)
    async with home(folder) as made:
        await (await ask(made)).over()
        outcomes: list[Outcome] = []
        weights = [made.house_part.weight()]
        for number in range(rounds):
            outcomes += [await _try(made, name) for name in chosen]
            weights.append(made.house_part.weight())
            if rounds > 1:
                rss_mb, threads, files = weights[-1]
                print(f"round {number + 1}: {rss_mb:.0f} MB, {threads} threads, {files} files")
        good = sum(outcome.good for outcome in outcomes)
        figures = {
            "good_share": round(good / len(outcomes), 3),
            "worst_sign_s": round(
                max((_known(o.sign_s) for o in outcomes if not o.sign_is_elsewhere), default=0.0), 2
            ),
            "worst_back_s": round(max(_known(o.back_s) for o in outcomes), 2),
            "lost": float(sum(bool(outcome.lost) for outcome in outcomes)),
        }
        if rounds > 2:
            # the first round warms up: caches of engines and of Home Assistant
            figures["memory_slope_share"] = round(
                (weights[-1][0] / weights[1][0] - 1) / (rounds - 1), 5
            )
        return figures


def _known(time_s: float | None) -> float:
    """Return a time that can be compared; what never came is later than anything."""
    return 99.0 if time_s is None else max(0.0, time_s)


async def _try(made: Home, name: str) -> Outcome:
    """Run one trial and print its line."""
    began_s = time.monotonic()
    outcome = await TRIALS[name](made)
    mark = "ok  " if outcome.good else "MISS"
    sign = "nothing" if outcome.sign_s is None else f"{outcome.sign_s:.2f} s"
    sign = "what is not seen from here" if outcome.sign_is_elsewhere else sign
    back = "never" if outcome.back_s is None else f"{outcome.back_s:.2f} s"
    print(
        f"{mark} {name}: a sign after {sign} (at most {MOST_SIGN_S:.0f}), good again after {back}"
        f" (at most {MOST_BACK_S:.0f}){', lost: ' + outcome.lost if outcome.lost else ''}"
        f"\n       {outcome.experience!r}  [{time.monotonic() - began_s:.0f} s]",
        flush=True,
    )
    return outcome


if __name__ == "__main__":
    sys.exit(main())
