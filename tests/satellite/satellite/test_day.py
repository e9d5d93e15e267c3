"""Days of a satellite in virtual time, with everything that can go wrong."""

import logging
import os
from pathlib import Path

from day import FAULTS, grown_bytes, live
import pytest

# `script/bench satellite` lives through 24 hours with each fault 50 times.
HOURS = float(os.environ.get("SOAK_HOURS", "0.5"))
TIMES = int(os.environ.get("SOAK_TIMES", "1"))


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Keep hundreds of expected warnings out of the log, for this test."""
    caplog.set_level(logging.CRITICAL, "waifu_satellite")


def test_after_every_fault_the_next_wake_word_is_answered(tmp_path: Path) -> None:
    """Within two seconds, whatever went wrong before."""
    day = live(tmp_path, hours=HOURS, times=TIMES)
    assert day.unanswered == []
    assert day.faults == {fault.__name__: TIMES for fault in FAULTS}  # type: ignore[attr-defined] # each is a function


def test_memory_stays_flat(tmp_path: Path) -> None:
    """A second stretch of faults leaves nothing behind."""
    assert grown_bytes(lambda: live(tmp_path, hours=0, times=1)) < 400_000


def test_breaking_the_watchdog_is_noticed(tmp_path: Path) -> None:
    """Where nobody looks after a hanging microphone, this very test would fail."""
    day = live(tmp_path, hours=0, times=1, deaf_is_seen=False)
    assert "microphone_hangs" in day.unanswered
