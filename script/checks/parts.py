"""The parts that `script/test` runs, in their order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
import os
from pathlib import Path
import shutil
import sys

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(sys.prefix).parent
COMPONENT_PYTHON = sys.executable
SATELLITE_PYTHON = str(CACHE / "satellite" / "bin" / "python")
LOVELACE = ROOT / "lovelace"
# A run that grew slow shows where.
SLOWEST = ("--durations=5", "--durations-min=5")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One command of the run."""

    name: str
    command: tuple[str, ...]
    folder: Path = ROOT
    report: Path | None = None
    """Where the command writes its JUnit report."""
    again: Callable[[Sequence[str]], Part] | None = None
    """Gives what runs the failed tests of some files alone: a fault fails twice, lateness doesn't."""
    environment: Mapping[str, str] = field(default_factory=dict)
    mostly_waits: bool = False
    """Its tests wait for sound and sockets: others may run beside it."""


def parts(reports: Path) -> list[Part]:
    """Return every part whose folder is there."""
    python_parts = [
        pytest_part(
            "component",
            COMPONENT_PYTHON,
            reports,
            "-n",
            "2",
            "-m",
            "not real_start",
            "tests/component",
        ),
        replace(
            pytest_part("satellite", SATELLITE_PYTHON, reports, "tests/satellite"),
            mostly_waits=True,
        ),
        # It downloads and waits: apart from the others, it has a time limit of its own.
        pytest_part("start", COMPONENT_PYTHON, reports, "-m", "real_start", "tests/component"),
        pytest_part("figures", COMPONENT_PYTHON, reports, "tests/figures"),
        pytest_part("architecture", COMPONENT_PYTHON, reports, "tests/architecture"),
        pytest_part("demo", COMPONENT_PYTHON, reports, "tests/demo"),
        pytest_part("script", COMPONENT_PYTHON, reports, "tests/script"),
    ]
    return [
        Part(name="build", command=(str(ROOT / "script" / "build"),)),
        Part(name="lint", command=(str(ROOT / "script" / "lint"),)),
        *(part for part in python_parts if (ROOT / part.command[-1]).is_dir()),
        *_card_parts(reports),
    ]


def pytest_part(name: str, python: str, reports: Path, *words: str) -> Part:
    """Return a part that runs the tests of a folder, under that folder's own settings if any."""
    settings = ROOT / words[-1] / "pytest.toml"
    own = ("-c", str(settings)) if settings.is_file() else ()
    base = (python, "-m", "pytest", "-q", *own, "-o", f"cache_dir={reports / name}")
    first = _python_part(name, (*base, *SLOWEST), reports / f"{name}.xml", words)
    failed = (*base, "--last-failed", "--last-failed-no-failures=none")
    again = _python_part(name, failed, reports / f"{name}-again.xml", words[-1:])
    # pytest keeps itself what failed last, by names that a report doesn't tell whole.
    return replace(first, again=lambda _: again)


def _python_part(name: str, command: tuple[str, ...], report: Path, words: tuple[str, ...]) -> Part:
    """Return a part that reports to a file; a plugin of the user's own environment has no say."""
    return Part(
        name=name,
        command=(*command, f"--junitxml={report}", *words),
        report=report,
        environment={"PYTHONPATH": ""},
    )


def _card_parts(reports: Path) -> list[Part]:
    """Return the card's parts when its packages are there."""
    if shutil.which("npm") is None or not (LOVELACE / "node_modules").is_dir():
        return []
    scripts = {"card": "test"}
    if os.environ.get("WAIFU_BROWSER", "1") != "0":
        scripts["browser"] = "test:browser"
        scripts["house"] = "test:house"
    return [vitest_part(name, script, reports) for name, script in scripts.items()]


def vitest_part(name: str, script: str, reports: Path) -> Part:
    """Return a part that runs one of the card's test scripts."""
    first = _card_part(name, script, reports / f"{name}.xml")
    report = reports / f"{name}-again.xml"
    # Whole files: what one test leaves in a house the next one finds.
    return replace(first, again=lambda files: _card_part(name, script, report, *files))


def _card_part(name: str, script: str, report: Path, *words: str) -> Part:
    """Return a part that runs npm's script and reports to a file."""
    reporters = ("--reporter=default", "--reporter=junit", f"--outputFile.junit={report}")
    command = ("npm", "run", "--silent", script, "--", *reporters, *words)
    return Part(name=name, command=command, folder=LOVELACE, report=report)
