"""`script/bench lipsync` reads phone times however their file writes them."""

import json
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[3] / "script"
PAUSE_B_UH = [("", 0.0, 200.0), ("b", 200.0, 260.0), ("ʌ", 260.0, 400.0)]


@pytest.fixture
def read_truth(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the benchmark's reader."""
    monkeypatch.syspath_prepend(str(SCRIPT))
    monkeypatch.syspath_prepend(str(SCRIPT / "benchmarks"))
    from mouth.phones import read_truth

    return read_truth


@pytest.mark.parametrize(
    "document",
    [
        [
            {"phoneme": "", "start_ms": 0, "end_ms": 200},
            {"phoneme": "b", "start_ms": 200, "end_ms": 260},
            {"phoneme": "ˈʌ", "start_ms": 260, "end_ms": 400},
        ],
        {
            "phones": [
                {"phone": "pau", "end": 0.2},
                {"phone": "b", "end": 0.26},
                {"phone": "AH1", "end": 0.4},
            ]
        },
        {"marks": [["sil", 0, 0.2], ["b", 0.2, 0.26], ["ah", 0.26, 0.4]]},
        [
            {"ipa": "_", "start": 0},
            {"ipa": "b", "start": 0.2},
            {"ipa": "ʌ", "start": 0.26, "end": 0.4},
        ],
    ],
)
def test_phones_are_read_with_times_in_any_writing(
    read_truth: Any, tmp_path: Path, document: object
) -> None:
    """Milliseconds or seconds, IPA or ARPAbet, starts or ends alone."""
    path = tmp_path / "truth.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    found = [(p.ipa, round(p.start_ms, 3), round(p.end_ms, 3)) for p in read_truth(path)]
    assert found == PAUSE_B_UH


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"words": []}, "no list of phones"),
        ([], "no list of phones"),
        ([{"phone": "b"}], "without a time"),
        (["b"], "no phone"),
    ],
)
def test_other_files_are_refused_in_a_sentence(
    read_truth: Any, tmp_path: Path, document: object, said: str
) -> None:
    """The sentence names the file."""
    path = tmp_path / "truth.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ValueError, match=said) as refused:
        read_truth(path)
    assert "truth.json" in str(refused.value)
