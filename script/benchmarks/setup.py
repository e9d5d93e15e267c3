"""Measure what the companion adds to a start of Home Assistant: `script/bench setup [PAIRS]`.

Pairs of real starts with the same configuration, with and without the companion's entry. All core
components that the companion needs are loaded in both, so that only ours differ. `setup_ms` is the
import of the modules that only the start with us has, and our set-up as Home Assistant counts it
(`integration/setup_info`, which leaves imports out). The import is measured in processes of its own,
by processor time, after all other modules: in a start it waits for the imports of all others.
`rss_mb` and `cpu_ms` are the middle of the pairs' differences.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
import json
import os
from pathlib import Path
import re
import shutil
import statistics
import sys
import tempfile

from demo_run.entries import add_entry
from demo_run.house_program import RunningHouse, home_assistant
from demo_run.places import DemoError

ROOT = Path(__file__).resolve().parents[2]
DOMAIN = "waifu_rt3d"
PAIRS = 5
SETTLE_S = 4.0
"""Start-up tasks end after Home Assistant says that it runs; the memory is read after that."""
TARGETS = {"setup_ms": 300, "rss_mb": 25}
# All that our manifest names, so that the pair without us has loaded it as well.
CONFIGURATION = """\
homeassistant:
  name: Bench
  country: GB
  unit_system: metric
  time_zone: Europe/London
frontend:
config:
history:
conversation:
assist_pipeline:
assist_satellite:
ffmpeg:
intent:
panel_custom:
  - name: bench-panel
    module_url: /local/bench-panel.js
stt:
tts:
logger:
  default: warning
"""
# What a home that was started before has kept.
KEPT = ("core.config_entries", "core.entity_registry", "assist_pipeline.pipelines")
KEPT_OF_COMPANION = ("lovelace_resources",)
# `-X importtime`: own time in µs, time with what it imports, indented name.
IMPORT = re.compile(r"^import time: +\d+ \| +\d+ \| +(\S+)$", re.MULTILINE)
PROFILE = "PYTHONPROFILEIMPORTTIME"
SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What one start cost."""

    components: frozenset[str]
    modules: tuple[str, ...]
    """What was imported, in its order."""
    entry_ms: float
    cpu_ms: float
    rss_mb: float


type Pair = tuple[Start, Start]
"""A start without the companion and one with it."""


def configured(config: Path) -> None:
    """Write the configuration of both kinds of starts."""
    (config / "configuration.yaml").write_text(CONFIGURATION)


def taught(before: Path) -> Callable[[Path], None]:
    """Return what gives a fresh folder the entries that an earlier start kept."""

    def fill(config: Path) -> None:
        configured(config)
        for name in (*KEPT, *KEPT_OF_COMPANION):
            kept = before / "config" / ".storage" / name
            if kept.is_file():
                shutil.copy(kept, config / ".storage" / name)
        if (before / "config" / DOMAIN).is_dir():
            shutil.copytree(before / "config" / DOMAIN, config / DOMAIN)

    return fill


async def teach(folder: Path, *, companion: bool) -> None:
    """Start a home once, so that modules are compiled and entries are kept."""
    folder.mkdir()
    async with home_assistant(folder, wanted_port=None, fill=configured) as running:
        if companion:
            character = {"name": "Mira", "model": "conversation.home_assistant"}
            await add_entry(running.house, DOMAIN, {"next_step_id": "companion"}, character)
        await asyncio.sleep(SETTLE_S)


async def start(folder: Path, before: Path) -> Start:
    """Start a home with the entries of an earlier one and read what it cost."""
    folder.mkdir()
    async with home_assistant(folder, wanted_port=None, fill=taught(before)) as running:
        cpu_ms = _cpu_ms(running.program.pid)
        await asyncio.sleep(SETTLE_S)
        return Start(
            components=frozenset((await running.house.get("/api/config"))["components"]),
            modules=tuple(IMPORT.findall(running.program.log.read_text(errors="replace"))),
            entry_ms=await _entry_ms(running),
            cpu_ms=cpu_ms,
            rss_mb=_rss_mb(running.program.pid),
        )


async def _entry_ms(running: RunningHouse) -> float:
    """Return how long our integration's set-up took, imports apart."""
    info = await running.house.call("integration/setup_info")
    return sum(float(one["seconds"]) * 1000 for one in info if one["domain"] == DOMAIN)


def _cpu_ms(pid: int) -> float:
    """Return the processor time of a process and its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _rss_mb(pid: int) -> float:
    """Return the resident memory of a process."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


