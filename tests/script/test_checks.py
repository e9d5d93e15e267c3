"""`script/test` counts what its parts report."""

from pathlib import Path
import sys

from checks.__main__ import run_all
from checks.parts import pytest_part, vitest_part
from checks.report import Counts, Outcome, count, failed_files, summary
import pytest

REPORT = """
<testsuites><testsuite tests="7" failures="1" errors="2" skipped="2">
<testcase classname="a" name="failed"><failure/></testcase>
<testcase classname="a" name="failed"><error/></testcase>
<testcase classname="a" name="broke"><error/></testcase>
<testcase classname="a" name="fine"/>
</testsuite></testsuites>
"""


def test_counts_come_from_the_report(tmp_path: Path) -> None:
    """Errors count as failures; a test that failed and broke while it tidied up is one."""
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


def test_test_that_passes_alone_is_counted_and_told() -> None:
    """Nothing is hidden: the line of the part says how many needed a second try."""
    first = Outcome(name="one", counts=Counts(passed=3, failed=2), seconds=4.0, ok=False)
    passed = first.then(Outcome(name="one", counts=Counts(passed=2), seconds=1.0, ok=True))
    assert (passed.counts, passed.ok, passed.seconds) == (Counts(passed=5), True, 5.0)
    assert "5 passed, 0 failed, 0 skipped, 2 at the second try" in summary([passed])
    failed = first.then(
        Outcome(name="one", counts=Counts(passed=1, failed=1), seconds=1.0, ok=False)
    )
    assert (failed.counts, failed.ok) == (Counts(passed=4, failed=1), False)


def test_test_that_did_not_run_again_stays_failed() -> None:
    """Nothing that ran is not something that passed."""
    first = Outcome(name="one", counts=Counts(passed=3, failed=2), seconds=4.0, ok=False)
    nothing = Outcome(name="one", counts=Counts(skipped=5), seconds=1.0, ok=True)
    again = first.then(nothing)
    assert (again.counts, again.ok) == (Counts(passed=3, failed=2), False)


def test_card_tests_run_again_in_the_files_that_failed(tmp_path: Path) -> None:
    """Whole files run again, so more tests than those that failed: only those are counted."""
    report = tmp_path / "card.xml"
    report.write_text(
        '<testsuites><testsuite name="test/a.test.ts">'
        '<testcase classname="test/a.test.ts" name="a reply &gt; is seen"><failure/></testcase>'
        '<testcase classname="test/a.test.ts" name="a reply &gt; is heard"/>'
        '<testcase classname="test/b.test.ts" name="other"/>'
        '<testcase classname="test/c.test.ts" name="another"><error/></testcase>'
        "</testsuite></testsuites>"
    )
    again = vitest_part("card", "test", tmp_path).again
    assert again is not None
    assert again(failed_files(report)).command[-2:] == ("test/a.test.ts", "test/c.test.ts")
    first = Outcome(name="card", counts=Counts(passed=2, failed=2), seconds=4.0, ok=False)
    alone = Outcome(name="card", counts=Counts(passed=3), seconds=1.0, ok=True)
    assert first.then(alone).counts == Counts(passed=4)
    assert first.then(alone).late == 2


@pytest.mark.parametrize(("body", "code"), [("touch", 0), ("pass", 1)])
def test_failed_test_runs_again_alone(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], body: str, code: int
) -> None:
    """A test that fails twice fails the run; one that passes alone doesn't."""
    seen = tmp_path / "seen"
    (tmp_path / "pytest.toml").write_text('[pytest]\nasyncio_mode = "auto"\n')
    (tmp_path / "test_it.py").write_text(
        f"from pathlib import Path\nseen = Path({str(seen)!r})\ntouch = seen.touch\n"
        "def test_other(): pass\n"
        f"def test_late():\n    there = seen.exists()\n"
        f"    {'touch()' if body == 'touch' else body}\n    assert there\n"
    )
    part = pytest_part("made", sys.executable, tmp_path / "reports", str(tmp_path))
    outcomes = run_all([part], tmp_path)
    assert [outcome.ok for outcome in outcomes] == [code == 0]
    assert outcomes[0].counts == Counts(passed=2 - code, failed=code)
    assert "runs again, alone" in capfd.readouterr().out
