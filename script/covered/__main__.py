"""Measure and judge: `script/coverage [component] [satellite] [card] [--lines] [--json FILE]`.

Whether the tests pass is the matter of `script/test`; here counts which lines they run.
"""

import argparse
import json
import os
from pathlib import Path
import subprocess
import sys
import tempfile

from .suites import Module, Suite, suites, together

SUITE_TIMEOUT_S = 2400
# Python 3.14 counts lines itself, which costs next to nothing.
ENVIRONMENT = {"PYTHONPATH": "", "COVERAGE_CORE": "sysmon"}


def main(words: list[str]) -> int:
    """Run the chosen suites, or all, and return 1 where anything has too little."""
    with tempfile.TemporaryDirectory(prefix="waifu-rt3d-coverage-") as folder:
        known = suites(Path(folder))
        parser = argparse.ArgumentParser(prog="script/coverage", description="Measure the tests.")
        parser.add_argument("suite", nargs="*", help=", ".join(one.name for one in known))
        parser.add_argument("--lines", action="store_true", help="tell which lines did not run")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the shares here, too")
        args = parser.parse_args(words)
        if unknown := set(args.suite) - {one.name for one in known}:
            parser.error(f"there is no suite {', '.join(sorted(unknown))}")
        chosen = [one for one in known if not args.suite or one.name in args.suite]
        measured = [(one, _measure(one, Path(folder))) for one in chosen]
    faults = [fault for suite, modules in measured for fault in _told(suite, modules, args.lines)]
    figures = {f"{suite.name}_share": round(together(modules), 4) for suite, modules in measured}
    if args.json is not None:
        args.json.write_text(json.dumps(figures) + "\n")
    print(json.dumps(figures | {"modules_below": len(faults)}))
    return 1 if faults else 0


def _measure(suite: Suite, folder: Path) -> list[Module]:
    """Run a suite and return its modules; none where it wrote no report."""
    print(f"\n==> {suite.name}", flush=True)
    environment = {
        **os.environ,
        **ENVIRONMENT,
        **suite.environment,
        "COVERAGE_FILE": str(folder / suite.name),
    }
    for command in suite.commands:
        try:
            ended = subprocess.run(
                command, cwd=suite.folder, env=environment, timeout=SUITE_TIMEOUT_S, check=False
            )
        except subprocess.TimeoutExpired:
            print(f"error: {suite.name} did not end within {SUITE_TIMEOUT_S} s.", flush=True)
            return []
        if ended.returncode:
            print(f"    not all of {suite.name} went well: script/test tells more", flush=True)
    return suite.modules()


def _told(suite: Suite, modules: list[Module], lines: bool) -> list[str]:
    """Print what came of a suite and return what has too little."""
    faults = suite.faults(modules)
    print(f"{suite.name}: {together(modules):.1%} of {len(modules)} modules")
    for one in modules if lines else ():
        if one.missing:
            print(f"  {one.path}: {', '.join(map(str, one.missing))}")
    for fault in faults:
        print(f"  too little: {fault}")
    return faults


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