async def import_costs_ms(base: Start, ours: Start) -> dict[str, float]:
    """Return what each module that only we need costs: the quickest of some runs, slowest first."""
    known = set(base.modules)
    added = [name for name in ours.modules if name not in known]
    question = json.dumps([base.modules, added]).encode()
    best = min(await _import(question), key=lambda run: sum(run.values()))
    return dict(sorted(best.items(), key=lambda one: -one[1]))


async def _import(question: bytes) -> list[dict[str, float]]:
    """Ask for the cost of each module, in some runs."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.imports.cost"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'script'}", PROFILE: ""},
    )
    answer, _ = await process.communicate(question)
    return [json.loads(line) for line in answer.splitlines()]


def figures_of(pairs: list[Pair], costs_ms: dict[str, float]) -> dict[str, float]:
    """Return the middle of what the companion added."""
    import_ms = sum(costs_ms.values())
    entry_ms = statistics.median(ours.entry_ms for _, ours in pairs)
    return {
        "setup_ms": import_ms + entry_ms,
        "import_ms": import_ms,
        "entry_ms": entry_ms,
        "modules": len(costs_ms),
        "cpu_ms": statistics.median(ours.cpu_ms - base.cpu_ms for base, ours in pairs),
        "rss_mb": statistics.median(ours.rss_mb - base.rss_mb for base, ours in pairs),
        "rss_without_mb": statistics.median(base.rss_mb for base, _ in pairs),
    }


async def measure(count: int, folder: Path) -> dict[str, float]:
    """Start so many pairs, one after the other."""
    plain, companion = folder / "plain", folder / "companion"
    print("two homes are made", flush=True)
    await teach(plain, companion=False)
    await teach(companion, companion=True)
    pairs: list[Pair] = []
    os.environ[PROFILE] = "1"
    for number in range(1, count + 1):
        base = await start(folder / f"without-{number}", plain)
        ours = await start(folder / f"with-{number}", companion)
        _check_alike(base, ours)
        pairs.append((base, ours))
        _tell(f"pair {number} of {count}", base, ours)
    print("the modules are imported by themselves", flush=True)
    costs_ms = await import_costs_ms(*pairs[-1])
    _tell_imports(costs_ms)
    return figures_of(pairs, costs_ms)


def _tell(title: str, base: Start, ours: Start) -> None:
    """Print what a pair gave."""
    print(
        f"{title}: set-up {ours.entry_ms:.0f} ms, memory"
        f" {base.rss_mb:.1f} -> {ours.rss_mb:.1f} MB, processor {base.cpu_ms:.0f} ->"
        f" {ours.cpu_ms:.0f} ms",
        flush=True,
    )


def _tell_imports(costs_ms: dict[str, float]) -> None:
    """Print what the modules cost: by package, and the slowest."""
    packages: dict[str, float] = defaultdict(float)
    for name, ms in costs_ms.items():
        packages[_package(name)] += ms
    for name, ms in sorted(packages.items(), key=lambda one: -one[1])[:SHOWN]:
        print(f"  {ms:6.1f} ms  {name}.*")
    for name, ms in list(costs_ms.items())[:SHOWN]:
        print(f"  {ms:6.1f} ms  {name}")


def _package(module: str) -> str:
    """Return the package that a module is counted for."""
    names = module.split(".")
    return ".".join(names[: 3 if names[0] == "custom_components" else 1])


def _check_alike(base: Start, ours: Start) -> None:
    """Refuse a pair in which more than our own parts differ."""
    more = {name for name in ours.components ^ base.components if DOMAIN not in name.split(".")}
    if more:
        raise DemoError(f"Not only the companion differs: {', '.join(sorted(more))}.")
    if DOMAIN not in ours.components:
        raise DemoError("The companion was not set up.")


def main() -> int:
    """Print the figures; the last line is JSON."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PAIRS
    try:
        with tempfile.TemporaryDirectory(prefix="waifu-rt3d-bench-") as folder:
            figures = asyncio.run(measure(count, Path(folder)))
    except DemoError as err:
        print(f"error: {err}", file=sys.stderr)
        return 2
    for name, value in figures.items():
        print(f"{name:<15} {value:>8.1f}   {TARGETS.get(name, '')}")
    print(json.dumps({name: round(value, 1) for name, value in figures.items()}))
    return 0 if all(figures[name] <= most for name, most in TARGETS.items()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
