"""Characters that are written, not only drawn: who they are, and what they say without any model."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random
import re


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
    STORY = "story"
    BEYOND = "beyond"
    """Something was asked that only a model could answer, and there is none."""
    WELCOME_HOME = "welcome_home"
    CAN_YOU_HEAR = "can_you_hear"
    CAN_DO = "can_do"
    LIKES = "likes"
    ORIGIN = "origin"
    PRIVACY = "privacy"
    SAD = "sad"
    """The person is sad."""
    TIRED = "tired"
    HAPPY = "happy"
    BORED = "bored"
    LOVE = "love"
    SORRY = "sorry"
    INSULT = "insult"
    ACKNOWLEDGED = "acknowledged"
    """A word that wants no answer: “okay”."""
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

    def persona(self, name: str) -> str:
        """Return the character as a prompt tells it, with a few of its own lines; `name` is what it is called."""
        likes, flaw, talks = _LABELS.get(self.language, _LABELS["en"])
        examples = "\n".join(self.lines[moment][0] for moment in _EXAMPLES)
        text = (
            f"{self.story}\n\n{self.manner}\n{likes}: {self.likes}\n{flaw}: {self.flaw}"
            f"\n\n{talks}:\n{examples}"
        )
        return self.named(text, name)

    def named(self, text: str, name: str) -> str:
        """Return a text with the name that the owner gave in place of the written one."""
        return re.sub(rf"(?<!\w){re.escape(self.name)}(?!\w)", lambda _: name, text)


_LABELS = {
    "en": ("Likes", "Flaw", "This is how you talk"),
    "de": ("Mag", "Schwäche", "So sprichst du"),
}
_EXAMPLES = (
    Moment.GREETING_DAY, Moment.HOW_ARE_YOU, Moment.THANKS, Moment.COMPLIMENT, Moment.MISHEARD, Moment.TIRED,
)  # fmt: skip
"""Moments whose first line shows a model the voice."""
SAID = "{said}"
OWN_NAME = "{name}"
"""Stands where a line gives the name of whoever speaks it."""
_RECENT_SHARE = 0.6
"""Part of a moment's lines that must pass before one comes again."""


class Lines:
    """The lines of a character, chosen without near repeats."""

    def __init__(self, written: Written, random: Random, name: str | None = None) -> None:
        """Choose by a source of chance, which a test seeds; the lines give the name that is given."""
        self._written = written
        self._random = random
        self._name = name or written.name
        self._recent = {
            moment: deque[str](maxlen=max(1, int(len(lines) * _RECENT_SHARE)))
            for moment, lines in written.lines.items()
        }

    def line(self, moment: Moment) -> str:
        """Return a line for a moment that was not said lately."""
        lines, recent = self._written.lines[moment], self._recent[moment]
        fresh = [line for line in lines if line not in recent] or list(lines)
        chosen = self._random.choice(fresh)
        recent.append(chosen)
        return self._written.named(chosen, self._name)

    def dressed(self, answer: str, *, query: bool) -> str:
        """Return Home Assistant's own answer in this character's voice."""
        before, _, behind = self.line(Moment.TOLD if query else Moment.DONE).partition(SAID)
        answer = answer.strip()
        # Home Assistant writes no full stop, and the voice would run on.
        ended = f"{answer}." if behind and answer[-1:].isalnum() else answer
        return f"{before}{ended}{behind}".strip()

    def sequence(self, moment: Moment) -> tuple[str, ...]:
        """Return all lines of a moment in their order, for a scene."""
        return tuple(self._written.named(line, self._name) for line in self._written.lines[moment])


def greeting_at(hour: int) -> Moment:
    """Return which greeting fits an hour of the day (0…23)."""
    if 5 <= hour < 11:
        return Moment.GREETING_MORNING
    if 11 <= hour < 17:
        return Moment.GREETING_DAY
    return Moment.GREETING_EVENING if 17 <= hour < 23 else Moment.GREETING_NIGHT
