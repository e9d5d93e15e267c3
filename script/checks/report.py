"""Counts of a run, read from JUnit reports, and the summary that ends it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import override
from xml.etree import ElementTree as ET


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many tests passed, failed and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Return both together."""
        return Counts(
            passed=self.passed + other.passed,
            failed=self.failed + other.failed,
            skipped=self.skipped + other.skipped,
        )

    @override
    def __str__(self) -> str:
        """Return the counts as the last line of a run shows them."""
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a part."""

    name: str
    counts: Counts
    seconds: float
    ok: bool
    late: int = 0
    """How many of the passed ones failed beside the others and passed alone."""

    def then(self, alone: Outcome) -> Outcome:
        """Return what became of a part whose failed tests ran again."""
        # What didn't run again stays failed: a set-up that broke has no test's name.
        failed = max(self.counts.failed - alone.counts.passed, alone.counts.failed)
        late = max(self.counts.failed - failed, 0)
        counts = replace(self.counts, passed=self.counts.passed + late, failed=failed)
        seconds = self.seconds + alone.seconds
        ok = alone.ok and failed == 0
        return replace(self, counts=counts, seconds=seconds, ok=ok, late=late)


def count(report: Path | None, *, ok: bool) -> Counts:
    """Return the counts of a report; a part without one is a single test."""
    if report is None:
        return Counts(passed=1) if ok else Counts(failed=1)
    if not report.is_file():
        return Counts(failed=1)
    # The report was written a moment ago by our own test run.
    root = ET.parse(report).getroot()  # noqa: S314 - see above
    suites = list(root.iter("testsuite"))
    tests, skipped = (sum(int(one.get(kind, 0)) for one in suites) for kind in ("tests", "skipped"))
    # One that failed and whose tidying up broke as well is reported twice, and is one test.
    failed = len({(case.get("classname"), case.get("name")) for case in _failed(root)})
    passed = max(tests - failed - skipped, 0)
    # It may have broken outside a test: a set-up, a left-over task, nothing collected.
    return Counts(passed=passed, failed=failed or int(not ok), skipped=skipped)


def failed_files(report: Path) -> list[str]:
    """Return the files, or classes, in which tests failed, as the report names them."""
    if not report.is_file():
        return []
    # The report was written a moment ago by our own test run.
    root = ET.parse(report).getroot()  # noqa: S314 - see above
    return sorted({case.get("classname", "") for case in _failed(root)})


def _failed(root: ET.Element) -> list[ET.Element]:
    """Return the tests of a report that failed or broke."""
    return [
        case
        for case in root.iter("testcase")
        if case.find("failure") is not None or case.find("error") is not None
    ]


def summary(outcomes: Sequence[Outcome]) -> str:
    """Return a line for each part and one for all."""
    width = max(len(outcome.name) for outcome in outcomes)
    lines = [
        f"{outcome.name:<{width}}  {outcome.seconds:6.1f} s  {outcome.counts}"
        + (f", {outcome.late} at the second try" if outcome.late else "")
        + ("" if outcome.ok else "  <-- failed")
        for outcome in outcomes
    ]
    total = sum((outcome.counts for outcome in outcomes), Counts())
    return "\n".join([*lines, str(total)])
