"""Which room answers when several hear the same wake word."""

import asyncio

import pytest

from custom_components.waifu_rt3d.room.arbiter import AFTER_S, CONTEST_S, Arbiter
from custom_components.waifu_rt3d.room.room import Room


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


async def test_room_alone_is_answered_at_once(arbiter: Arbiter) -> None:
    """Nobody else listens for the word, so nothing is waited for."""
    kitchen, other = room("hey jarvis"), room("alexa")
    arbiter.enter(kitchen)
    arbiter.enter(other)
    loop = asyncio.get_running_loop()
    before = loop.time()
    assert await arbiter.async_wins(kitchen, "hey jarvis", 10.0)
    assert loop.time() - before < CONTEST_S / 2


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
    kitchen, hall = room("hey jarvis"), room("hey jarvis")
    arbiter.enter(kitchen)
    arbiter.enter(hall)
    assert await arbiter.async_wins(kitchen, "hey jarvis", 10.0)
    assert not await arbiter.async_wins(hall, "hey jarvis", 30.0)
    assert await arbiter.async_wins(kitchen, "hey jarvis", 10.0)


async def test_lost_room_is_no_rival(arbiter: Arbiter) -> None:
    """A room that is not connected takes no part; nor does one that has left."""
    kitchen, hall, bath = room("hey jarvis"), room("hey jarvis"), room("hey jarvis")
    for each in (kitchen, hall, bath):
        arbiter.enter(each)
    hall.set_connected(connected=False)
    arbiter.leave(bath)
    loop = asyncio.get_running_loop()
    before = loop.time()
    assert await arbiter.async_wins(kitchen, "hey jarvis", None)
    assert loop.time() - before < CONTEST_S / 2
    assert AFTER_S > CONTEST_S
