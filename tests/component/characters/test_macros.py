"""Macros of cards."""

from datetime import datetime
from random import Random

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.waifu_rt3d.characters.macros import Names, expand

NOON = datetime(2026, 11, 23, 12, 5)


def names(**more: str) -> Names:
    """Return names with a seeded chance."""
    values = {"char": "Ada", "user": "Ben", **more}
    return Names(now=NOON, random=Random(3), **values)


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("{{user}} meets {{char}}.", "Ben meets Ada."),
        ("{{USER}} and {{ Char }} and <BOT> and <user>", "Ben and Ada and Ada and Ben"),
        ("{{// a note}}x{{comment: y}}{{hidden_key:z}}", "x"),
        ("{{random:only}}", "only"),
        ("{{random::a, b::a, b}}", "a, b"),
        ("{{reverse:abc}}", "cba"),
        ("{{random:{{user}}}}", "Ben"),
        ("{{time}} {{date}} {{weekday}}", "12:05 2026-11-23 Monday"),
        ("{{unknown}} {{also:this}}", "{{unknown}} {{also:this}}"),
        ("a\n\n{{trim}}\n\nb", "ab"),
        ("{{newline}}", "\n"),
        ("{{roll:0}}{{roll:x}}{{roll:999d6}}", ""),
        ("{ {user} } {{", "{ {user} } {{"),
    ],
)
def test_macro(text: str, expanded: str) -> None:
    """Each macro gives what it stands for, in any case; unknown ones stay."""
    assert expand(text, names()) == expanded


def test_dice_stay_within_their_sides() -> None:
    """All three ways to write dice."""
    for text, low, high in (("6", 1, 6), ("d20", 1, 20), ("2d6", 2, 12)):
        for _ in range(50):
            assert low <= int(expand(f"{{{{roll:{text}}}}}", names())) <= high


def test_random_takes_all_and_pick_stays() -> None:
    """Chance takes each part sometimes; a pick is the character's for ever."""
    shared = names()
    assert {expand("{{random:a,b,c\\,d}}", shared) for _ in range(60)} == {"a", "b", "c,d"}
    assert len({expand("{{pick:a,b,c,d}}", names()) for _ in range(20)}) == 1


def test_a_name_is_no_macro() -> None:
    """Braces in a name are text."""
    assert expand("Hi {{user}}", names(user="{{char}}")) == "Hi {{char}}"


@settings(max_examples=300, deadline=None)
@given(st.text("{}:,chardomul \n<>\0é", max_size=80))
def test_any_text_expands(text: str) -> None:
    """No text breaks it."""
    assert "\0" not in expand(text, names())
