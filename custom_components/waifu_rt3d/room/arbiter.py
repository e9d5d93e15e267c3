"""Which room answers when several hear the same wake word: the one that hears it best."""

import asyncio
from dataclasses import dataclass, field

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from .room import Room

CONTEST_S = 0.15
AFTER_S = 0.7
"""Whoever hears the word so long after the others has heard the same word late."""


@dataclass(slots=True)
class _Contest:
    """One wake word that was heard in several rooms."""

    decided: asyncio.Future[None]
    at_ms: float | None
    """When it was heard first, by a satellite's own clock."""
    heard: dict[int, float] = field(default_factory=dict)
    """How well each room heard it (dB), by the room's identity."""
    ended_s: float | None = None

    @property
    def winner(self) -> int:
        """Return the room that heard it best; of equals the first."""
        return max(self.heard, key=self.heard.__getitem__)


class Arbiter:
    """The judge of the house. Core's own would refuse every second wake for two seconds."""

    def __init__(self) -> None:
        """Start without rooms."""
        self._rooms: list[Room] = []
        self._contests: dict[str, _Contest] = {}

    @callback
    def enter(self, room: Room) -> None:
        """Take part."""
        self._rooms.append(room)

    @callback
    def leave(self, room: Room) -> None:
        """Take part no more."""
        self._rooms.remove(room)

    async def async_wins(
        self, room: Room, phrase: str | None, snr_db: float | None, at_ms: float | None = None
    ) -> bool:
        """Return whether a room answers a wake word; asked at once where nobody else listens.

        `at_ms` is when the satellite heard it, on a clock that all rooms share: what a busy house
        reads late was not said late.
        """
        if phrase is None or not self._rivals(room, phrase):
            return True
        loop = asyncio.get_running_loop()
        contest = self._contests.get(phrase)
        if contest is not None and contest.ended_s is not None:
            if contest.winner != id(room) and _is_same(contest, contest.ended_s, at_ms):
                return False
            contest = None
        if contest is None:
            contest = self._contests[phrase] = _Contest(loop.create_future(), at_ms)
            loop.call_later(CONTEST_S, self._decide, contest)
        contest.heard[id(room)] = float("-inf") if snr_db is None else snr_db
        await asyncio.shield(contest.decided)
        return contest.winner == id(room)

    def _rivals(self, room: Room, phrase: str) -> list[Room]:
        """Return the other rooms that listen for a phrase now."""
        return [
            other
            for other in self._rooms
            if other is not room and other.connected and phrase in other.active_phrases
        ]

    @callback
    def _decide(self, contest: _Contest) -> None:
        """End a contest."""
        contest.ended_s = asyncio.get_running_loop().time()
        contest.decided.set_result(None)


def _is_same(contest: _Contest, ended_s: float, at_ms: float | None) -> bool:
    """Return whether a word is the one of a contest that has ended, heard late."""
    if at_ms is not None and contest.at_ms is not None:
        return abs(at_ms - contest.at_ms) < (CONTEST_S + AFTER_S) * 1000
    return asyncio.get_running_loop().time() - ended_s < AFTER_S


_ARBITER: HassKey[Arbiter] = HassKey(f"{DOMAIN}_arbiter")


@callback
def arbiter_of(hass: HomeAssistant) -> Arbiter:
    """Return the judge of the house."""
    return hass.data.setdefault(_ARBITER, Arbiter())
