"""Which room answers when several hear the same wake word."""

import asyncio

import pytest

from custom_components.waifu_rt3d.room import arbiter as judge
from custom_components.waifu_rt3d.room.arbiter import AFTER_S, CONTEST_S, Arbiter
from custom_components.waifu_rt3d.room.room import Room

LIMIT_S = 60


def room(*phrases: str) -> Room:
    """Return a connected room that listens for some words."""
    made = Room()
    words = [
        {
            "name": phrase.replace(" ", "_"),
            "phrase": phrase,
            "engine": "test",
            "licence": "none",
            "active": True,
            "threshold": 0.5,
        }
        for phrase in phrases
    ]
    made.take("settings", {"wake_words": words})
    made.set_connected(connected=True)
    return made


@pytest.fixture
def arbiter() -> Arbiter:
    """Return the judge of an empty house."""
    return Arbiter()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a contest last so long that nobody waits for its end."""
    monkeypatch.setattr(judge, "CONTEST_S", 3600.0)


@pytest.mark.usefixtures("patient")
async def test_room_alone_is_answered_at_once(arbiter: Arbiter) -> None:
    """Nobody else listens for the word, so nothing is waited for."""
    kitchen, other = room("hey jarvis"), room("alexa")
    arbiter.enter(kitchen)
    arbiter.enter(other)
    async with asyncio.timeout(LIMIT_S):
        assert await arbiter.async_wins(kitchen, "hey jarvis", 10.0)


async def test_best_hearing_room_wins(arbiter: Arbiter) -> None:
    """Whoever hears it best answers, also when it was not the first."""
    rooms = [room("hey jarvis") for _ in range(3)]
    for each in rooms:
        arbiter.enter(each)
    wins = await asyncio.gather(
        *(
            arbiter.async_wins(each, "hey jarvis", snr_db)
            for each, snr_db in zip(rooms, (8.0, 21.0, None), strict=True)
        )
    )
    assert wins == [False, True, False]


async def test_late_room_stays_silent_and_the_winner_may_be_interrupted(arbiter: Arbiter) -> None:
    """Who hears the same word late is silent; a quick barge-in in the winner's room is heard."""
    at_ms = 1000.0
    kitchen, hall = room("hey jarvis"), room("hey jarvis")
    arbiter.enter(kitchen)
    arbiter.enter(hall)
    assert await arbiter.async_wins(kitchen, "hey jarvis", 10.0, at_ms)
    assert not await arbiter.async_wins(hall, "hey jarvis", 30.0, at_ms + 300.0)
    assert await arbiter.async_wins(kitchen, "hey jarvis", 10.0, at_ms + 500.0)


@pytest.mark.parametrize(
    ("later_ms", "read_s", "wins"),
    [
        pytest.param(3.0, 5.0, False, id="heard at once, read late by a busy house"),
        pytest.param(400.0, 0.0, False, id="the echo of it"),
        pytest.param(5000.0, 0.0, True, id="said later, read at once"),
        pytest.param(None, 5.0, True, id="nobody knows when, read late"),
    ],
)
async def test_late_is_what_was_heard_late_not_what_was_read_late(
    arbiter: Arbiter,
    monkeypatch: pytest.MonkeyPatch,
    later_ms: float | None,
    read_s: float,
    wins: bool,
) -> None:
    """Fifty rooms wake at once in a house that stands still for seconds: one answers."""
    monkeypatch.setattr(judge, "CONTEST_S", 0.0)
    monkeypatch.setattr(judge, "AFTER_S", CONTEST_S + AFTER_S)
    kitchen, hall = room("hey jarvis"), room("hey jarvis")
    arbiter.enter(kitchen)
    arbiter.enter(hall)
    assert await arbiter.async_wins(kitchen, "hey jarvis", 10.0, 1000.0)
    loop, at_ms = asyncio.get_running_loop(), None if later_ms is None else 1000.0 + later_ms
    now_s = loop.time() + read_s
    monkeypatch.setattr(loop, "time", lambda: now_s)
    assert await arbiter.async_wins(hall, "hey jarvis", 30.0, at_ms) == wins


@pytest.mark.usefixtures("patient")
async def test_lost_room_is_no_rival(arbiter: Arbiter) -> None:
    """A room that is not connected takes no part; nor does one that has left."""
    kitchen, hall, bath = room("hey jarvis"), room("hey jarvis"), room("hey jarvis")
    for each in (kitchen, hall, bath):
        arbiter.enter(each)
    hall.set_connected(connected=False)
    arbiter.leave(bath)
    async with asyncio.timeout(LIMIT_S):
        assert await arbiter.async_wins(kitchen, "hey jarvis", None)
    assert AFTER_S > CONTEST_S
