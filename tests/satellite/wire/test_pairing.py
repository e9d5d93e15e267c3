"""Pairing keys: shown, typed and mistyped."""

import contextlib

from hypothesis import given, strategies as st
import pytest

from waifu_wire.pairing import KEY_BYTES, PairingKeyError, format_key, make_key, parse_key


@given(st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES))
def test_key_survives_when_shown_and_typed(key: bytes) -> None:
    """Case, spaces and dashes do not matter."""
    shown = format_key(key)
    assert parse_key(shown) == key
    assert parse_key(f" {shown.lower().replace('-', ' ')}\n") == key


def test_shown_key_has_groups_of_four() -> None:
    """A key is 26 letters in groups of four."""
    groups = format_key(make_key()).split("-")
    assert [len(group) for group in groups] == [4, 4, 4, 4, 4, 4, 2]


@given(st.text(max_size=40))
def test_garbage_is_refused_when_typed(text: str) -> None:
    """Any text is a key of 16 bytes or gets one sentence."""
    with contextlib.suppress(PairingKeyError):
        assert len(parse_key(text)) == KEY_BYTES


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("AAAA", "has 26 letters and digits, this one has 4"),
        ("1" * 26, "only the letters A-Z and digits 2-7"),
        ("A" * 25 + "B", "last letter"),
    ],
)
def test_mistyped_key_is_named(typed: str, sentence: str) -> None:
    """Each kind of mistake has its own sentence."""
    with pytest.raises(PairingKeyError, match=sentence):
        parse_key(typed)


def test_keys_differ_when_made() -> None:
    """Two keys are not the same."""
    assert make_key() != make_key()
