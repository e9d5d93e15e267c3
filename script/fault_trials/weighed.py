"""Run a module as `python -m` does, and write down what its process holds whenever SIGUSR1 comes.

`python weighed.py FILE MODULE …`: FILE is then replaced by a JSON object. Nothing of the product knows
of this: a demo home's own start command does it.
"""

import asyncio
from collections import Counter
import gc
import json
import os
from pathlib import Path
import runpy
import select
import signal
import sys
import threading
import time
from types import FrameType


def _held() -> dict[str, object]:
    """Return how much this process holds; garbage does not count."""
    gc.collect()
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return {"tasks": {}, "timers": 0, "threads": threading.active_count()}
    tasks = Counter(task.get_name().rstrip("0123456789-") for task in asyncio.all_tasks(loop))
    waiting = getattr(loop, "_scheduled", ())
    return {
        "tasks": dict(tasks),
        "timers": sum(not timer.cancelled() for timer in waiting),
        "threads": threading.active_count(),
    }


def _sleep(seconds: float, /) -> None:
    """Sleep without the call that libfaketime has replaced."""
    select.select((), (), (), float(seconds))


def main() -> None:
    """Become the module."""
    # Beside this file are modules of names that the module's own may have.
    sys.path.pop(0)
    path, module = Path(sys.argv[1]), sys.argv[2]
    sys.argv = sys.argv[2:]

    def write(_signal: int, _frame: FrameType | None) -> None:
        draft = path.with_suffix(".part")
        # not by `open`, for which Home Assistant reports a blocked loop
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.write(descriptor, json.dumps(_held()).encode())
        os.close(descriptor)
        draft.replace(path)

    signal.signal(signal.SIGUSR1, write)
    if "FAKETIME_TIMESTAMP_FILE" in os.environ:
        # libfaketime 0.9.10 lets no sleep pass whose clock it leaves alone (EINVAL).
        time.sleep = _sleep  # type: ignore[assignment] # an index is a number here, too
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
