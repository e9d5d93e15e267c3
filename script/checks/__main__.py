"""Run the tests of every part and say what became of each: `python -m checks [PART …]`."""

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
import os
from pathlib import Path
import signal
import subprocess
import sys
import tempfile
import time
from typing import IO

from .parts import Part, parts
from .report import Outcome, count, failed_files, summary

PART_TIMEOUT_S = 900
STOP_TIMEOUT_S = 20
# More than these failed: something is broken, and a second run would only cost time.
MOST_AGAIN = 8


def main(chosen: list[str]) -> int:
    """Run the chosen parts, or all; return 1 when any failed."""
    with tempfile.TemporaryDirectory(prefix="waifu-rt3d-reports-") as folder:
        known = parts(Path(folder))
        unknown = set(chosen) - {part.name for part in known}
        if unknown:
            names = ", ".join(part.name for part in known)
            print(f"error: No such part: {', '.join(sorted(unknown))}. There are: {names}.")
            return 2
        wanted = [part for part in known if not chosen or part.name in chosen]
        outcomes = run_all(wanted, Path(folder))
    print()
    print(summary(outcomes))
    return 0 if all(outcome.ok for outcome in outcomes) else 1


def run_all(wanted: list[Part], folder: Path) -> list[Outcome]:
    """Run the parts in their order, then what failed once more, when nothing runs beside it."""
    outcomes = _first(wanted, folder)
    named = {part.name: part for part in wanted}
    return [_again(named[outcome.name], outcome) for outcome in outcomes]


def _first(wanted: list[Part], folder: Path) -> list[Outcome]:
    """Run the parts; one that mostly waits runs beside those that follow it."""
    outcomes: list[Outcome] = []
    beside: list[tuple[Path, Future[Outcome]]] = []
    with ThreadPoolExecutor(max_workers=1) as lane:
        for part in wanted:
            if part.mostly_waits and part is not wanted[-1]:
                print(f"\n==> {part.name} begins beside the next parts", flush=True)
                said = folder / f"{part.name}.out"
                beside.append((said, lane.submit(_written, part, said)))
            else:
                print(f"\n==> {part.name}", flush=True)
                outcomes.append(_once(part))
        for said, running in beside:
            outcomes.append(running.result())
            print(f"\n==> {outcomes[-1].name}\n{said.read_text(errors='replace')}", flush=True)
    return outcomes


def _again(part: Part, first: Outcome) -> Outcome:
    """Run the few tests of a part that failed a second time, alone."""
    if first.ok or part.report is None or first.counts.failed > MOST_AGAIN:
        return first
    files = failed_files(part.report)
    if part.again is None or not files:
        return first
    print(f"\n==> {part.name}: what failed runs again, alone", flush=True)
    return first.then(_once(part.again(files)))


def _written(part: Part, said: Path) -> Outcome:
    """Run a part with its output in a file."""
    with said.open("wb") as output:
        return _once(part, output)


def _once(part: Part, output: IO[bytes] | None = None) -> Outcome:
    """Run a part with its output on the terminal, or in a file."""
    started = time.monotonic()
    ok = _succeeds(part, output)
    counts = count(part.report, ok=ok)
    return Outcome(name=part.name, counts=counts, seconds=time.monotonic() - started, ok=ok)


def _succeeds(part: Part, output: IO[bytes] | None) -> bool:
    """Tell whether a part ended well in its time; stop what it started if it didn't."""
    process = subprocess.Popen(
        part.command,
        cwd=part.folder,
        env={**os.environ, **part.environment},
        start_new_session=True,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
    )
    try:
        return process.wait(PART_TIMEOUT_S) == 0
    except subprocess.TimeoutExpired:
        print(f"error: {part.name} did not end within {PART_TIMEOUT_S} s.", flush=True)
        return False
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a part that still runs: it may stop what it started, but not for ever."""
    for sign in (signal.SIGINT, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, sign)
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_TIMEOUT_S)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("error: The tests were interrupted.")
