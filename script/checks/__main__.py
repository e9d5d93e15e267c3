"""Run the tests of every part and say what became of each: `python -m checks [PART …]`."""

from contextlib import suppress
import os
from pathlib import Path
import signal
import subprocess
import sys
import tempfile
import time

from .parts import Part, parts
from .report import Outcome, count, summary

PART_TIMEOUT_S = 600
STOP_TIMEOUT_S = 20


def main(chosen: list[str]) -> int:
    """Run the chosen parts, or all; return 1 when any failed."""
    with tempfile.TemporaryDirectory(prefix="waifu-rt3d-reports-") as folder:
        known = parts(Path(folder))
        unknown = set(chosen) - {part.name for part in known}
        if unknown:
            names = ", ".join(part.name for part in known)
            print(f"error: No such part: {', '.join(sorted(unknown))}. There are: {names}.")
            return 2
        outcomes = [_run(part) for part in known if not chosen or part.name in chosen]
    print()
    print(summary(outcomes))
    return 0 if all(outcome.ok for outcome in outcomes) else 1


def _run(part: Part) -> Outcome:
    """Run one part with its output on the terminal."""
    print(f"\n==> {part.name}", flush=True)
    started = time.monotonic()
    ok = _succeeds(part)
    return Outcome(
        name=part.name,
        counts=count(part.report, ok=ok),
        seconds=time.monotonic() - started,
        ok=ok,
    )


def _succeeds(part: Part) -> bool:
    """Tell whether a part ended well in its time; stop what it started if it didn't."""
    process = subprocess.Popen(
        part.command,
        cwd=part.folder,
        env={**os.environ, **part.environment},
        start_new_session=True,
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
