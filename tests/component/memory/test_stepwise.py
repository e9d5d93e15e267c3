"""Check that JSON read in steps is what the standard decoder reads."""

import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.waifu_rt3d.memory.exchange import stepwise

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(value=VALUES, indent=st.none() | st.integers(0, 3))
def test_any_document_is_read_the_same(value: Any, indent: int | None) -> None:
    """What was written comes back, whatever the spaces."""
    assert stepwise.loads(json.dumps(value, indent=indent)) == value


@given(text=st.text(alphabet='{}[]":,1e-. \ntrueaé\\', max_size=30))
def test_any_text_is_read_or_refused_the_same(text: str) -> None:
    """What the standard decoder refuses is refused, and the other way round."""
    try:
        expected = json.loads(text)
    except json.JSONDecodeError:
        with pytest.raises(json.JSONDecodeError):
            stepwise.loads(text)
    else:
        assert stepwise.loads(text) == expected


@pytest.mark.parametrize(
    "text", ['{"a" 1}', '{"a": 1,}', "[1 2]", "{a: 1}", "[1,", '{"a":', "[[[[[["]
)
def test_a_broken_document_names_the_place(text: str) -> None:
    """The refusal stands where the standard decoder's does."""
    with pytest.raises(json.JSONDecodeError) as ours:
        stepwise.loads(text)
    with pytest.raises(json.JSONDecodeError) as theirs:
        json.loads(text)
    assert abs(ours.value.pos - theirs.value.pos) <= 2
