"""Import modules after others and tell what each cost: `python -m benchmarks.imports.cost`.

Reads `[[known, …], [added, …]]`; for each run, writes one line `{module: ms}` of processor time.
"""

import contextlib
import importlib
from importlib.machinery import SourceFileLoader
import json
import os
import sys
import time
from types import ModuleType

RUNS = 5


class Clock:
    """Count each module's own processor time, without the modules that it imports."""

    def __init__(self) -> None:
        """Start with nothing counted."""
        self.costs_ms: dict[str, float] = {}
        self._inner_ms = [0.0]

    def start(self) -> None:
        """Count from now on."""
        run_module = SourceFileLoader.exec_module
        clock = self

        def timed(loader: SourceFileLoader, module: ModuleType) -> None:
            before_ms = time.process_time() * 1000
            clock._inner_ms.append(0.0)
            try:
                run_module(loader, module)
            finally:
                took_ms = time.process_time() * 1000 - before_ms
                clock.costs_ms[module.__name__] = took_ms - clock._inner_ms.pop()
                clock._inner_ms[-1] += took_ms

        SourceFileLoader.exec_module = timed  # type: ignore[method-assign, assignment]  # to count


def import_all(names: list[str]) -> None:
    """Import modules; what can't be imported by itself is left out."""
    for name in names:
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def main() -> None:
    """Import what is known once, and the rest in a copy of this process for each run."""
    known, added = json.load(sys.stdin)
    import_all(known)
    for _ in range(RUNS):
        if os.fork() == 0:
            clock = Clock()
            clock.start()
            import_all(added)
            print(json.dumps(clock.costs_ms), flush=True)
            os._exit(0)
        os.wait()


if __name__ == "__main__":
    main()
