"""Run a benchmark: `script/bench NAME [ARGUMENT …] [--json FILE]`; `script/bench --list` tells which.

A benchmark is a file NAME.py beside this one. It is run as a program with the arguments it was
given, prints a table, and ends with one line of JSON, `{key: number}`. Its exit code is 0 when it
met its targets. `ENVIRONMENT = "satellite"` in it asks for the satellite's environment.
"""

import argparse
import ast
import asyncio
from dataclasses import dataclass
import json
import math
import os
from pathlib import Path
import sys
import time

from .machine import machine

BENCHMARKS = Path(__file__).resolve().parent
INTERPRETERS = {
    "component": sys.executable,
    "satellite": str(Path(sys.prefix).parent / "satellite" / "bin" / "python"),
}
NO_BENCHMARKS = {"__init__", "__main__", "loop_watch", "machine"}
QUIET_S = 15.0
"""After so long without a word, the time that has passed is shown."""
LINE_LIMIT = 1 << 20

type Figures = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A benchmark, what it measures and where it runs."""

    name: str
    path: Path
    subject: str
    environment: str


class BenchError(Exception):
    """The benchmark can't be run or gave nothing; the message is one sentence for people."""


def main(words: list[str]) -> int:
    """Run what is asked for and return its exit code."""
    parser = argparse.ArgumentParser(prog="script/bench", description="Measure something.")
    parser.add_argument("name", nargs="?", help="which benchmark; its own arguments follow")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here as well")
    parser.add_argument("--list", action="store_true", help="tell which benchmarks there are")
    args, rest = parser.parse_known_args(words)
    known = benchmarks()
    if args.list or args.name is None:
        print(listing(known))
        return 0 if args.list else 2
    if args.name not in known:
        return _refuse(f"There is no benchmark {args.name}; script/bench --list tells which.")
    try:
        return asyncio.run(_run(known[args.name], rest, args.json))
    except BenchError as err:
        return _refuse(str(err))
    except KeyboardInterrupt:
        return 130


def _refuse(sentence: str) -> int:
    """Say why nothing is measured and return the exit code for it."""
    print(f"error: {sentence}", file=sys.stderr)
    return 2


def benchmarks() -> dict[str, Benchmark]:
    """Return every benchmark by its name, without running any."""
    return {
        path.stem: _benchmark(path)
        for path in sorted(BENCHMARKS.glob("*.py"))
        if path.stem not in NO_BENCHMARKS
    }


def _benchmark(path: Path) -> Benchmark:
    """Read what a file says of itself."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    environment = "component"
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            names = {target.id for target in node.targets if isinstance(target, ast.Name)}
            environment = str(node.value.value) if "ENVIRONMENT" in names else environment
    subject = (ast.get_docstring(tree) or "").partition("\n")[0]
    return Benchmark(name=path.stem, path=path, subject=subject, environment=environment)


def listing(known: dict[str, Benchmark]) -> str:
    """Return the names with what they measure."""
    width = max(map(len, known))
    return "\n".join(f"{name:<{width}}  {one.subject}" for name, one in known.items())


async def _run(benchmark: Benchmark, arguments: list[str], target: Path | None) -> int:
    """Run a benchmark with its words on the terminal; write its figures where they are wanted."""
    interpreter = INTERPRETERS.get(benchmark.environment)
    if interpreter is None:
        raise BenchError(f"{benchmark.name} asks for {benchmark.environment}, which is unknown.")
    about = machine()
    print(f"==> {benchmark.name} on {about}", flush=True)
    process = await asyncio.create_subprocess_exec(
        *(interpreter, "-u", str(benchmark.path), *arguments),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(BENCHMARKS.parent)},
        limit=LINE_LIMIT,
    )
    assert process.stdout is not None
    try:
        last = await _show(process.stdout)
        code = await process.wait()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    figures = _figures(last)
    if figures is None and code == 0:
        raise BenchError(f"{benchmark.name} gave no figures.")
    if target is not None and figures is not None:
        document = {"name": benchmark.name, "machine": about, "figures": figures}
        target.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    return code


async def _show(stream: asyncio.StreamReader) -> str:
    """Print a benchmark's lines as they come and return the figures, its last line."""
    began_s = time.monotonic()
    held = ""
    while True:
        reading = asyncio.ensure_future(stream.readline())
        while not (await asyncio.wait({reading}, timeout=QUIET_S))[0]:
            print(f"    … {time.monotonic() - began_s:.0f} s", flush=True)
        line = reading.result().decode(errors="replace")
        if not line:
            break
        # A line is held until another follows, or until it can't be the figures.
        if held:
            print(held, end="", flush=True)
        held = line if line.startswith("{") else ""
        if not held:
            print(line, end="", flush=True)
    print(held, end="", flush=True)
    return held


def _figures(line: str) -> Figures | None:
    """Return the figures of the last line; what was not measured is left out."""
    try:
        found = json.loads(line)
    except json.JSONDecodeError:
        return None
    if not isinstance(found, dict):
        return None
    return {
        str(key): value
        for key, value in found.items()
        if isinstance(value, int | float) and math.isfinite(value)
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
