"""The suites that are measured: what runs them, what they must reach, and how their reports are read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
    commands: tuple[tuple[str, ...], ...]
    """One after the other; the last ones may only read what the first ones left."""
    folder: Path
    reports: tuple[Path, ...]
    """The first tells what there is to run, the others what else ran of it."""
    read: Callable[..., list[Module]]
    least: float
    """Of all lines together."""
    least_each: float
    """Of the lines of every module."""
    whole: tuple[str, ...] = ()
    """Where every line must run: paths with these beginnings."""
    environment: Mapping[str, str] = field(default_factory=dict)

    def modules(self) -> list[Module]:
        """Return what its reports tell; none where a report is missing."""
        there = all(report.is_file() for report in self.reports)
        return self.read(*self.reports) if there else []

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
        ),
        _card_suite(folder / "card"),
    ]


def _card_suite(folder: Path) -> Suite:
    """Return the suite of the card: without a browser, in Chromium, and in Chromium at a real house."""
    run = ("npm", "run", "--silent")
    return Suite(
        name="card",
        commands=(
            (*run, "test", "--", "--coverage", f"--coverage.reportsDirectory={folder}"),
            (*run, "test:browser"),
            # What Firefox and WebKit run is counted nowhere: V8 counts.
            (*run, "test:house", "--", "--exclude=test/house/browsers.test.ts"),
            ("node", "bin/covered.mjs", str(folder)),
        ),
        folder=LOVELACE,
        reports=(folder / "coverage-final.json", folder / "browser.json"),
        read=read_istanbul,
        least=0.85,
        least_each=0.0,
        environment={"WAIFU_COVERAGE": str(folder)},
    )


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
        commands=((*command, "-q", *options, f"--cov-report=json:{report}", f"tests/{name}"),),
        folder=ROOT,
        reports=(report,),
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


def read_istanbul(report: Path, *others: Path) -> list[Module]:
    """Read reports in Istanbul's format: a line ran if a statement on it did, in any of them.

    What there is to run is told by the first, which vitest writes of all files: another build may cut
    statements differently.
    """
    elsewhere = [_istanbul_lines(other) for other in others]
    return [
        Module(
            path=path,
            lines=len(ran),
            missing=_missing(ran, [one.get(path, {}) for one in elsewhere]),
        )
        for path, ran in sorted(_istanbul_lines(report).items())
    ]


def _istanbul_lines(report: Path) -> dict[str, dict[int, bool]]:
    """Return each file's lines with statements, and whether one of these ran."""
    files: dict[str, Any] = json.loads(report.read_text())
    found: dict[str, dict[int, bool]] = {}
    for path, about in files.items():
        ran = found.setdefault(Path(path).relative_to(ROOT).as_posix(), {})
        for number, place in about["statementMap"].items():
            line = place["start"]["line"]
            ran[line] = ran.get(line, False) or about["s"][number] > 0
    return found


def _missing(ran: dict[int, bool], others: list[dict[int, bool]]) -> Lines:
    """Return the lines that ran nowhere."""
    return tuple(
        line
        for line, done in sorted(ran.items())
        if not done and not any(other.get(line, False) for other in others)
    )
