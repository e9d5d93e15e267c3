"""`script/bench` runs a benchmark and writes figures that programs read."""

import ast
import json
import os
from pathlib import Path
import subprocess
import sys

import pytest

SCRIPT = Path(__file__).parents[2] / "script"


def bench(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the harness as `script/bench` does."""
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *words],
        env={**os.environ, "PYTHONPATH": str(SCRIPT)},
        capture_output=True,
        text=True,
        check=False,
    )


def benchmark_files() -> list[Path]:
    """Return the files that are benchmarks."""
    others = {"__init__", "__main__", "loop_watch", "machine"}
    return [path for path in SCRIPT.glob("benchmarks/*.py") if path.stem not in others]


def subject_of(path: Path) -> str:
    """Return the first line of a file's docstring."""
    return (ast.get_docstring(ast.parse(path.read_text())) or "").partition("\n")[0]


def test_figures_are_written_with_name_and_machine(tmp_path: Path) -> None:
    """The screen ends with the figures by their keys, the file also tells what was measured where."""
    target = tmp_path / "figures.json"
    done = bench("emotion", "--json", str(target))
    assert done.returncode == 0, done.stderr
    document = json.loads(target.read_text())
    assert document.keys() == {"name", "machine", "figures"}
    assert document["name"] == "emotion"
    assert "Python 3.14" in document["machine"]
    assert 0 < document["figures"]["emotion_f1_en"] <= 1
    assert "happy" in done.stdout
    assert json.loads(done.stdout.splitlines()[-1]) == document["figures"]


def test_unknown_benchmark_is_refused_in_a_sentence() -> None:
    """A typing error gets no traceback."""
    done = bench("emoticon")
    assert done.returncode == 2
    assert (
        done.stderr == "error: There is no benchmark emoticon; script/bench --list tells which.\n"
    )


def test_benchmark_without_its_file_gives_no_figures(tmp_path: Path) -> None:
    """What was not measured is not written."""
    target = tmp_path / "figures.json"
    assert bench("recall", "--json", str(target)).returncode != 0
    assert not target.exists()


@pytest.mark.parametrize("name", ["avatar", "recall"])
def test_missing_file_is_named_at_once(name: str) -> None:
    """Nothing is built or measured before."""
    done = bench(name, "/nowhere/one.file")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "error: There is no file /nowhere/one.file."


def test_every_benchmark_is_listed_with_its_subject() -> None:
    """The list is what the first line of each file says, and nothing is run for it."""
    listed = dict(line.split(maxsplit=1) for line in bench("--list").stdout.splitlines())
    assert listed == {path.stem: subject_of(path) for path in benchmark_files()}
    assert all(listed.values())
