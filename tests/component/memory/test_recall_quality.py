"""Hold recall to a floor on dialogues made for it (115 questions, `fixtures/talks.json`)."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

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


def _odd_dialogues() -> dict[str, Any]:
    """Return one conversation as others may write it: other orders, nothing but what is needed."""
    return {
        "qa": [
            {"evidence": ["D1:3;D1:1"], "answer": 5, "question": "Which dog did Tom adopt?"},
            {"question": "What is Ann's job?", "evidence": "D:2:1", "category": "x"},
            {"question": "What beeps?", "evidence": [["D1:2"], None, 5, "D9:99"]},
            {"question": "Unanswered?", "evidence": []},
            {"question": None, "evidence": ["D1:1"]},
            {"evidence": ["D1:1"]},
            "not a question",
        ],
        "conversation": {
            "session_2": [{"text": "I work as a nurse in the city", "dia_id": "D2:1"}],
            "session_10": [],
            "session_2_date_time": None,
            "session_1_date_time": "1:56 pm on 8 May, 2023",
            "session_1": [
                {"dia_id": "D1:1", "text": "We adopted a dog, a beagle", "speaker": "Tom"},
                {"speaker": "Ann", "text": "My dishwasher beeps \ud83d"},
                {"speaker": "Tom", "dia_id": "D01:03", "text": "The dog is called Rex"},
            ],
        },
    }


@pytest.mark.parametrize("shape", ["list", "alone", "flat", "named"])
async def test_a_file_of_another_shape_is_scored(tmp_path: Path, shape: str) -> None:
    """What is missing or odd beside the words costs nothing: three questions can be scored."""
    odd = _odd_dialogues()
    flat = {**odd["conversation"], "qa": odd["qa"]}
    document = {"list": [odd], "alone": odd, "flat": flat, "named": {"n": 1, "data": [odd]}}[shape]
    file = tmp_path / "dialogues.json"
    file.write_text(json.dumps(document))
    figures = await _scorer().score(file)
    assert (figures["questions"], figures["r_at_5"]) == (3, 1.0)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "too many brackets"),
        ({"session_1": "text"}, "session_1 should be a list"),
        ({"session_1": [None]}, "session_1, message 1 should be an object"),
    ],
)
async def test_a_file_without_dialogues_is_refused(
    tmp_path: Path, changed: str | dict[str, Any], sentence: str
) -> None:
    """One sentence says where."""
    file = tmp_path / "dialogues.json"
    odd = _odd_dialogues()
    text = json.dumps({**odd, "conversation": changed})
    file.write_text(changed if isinstance(changed, str) else text)
    scorer = _scorer()
    with pytest.raises(scorer.BadDialogues, match=sentence):
        await scorer.score(file)
