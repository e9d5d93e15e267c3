"""Marks and cues become the timeline of the contract."""

import json
from pathlib import Path
from typing import Any

from hypothesis import given, strategies as st

from custom_components.waifu_rt3d.stage.cues import Cue, CueKind
from custom_components.waifu_rt3d.stage.estimating import estimate_marks
from custom_components.waifu_rt3d.stage.timeline import (
    Source,
    SpeechMarks,
    TimelineBuilder,
    silent_duration_ms,
)
from custom_components.waifu_rt3d.stage.visemes import Mark

CONTRACT = Path(__file__).parents[2] / "contract"


def golden(name: str) -> dict[str, Any]:
    """Read a golden file."""
    document: dict[str, Any] = json.loads((CONTRACT / f"{name}.json").read_text())
    return document


def golden_marks() -> list[SpeechMarks]:
    """Return the segments of the golden speech marks."""
    found = [
        event["data"]["data"]
        for event in golden("speech-marks")["answer"]
        if event["type"] == "user-event"
    ]
    return [
        SpeechMarks(
            **{
                **data,
                "marks": tuple(Mark(**mark) for mark in data["marks"]),
                "source": Source(data["source"]),
            }
        )
        for data in found
    ]


def cue(name: str, offset: int, kind: CueKind = CueKind.GESTURE, **values: Any) -> Cue:
    """Return a cue."""
    return Cue(kind=kind, name=name, offset=offset, **{"intensity": 1.0, "hold_ms": 0, **values})


def test_golden_marks_give_the_golden_timeline() -> None:
    """What the speech server sends becomes what the card reads, to the last number."""
    cues = [
        cue("happy", 0, CueKind.EMOTION, intensity=0.7, hold_ms=4000),
        cue("wave", 5),
    ]
    builder = TimelineBuilder()
    documents = [builder.segment(spoken, cues).as_dict() for spoken in golden_marks()]
    documents.append(builder.finish(cues).as_dict())
    expected = [
        {key: value for key, value in segment.items() if key not in ("turn_id", "seq")}
        for segment in golden("timeline")["segments"]
    ]
    assert documents == expected


def test_cue_behind_the_last_word_waits_for_the_next_segment() -> None:
    """A tag between two sentences belongs to the one that follows it."""
    first, second = golden_marks()
    builder = TimelineBuilder()
    cues = [cue("nod", second.offset)]
    assert builder.segment(first, cues).cues == ()
    assert builder.segment(second, cues).cues[0].at_ms == second.start_ms


def test_cue_at_the_end_of_the_reply_comes_at_its_end() -> None:
    """A tag that no word follows is not lost."""
    spoken = golden_marks()[0]
    builder = TimelineBuilder()
    cues = [cue("bow", len(spoken.text))]
    assert builder.segment(spoken, cues).cues == ()
    last = builder.finish(cues)
    assert last.final
    assert [timed.at_ms for timed in last.cues] == [spoken.end_ms]


def test_reply_without_sound() -> None:
    """A reply of gestures only is a timeline of no length."""
    last = TimelineBuilder().finish([cue("wave", 0)])
    assert (last.index, last.end_ms, last.cues[0].at_ms) == (0, 0, 0)


@given(st.text(max_size=200), st.integers(0, 1000), st.integers(0, 60000))
def test_estimated_marks_stay_inside(text: str, offset: int, length_ms: int) -> None:
    """Guessed times are sorted, inside the sound, and at the words of the text."""
    spoken = estimate_marks(text, offset, 100, 100 + length_ms)
    at_ms = 100
    for mark in spoken.marks:
        assert at_ms <= mark.start_ms <= mark.end_ms <= 100 + length_ms
        assert offset <= mark.char < offset + len(text)
        at_ms = mark.start_ms
    segment = TimelineBuilder().segment(spoken, [])
    assert all(offset <= word.offset < offset + len(text) for word in segment.words)


@given(
    st.lists(st.integers(0, 60), max_size=8),
    st.integers(1, 5),
)
def test_every_cue_comes_exactly_once(offsets: list[int], pieces: int) -> None:
    """However a reply is cut into segments, no cue is lost or doubled."""
    text = "one two three four five six seven eight nine ten eleven"
    cues = [cue(str(index), offset) for index, offset in enumerate(sorted(offsets))]
    builder, got, at = TimelineBuilder(), [], 0
    size = len(text) // pieces + 1
    for start in range(0, len(text), size):
        part = text[start : start + size]
        end = at + silent_duration_ms(part)
        got += builder.segment(estimate_marks(part, start, at, end), cues).cues
        at = end
    got += builder.finish(cues).cues
    assert [timed.cue.name for timed in got] == [str(index) for index in range(len(cues))]
    assert [timed.at_ms for timed in got] == sorted(timed.at_ms for timed in got)
