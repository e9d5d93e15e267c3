"""Hold recall to a floor on dialogues made for it (115 questions, `fixtures/talks.json`)."""

import importlib.util
from pathlib import Path
from types import ModuleType

_ROOT = Path(__file__).resolve().parents[3]


def _scorer() -> ModuleType:
    """Return the benchmark's own scorer."""
    path = _ROOT / "script" / "benchmarks" / "recall.py"
    spec = importlib.util.spec_from_file_location("benchmark_recall", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def test_recall_finds_what_answers_a_question() -> None:
    """A change that makes recall worse than it was is seen here."""
    figures = await _scorer().score(Path(__file__).parent / "fixtures" / "talks.json")
    assert figures["questions"] == 115
    assert figures["r_at_5"] >= 0.78
    assert figures["r_at_10"] >= 0.86
    assert figures["mrr"] >= 0.65
