"""`script/bench lipsync` reads phone times however their file writes them."""

import json
from pathlib import Path
from typing import Any
import wave

import numpy as np
import pytest

SCRIPT = Path(__file__).parents[3] / "script"
PAUSE_B_UH = [("", 0.0, 200.0), ("b", 200.0, 260.0), ("ʌ", 260.0, 400.0)]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the benchmark's parts be imported."""
    monkeypatch.syspath_prepend(str(SCRIPT))
    monkeypatch.syspath_prepend(str(SCRIPT / "benchmarks"))


@pytest.fixture
def read_truth(bench: None) -> Any:
    """Return the benchmark's reader."""
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
        ([["pau", 0, 1]], "names no sound"),
        ([["b", 0.2, 0.1]], "impossible time"),
        ([["b", -1, 0.1]], "impossible time"),
        ([["b", float("nan"), 0.1]], "impossible time"),
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


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no PCM WAV file"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "no PCM WAV file"),
        (b"hello", "no PCM WAV file"),
        (None, "no file"),
    ],
)
def test_what_is_no_sound_is_refused_in_a_sentence(
    bench: None, tmp_path: Path, content: bytes | None, said: str
) -> None:
    """The sentence names the file."""
    from mouth.recordings import BadRecordingError, read_sound

    path = tmp_path / "said.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadRecordingError, match=said) as refused:
        read_sound(path)
    assert "said.wav" in str(refused.value)


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_sound_of_any_depth_is_read(bench: None, tmp_path: Path, width: int) -> None:
    """Half of the loudest is 0.5 in each."""
    from mouth.recordings import read_sound

    half = b"\xc0" if width == 1 else bytes(width - 1) + b"\x40"
    path = tmp_path / "said.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((2, width, 8000, 0, "NONE", ""))
        file.writeframes(half * 2 * 80)
    samples, rate_hz = read_sound(path)
    assert (rate_hz, len(samples), samples[0]) == (8000, 80, 0.5)


def test_stop_begins_where_the_mouth_closes(bench: None) -> None:
    """espeak-ng tells when a "p" bursts; the silence before it is the "p"'s own."""
    from mouth.closing import closed_in_time
    from mouth.phones import Phone

    sound = np.concatenate([np.full(800, 0.5), np.zeros(400), np.full(800, 0.5)])
    phones = [
        Phone(ipa="a", start_ms=0, end_ms=150),
        Phone(ipa="p", start_ms=150, end_ms=180),
        Phone(ipa="a", start_ms=180, end_ms=250),
    ]
    found = [(one.ipa, one.start_ms, one.end_ms) for one in closed_in_time(phones, sound, 8000)]
    assert found == [("a", 0, 100), ("p", 100, 180), ("a", 180, 250)]


def test_onsets_are_judged_by_what_is_seen(bench: None) -> None:
    """Another vowel in time is not late, nothing begins between two sounds that look alike."""
    from mouth.phones import Phone
    from mouth.scoring import STEP_MS, Track, score

    names = [("m", 200.0), ("æ", 400.0), ("t", 600.0), ("n", 800.0), ("", 1000.0)]
    phones = [Phone(ipa=ipa, start_ms=end - 200, end_ms=end) for ipa, end in names]
    shapes = ["sil", "E", "DD", "nn", "sil"]
    steps = np.arange(int(1000 / STEP_MS)) * STEP_MS - 20
    track = Track(
        shapes=[shapes[int(max(0, at) // 200)] for at in steps], openness=np.zeros(len(steps))
    )
    onsets = score(track, phones).onsets_ms
    assert len(onsets) == 3
    assert all(abs(onset - 20) < STEP_MS for onset in onsets)
