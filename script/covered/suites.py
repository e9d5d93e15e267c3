"""The suites that are measured: what runs them, what they must reach, and how their reports are read."""

from collections.abc import Callable
from dataclasses import dataclass
import json
from pathlib import Path
from typing import Any

from checks.parts import COMPONENT_PYTHON, LOVELACE, ROOT, SATELLITE_PYTHON

type Lines = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One file and how much of it was run."""

    path: str
    lines: int
    missing: Lines

    @property
    def share(self) -> float:
        """Return the share of its lines that ran; an empty file has none that did not."""
        return 1 - len(self.missing) / self.lines if self.lines else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """The tests of a part, run with coverage."""

    name: str
    command: tuple[str, ...]
    folder: Path
    report: Path
    read: Callable[[Path], list[Module]]
    least: float
    """Of all lines together."""
    least_each: float
    """Of the lines of every module."""
    whole: tuple[str, ...] = ()
    """Where every line must run: paths with these beginnings."""

    def faults(self, modules: list[Module]) -> list[str]:
        """Return a sentence for each module, and for the whole, that has too little."""
        found = [
            f"{one.path}: {one.share:.1%}, at least {least:.0%}"
            for one in modules
            if one.share < (least := self._least_of(one))
        ]
        if (share := together(modules)) < self.least:
            found.append(f"{self.name} together: {share:.1%}, at least {self.least:.0%}")
        return found

    def _least_of(self, module: Module) -> float:
        """Return what a module must reach."""
        return 1.0 if module.path.startswith(self.whole or (" ",)) else self.least_each


def together(modules: list[Module]) -> float:
    """Return the share of all lines that ran."""
    lines = sum(one.lines for one in modules)
    return 1 - sum(len(one.missing) for one in modules) / lines if lines else 0.0


def suites(folder: Path) -> list[Suite]:
    """Return every suite, its reports in a folder."""
    return [
        _python_suite(
            folder,
            "component",
            (COMPONENT_PYTHON, "-m", "pytest", "-n", "2", "-m", "not real_start"),
            ("--cov-config=pyproject.toml", "--cov=custom_components/waifu_rt3d"),
            whole=(
                "custom_components/waifu_rt3d/config_flow.py",
                "custom_components/waifu_rt3d/flows/",
            ),
        ),
        _python_suite(
            folder,
            "satellite",
            (SATELLITE_PYTHON, "-m", "pytest", "-c", "tests/satellite/pytest.toml"),
            ("--rootdir=tests/satellite", "--cov", "--cov-config=tests/satellite/coverage.cfg"),
            least=0.85,
            least_each=0.0,
        ),
        Suite(
            name="card",
            command=(
                *("npm", "run", "--silent", "test", "--", "--coverage"),
                f"--coverage.reportsDirectory={folder / 'card'}",
            ),
            folder=LOVELACE,
            report=folder / "card" / "coverage-final.json",
            read=read_istanbul,
            # what needs a real browser (the figure, the pages) is run by tests that are not counted here
            least=0.6,
            least_each=0.0,
        ),
    ]


def _python_suite(
    folder: Path,
    name: str,
    command: tuple[str, ...],
    options: tuple[str, ...],
    whole: tuple[str, ...] = (),
    *,
    least: float = 0.95,
    least_each: float = 0.95,
) -> Suite:
    """Return the suite of a Python distribution."""
    report = folder / f"{name}.json"
    return Suite(
        name=name,
        command=(*command, "-q", *options, f"--cov-report=json:{report}", f"tests/{name}"),
        folder=ROOT,
        report=report,
        read=read_coverage_py,
        least=least,
        least_each=least_each,
        whole=whole,
    )


def read_coverage_py(report: Path) -> list[Module]:
    """Read the JSON report of coverage.py."""
    files: dict[str, Any] = json.loads(report.read_text())["files"]
    return [
        Module(
            path=path,
            lines=about["summary"]["num_statements"],
            missing=tuple(about["missing_lines"]),
        )
        for path, about in sorted(files.items())
    ]


def read_istanbul(report: Path) -> list[Module]:
    """Read the JSON report that vitest writes (Istanbul's format): a line ran if a statement on it did."""
    files: dict[str, Any] = json.loads(report.read_text())
    modules = []
    for path, about in sorted(files.items()):
        ran: dict[int, bool] = {}
        for number, place in about["statementMap"].items():
            line = place["start"]["line"]
            ran[line] = ran.get(line, False) or about["s"][number] > 0
        missing = tuple(line for line, done in sorted(ran.items()) if not done)
        name = Path(path).relative_to(ROOT).as_posix()
        modules.append(Module(path=name, lines=len(ran), missing=missing))
    return modules
