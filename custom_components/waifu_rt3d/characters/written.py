"""Characters that are written, not only drawn: who they are, and what they say without any model."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Moment(StrEnum):
    """An occasion that a character has words for."""

    GREETING_MORNING = "greeting_morning"
    GREETING_DAY = "greeting_day"
    GREETING_EVENING = "greeting_evening"
    GREETING_NIGHT = "greeting_night"
    WOKEN = "woken"
    MISHEARD = "misheard"
    DONE = "done"
    """Something was done; `{said}` is Home Assistant's own answer."""
    TOLD = "told"
    """Something was asked; `{said}` is Home Assistant's own answer."""
    REFUSED = "refused"
    WAITING = "waiting"
    OFFLINE = "offline"
    TIMER = "timer"
    GOOD_NIGHT = "good_night"
    GOODBYE = "goodbye"
    THANKS = "thanks"
    COMPLIMENT = "compliment"
    HOW_ARE_YOU = "how_are_you"
    WHO_ARE_YOU = "who_are_you"
    ARE_YOU_AI = "are_you_ai"
    JOKE = "joke"
    STOP = "stop"
    """The person wants silence, and gets it."""
    FIRST_MEETING = "first_meeting"
    """The first words ever, in their order: looks round, gives the name, asks for theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A written character in one language. Lines are markup: tags become cues."""

    name: str
    language: str
    story: str
    manner: str
    likes: str
    flaw: str
    lines: Mapping[Moment, tuple[str, ...]]

    @property
    def persona(self) -> str:
        """Return the character as a prompt tells it."""
        return f"{self.story}\n{self.manner}\n{self.likes}\n{self.flaw}"


SAID = "{said}"
_RECENT_SHARE = 0.6
"""Part of a moment's lines that must pass before one comes again."""


class Lines:
    """The lines of a character, chosen without near repeats."""

    def __init__(self, written: Written, random: Random) -> None:
        """Choose by a source of chance, which a test seeds."""
        self._written = written
        self._random = random
        self._recent = {
            moment: deque[str](maxlen=max(1, int(len(lines) * _RECENT_SHARE)))
            for moment, lines in written.lines.items()
        }

    @property
    def written(self) -> Written:
        """Return whose lines these are."""
        return self._written

    def line(self, moment: Moment) -> str:
        """Return a line for a moment that was not said lately."""
        lines, recent = self._written.lines[moment], self._recent[moment]
        fresh = [line for line in lines if line not in recent] or list(lines)
        chosen = self._random.choice(fresh)
        recent.append(chosen)
        return chosen

    def dressed(self, answer: str, *, query: bool) -> str:
        """Return Home Assistant's own answer in this character's voice."""
        line = self.line(Moment.TOLD if query else Moment.DONE)
        return line.replace(SAID, answer.strip()).strip()

    def sequence(self, moment: Moment) -> tuple[str, ...]:
        """Return all lines of a moment in their order, for a scene."""
        return self._written.lines[moment]


def greeting_at(hour: int) -> Moment:
    """Return which greeting fits an hour of the day (0…23)."""
    if 5 <= hour < 11:
        return Moment.GREETING_MORNING
    if 11 <= hour < 17:
        return Moment.GREETING_DAY
    return Moment.GREETING_EVENING if 17 <= hour < 23 else Moment.GREETING_NIGHT
