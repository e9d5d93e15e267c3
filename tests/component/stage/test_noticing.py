"""What is noticed, and when not."""

from datetime import datetime, time, timedelta

import pytest

from custom_components.waifu_rt3d.stage.noticing import (
    ANSWERS,
    Change,
    Notice,
    Pace,
    is_quiet,
    notice_of,
)


@pytest.mark.parametrize(
    ("entity_id", "device_class", "before", "after", "notice"),
    [
        ("light.desk", None, "off", "on", Notice.LIGHT_ON),
        ("light.desk", None, "on", "off", Notice.LIGHT_OFF),
        ("light.desk", None, "unavailable", "on", None),
        ("light.desk", None, "on", "unavailable", None),
        ("light.desk", None, "on", "on", None),
        ("sun.sun", None, "above_horizon", "below_horizon", Notice.DUSK),
        ("sun.sun", None, "below_horizon", "above_horizon", None),
        ("event.bell", "doorbell", "2026-01-01", "2026-01-02", Notice.DOORBELL),
        ("event.bell", "doorbell", "unknown", "2026-01-02", Notice.DOORBELL),
        ("binary_sensor.bell", None, "off", "on", Notice.DOORBELL),
        ("binary_sensor.bell", None, "on", "off", None),
        ("binary_sensor.rain", "moisture", "off", "on", Notice.RAIN),
        ("person.kim", None, "not_home", "home", Notice.HOME),
        ("person.kim", None, "home", "not_home", None),
        ("weather.home", None, "cloudy", "pouring", Notice.RAIN),
        ("weather.home", None, "rainy", "pouring", None),
        ("timer.tea", None, "active", "idle", Notice.TIMER),
        ("timer.tea", None, "paused", "idle", None),
        ("sensor.power", None, "1", "2", None),
    ],
)
def test_what_is_noticed(
    entity_id: str, device_class: str | None, before: str, after: str, notice: Notice | None
) -> None:
    """Most changes are nothing to look up for."""
    change = Change(entity_id=entity_id, device_class=device_class, before=before, after=after)
    assert notice_of(change) is notice


def test_everything_has_an_answer() -> None:
    """A glance or a nod, never a feeling."""
    assert set(ANSWERS) == set(Notice)
    assert {cue.name for cues in ANSWERS.values() for cue in cues if cue.kind == "gesture"} <= {
        "nod"
    }
    assert not [cue for cues in ANSWERS.values() for cue in cues if cue.kind == "emotion"]


@pytest.mark.parametrize(
    ("now", "begin", "end", "quiet"),
    [
        (time(23), time(22), time(7), True),
        (time(6, 59), time(22), time(7), True),
        (time(7), time(22), time(7), False),
        (time(14), time(13), time(15), True),
        (time(16), time(13), time(15), False),
        (time(3), None, time(7), False),
        (time(3), time(7), time(7), False),
    ],
)
def test_quiet_hours(now: time, begin: time | None, end: time | None, quiet: bool) -> None:
    """They may go over midnight."""
    assert is_quiet(now, begin, end) is quiet


def test_at_most_one_a_minute() -> None:
    """What comes too soon is not shown later."""
    pace, now = Pace(), datetime(2026, 1, 1)
    shown = [pace.take(now + timedelta(seconds=s)) for s in (0, 30, 59, 60, 61, 130)]
    assert shown == [True, False, False, True, False, True]
