"""`script/coverage` reads the reports of both languages and judges each module; the roadmap's table judges figures."""

import json
from pathlib import Path

from benchmarks.roadmap import critical_bugs, lines
from covered.suites import ROOT, Module, read_coverage_py, read_istanbul, suites, together
import pytest


def test_reports_of_python_are_read(tmp_path: Path) -> None:
    """An empty module lacks nothing."""
    report = tmp_path / "python.json"
    files = {
        "a.py": {"summary": {"num_statements": 4}, "missing_lines": [2]},
        "empty.py": {"summary": {"num_statements": 0}, "missing_lines": []},
    }
    report.write_text(json.dumps({"files": files}))
    found = read_coverage_py(report)
    assert [(one.path, one.share) for one in found] == [("a.py", 0.75), ("empty.py", 1.0)]
    assert together(found) == 0.75
    assert together([]) == 0.0


def test_reports_of_the_card_are_read(tmp_path: Path) -> None:
    """A line ran if any of its statements did."""
    report = tmp_path / "card.json"
    places = {number: {"start": {"line": line}} for number, line in (("0", 3), ("1", 3), ("2", 5))}
    path = str(ROOT / "lovelace" / "src" / "x.ts")
    about = {"statementMap": places, "s": {"0": 0, "1": 2, "2": 0}}
    report.write_text(json.dumps({path: about}))
    (found,) = read_istanbul(report)
    assert (found.path, found.lines, found.missing) == ("lovelace/src/x.ts", 2, (5,))


def test_lines_that_ran_in_a_browser_count(tmp_path: Path) -> None:
    """What there is to run is told by the first report alone."""
    path = str(ROOT / "lovelace" / "src" / "x.ts")
    reports = []
    for name, ran in (("all", {3: 0, 4: 0, 5: 1}), ("browser", {3: 1, 9: 1})):
        about = {
            "statementMap": {str(line): {"start": {"line": line}} for line in ran},
            "s": {str(line): times for line, times in ran.items()},
        }
        reports.append(tmp_path / f"{name}.json")
        reports[-1].write_text(json.dumps({path: about}))
    (found,) = read_istanbul(*reports)
    assert (found.lines, found.missing) == (3, (4,))


def test_a_suite_whose_report_is_missing_has_nothing(tmp_path: Path) -> None:
    """The browser may not have started; then nothing is told of the whole."""
    card = suites(tmp_path)[-1]
    card.reports[0].parent.mkdir()
    card.reports[0].write_text("{}")
    assert card.modules() == []
    assert card.faults([]) == ["card together: 0.0%, at least 85%"]


def test_too_little_is_named(tmp_path: Path) -> None:
    """Each module, the whole, and every line of the forms."""
    component = suites(tmp_path)[0]
    folder = "custom_components/waifu_rt3d"
    form = Module(path=f"{folder}/flows/a.py", lines=100, missing=(1,))
    good = Module(path=f"{folder}/good.py", lines=100, missing=(1, 2))
    bad = Module(path=f"{folder}/bad.py", lines=10, missing=(1,))
    assert component.faults([good]) == []
    told = component.faults([form, bad])
    assert [line.partition(":")[0] for line in told] == [form.path, bad.path]
    none = Module(path=f"{folder}/none.py", lines=100, missing=tuple(range(50)))
    assert component.faults([none])[-1].startswith("component together: 50.0%")


def test_roadmap_says_what_was_not_measured() -> None:
    """A missing figure is no success."""
    presence = {"wake_to_face_ms": 37.0, "speech_end_to_thinking_ms": 120.0}
    table = {line.key: line for line in lines(presence, {}, {"component_share": 0.97}, 1)}
    assert table["ui_response_ms"].value == 120.0
    assert not table["ui_response_ms"].met
    assert table["reply_ms"].value is None
    assert "not measured" in table["reply_ms"].text()
    assert table["coverage_share"].value is None
    shares = {"component_share": 0.97, "satellite_share": 0.96}
    assert not table["critical_bugs"].met
    assert "= 0" in table["critical_bugs"].text()
    assert [line.met for line in lines({}, {}, shares, 0)] == [False, False, False, True, True]


def test_critical_bugs_are_counted(tmp_path: Path) -> None:
    """Those of the page, and those that a test knows; a page without the part is no zero."""
    page = "# Known limits\n\n- **critical** is a word\n\n## Open faults\n\n- **minor** x\n- **critical** y\n"
    (tmp_path / "test_x.py").write_text("@pytest.mark." + "xfail\n")
    assert critical_bugs(page, []) == 1
    assert critical_bugs(page, [tmp_path]) == 2
    with pytest.raises(ValueError, match="no part"):
        critical_bugs("# Known limits\n", [])
