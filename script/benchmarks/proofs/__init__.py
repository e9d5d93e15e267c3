"""What is promised, the tests that prove it, and the figures that measure it."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
import re

ROOT = Path(__file__).resolve().parents[3]
TESTS = ROOT / "tests"
TRIALS = ROOT / "script" / "fault_trials"
"""Real programs are killed in a real home: too long for every run of the tests."""
CARD_TESTS = ROOT / "lovelace" / "test"
_CARD_TEST = re.compile(
    r'\btest(?:\.each\((?:[^()]|\([^()]*\))*\))?\(\s*(["`])((?:\\.|(?!\1).)+)\1', re.DOTALL
)
"""A test of vitest: `test("name"` and `test.each(…)("name"`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullet:
    """Something that is promised.

    A test of pytest is named by its function, one of the card by its file and its name, as in
    `browser/voice: works with the space bar alone`.
    """

    does: str
    tests: tuple[str, ...]
    figures: tuple[str, ...] = ()


def print_bullets(bullets: Iterable[Bullet], figures: dict[str, float]) -> bool:
    """Print what is proved by which test and measured by which figure; return whether all is."""
    known = known_tests()
    whole = True
    for bullet in bullets:
        print(bullet.does)
        for test in bullet.tests:
            whole = whole and test in known
            print(f"    {known.get(test, 'NO SUCH TEST'):<55} {test}")
        for key in bullet.figures:
            print(f"    {key:<55} {figures.get(key, 'not measured now')}")
    return whole


@cache
def known_tests() -> dict[str, str]:
    """Return every test and trial of the repository with its file."""
    return {**_python_tests(), **dict(_card_tests())}


def _python_tests() -> dict[str, str]:
    return {
        node.name: path.relative_to(ROOT).as_posix()
        for path in (*TESTS.rglob("test_*.py"), *TRIALS.glob("*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if node.name.startswith("test_") or _is_trial(node)
    }


def _is_trial(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether a function tries a fault: it says what came of it."""
    return isinstance(node.returns, ast.Name) and node.returns.id == "Outcome"


def _card_tests() -> Iterator[tuple[str, str]]:
    for path in CARD_TESTS.rglob("*.test.ts"):
        name = path.relative_to(CARD_TESTS).as_posix()
        for _quote, title in _CARD_TEST.findall(path.read_text(encoding="utf-8")):
            yield f"{name.removesuffix('.test.ts')}: {title}", f"lovelace/test/{name}"
