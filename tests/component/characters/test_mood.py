"""Mood: moved by feelings, slow, bounded, and back at the temperament after hours."""

from hypothesis import given, strategies as st
import pytest

from custom_components.waifu_rt3d.characters.mood import (
    FEELINGS,
    HALF_LIFE_S,
    Mood,
    MoodName,
    Pad,
    temperament,
)

CALM = Pad(pleasure=0.3, arousal=-0.1, dominance=0.1)


def test_a_feeling_moves_the_mood_a_little() -> None:
    """One sad word is no sad mood; many are."""
    mood = Mood.fresh(CALM, 0)
    once = mood.felt("sad", 1, 0)
    assert CALM.pleasure > once.now.pleasure > 0
    for _ in range(12):
        mood = mood.felt("sad", 1, 0)
    assert mood.now.name is MoodName.BORED


def test_stronger_feelings_move_more() -> None:
    """Intensity counts."""
    mood = Mood.fresh(CALM, 0)
    assert mood.felt("angry", 1, 0).now.pleasure < mood.felt("angry", 0.2, 0).now.pleasure


def test_mood_decays_to_the_temperament() -> None:
    """Half is gone after the half-life, all but all after a day."""
    mood = Mood.fresh(CALM, 0).felt("happy", 1, 0)
    gone = mood.now.pleasure - CALM.pleasure
    assert mood.after(HALF_LIFE_S).now.pleasure == pytest.approx(CALM.pleasure + gone / 2)
    assert mood.after(24 * 3600).now.pleasure == pytest.approx(CALM.pleasure, abs=0.01)


def test_decay_does_not_depend_on_how_often_it_is_asked() -> None:
    """Asking every minute gives the same mood as asking once."""
    mood = Mood.fresh(CALM, 0).felt("excited", 1, 0)
    often = mood
    for minute in range(1, 61):
        often = often.after(minute * 60)
    assert often.now.arousal == pytest.approx(mood.after(3600).now.arousal)


def test_clock_going_back_and_unknown_feelings_change_nothing() -> None:
    """Neither a corrected clock nor a new word breaks a mood."""
    mood = Mood.fresh(CALM, 100).felt("happy", 1, 100)
    assert mood.after(50) == mood
    assert mood.felt("zorp", 1, 100) == mood


@given(st.lists(st.tuples(st.sampled_from(sorted(FEELINGS)), st.floats(-5, 5), st.floats(0, 1e5))))
def test_mood_stays_in_its_bounds(events: list[tuple[str, float, float]]) -> None:
    """No series of feelings leaves the model."""
    mood = Mood.fresh(CALM, 0)
    for name, intensity, at_s in events:
        mood = mood.felt(name, intensity, at_s)
        assert all(-1 <= v <= 1 for v in (mood.now.pleasure, mood.now.arousal, mood.now.dominance))


def test_temperament_of_a_personality() -> None:
    """A stable, friendly extravert is of a pleasant and relaxed temperament."""
    pad = temperament(openness=0, extraversion=0.5, agreeableness=0.5, stability=1)
    assert pad.name is MoodName.RELAXED
    assert Pad().name is MoodName.NEUTRAL
