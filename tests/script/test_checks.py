"""`script/test` counts what its parts report."""

from pathlib import Path

from checks.report import Counts, Outcome, count, summary
import pytest

REPORT = '<testsuites><testsuite tests="7" failures="1" errors="1" skipped="2"/></testsuites>'


def test_counts_come_from_the_report(tmp_path: Path) -> None:
    """Errors count as failures."""
    report = tmp_path / "part.xml"
    report.write_text(REPORT)
    assert count(report, ok=False) == Counts(passed=3, failed=2, skipped=2)


@pytest.mark.parametrize("there", [True, False])
def test_part_that_broke_outside_its_tests_counts_as_failed(tmp_path: Path, there: bool) -> None:
    """A run without one red test may still have failed."""
    report = tmp_path / "part.xml"
    if there:
        report.write_text('<testsuites><testsuite tests="3"/></testsuites>')
    assert count(report, ok=False).failed == 1


def test_last_line_sums_up() -> None:
    """Programs read the last line."""
    outcomes = [
        Outcome(name="one", counts=Counts(passed=3), seconds=1.0, ok=True),
        Outcome(name="two", counts=Counts(passed=1, failed=1, skipped=2), seconds=2.0, ok=False),
    ]
    lines = summary(outcomes).splitlines()
    assert lines[-1] == "4 passed, 1 failed, 2 skipped"
    assert lines[1].endswith("<-- failed")
