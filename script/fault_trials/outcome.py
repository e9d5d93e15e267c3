"""What comes of a trial, and what it has to be."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from .home import Home

MOST_SIGN_S = 5.0
MOST_BACK_S = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a trial."""

    sign_s: float | None = None
    """From the fault to the first thing that the person sees or hears."""
    sign_is_elsewhere: str = ""
    """Whose own the sign is, where this trial does not see it."""
    back_s: float | None
    """From the part's return to a good turn: its first word, sound or listening."""
    experience: str
    """What the person has of it, in a sentence."""
    lost: str = ""
    figures: dict[str, float] = field(default_factory=dict)
    missed: str = ""
    """Which target of its own it missed."""

    @property
    def good(self) -> bool:
        """Return whether it is within the targets."""
        return (
            (
                bool(self.sign_is_elsewhere)
                or (self.sign_s is not None and self.sign_s <= MOST_SIGN_S)
            )
            and self.back_s is not None
            and self.back_s <= MOST_BACK_S
            and not self.lost
            and not self.missed
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A fault, and what is done about it."""

    run: Callable[[Home], Awaitable[Outcome]]
    kills: bool = False
    """Whether a program is killed by it, so that it can't be weighed across this trial."""
    once: bool = False
    """Whether it is for one round only."""
    clocks: bool = False
    """Whether it sets a clock, which makes the programs slower: such a trial has a home of its own."""
    missing: Callable[[Home], str | None] = lambda _home: None
    """Return why it can't be tried on this machine."""
