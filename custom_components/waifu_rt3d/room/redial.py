"""When a satellite that is lost is dialled again: soon, and not for ever as often as at first."""

from random import Random

FIRST_WAIT_S = 0.25
SOON_EVERY_S = 0.5
SOON_FOR_S = 60.0
"""A cable, a restart, a router: most satellites are back within a minute."""
LATE_EVERY_S = (1.5, 2.0)
"""Then between these, so that the rooms of one router do not all dial at once for ever. A room hears again
within three seconds of its satellite's return, however long that was away; a handshake is a part of it."""
STEADY_S = 10.0
"""A connection that breaks sooner has not ended the trouble."""


class Redial:
    """Know for how long a satellite has been lost; times are seconds of a clock that nobody sets."""

    def __init__(self, random: Random | None = None) -> None:
        """Begin with a satellite that has not been dialled; `random` spreads the dials."""
        self._random = random or Random()
        self._dialled_s = 0.0
        self._connected_s: float | None = None
        self._troubled_s: float | None = None

    def dialling(self, now_s: float) -> None:
        """Take that a dial begins."""
        self._dialled_s = now_s
        self._connected_s = None
        if self._troubled_s is None:
            self._troubled_s = now_s

    def connected(self, now_s: float) -> None:
        """Take that the satellite has answered."""
        self._connected_s = now_s

    def was_steady(self, now_s: float) -> bool:
        """Return whether the connection that has ended now had lasted, so that its loss is news."""
        return self._connected_s is not None and now_s - self._connected_s >= STEADY_S

    def wait_s(self, now_s: float) -> float:
        """Return how long to wait before the next dial, after one that failed or has ended.

        Dials are counted from the beginning of one to that of the next: one that nobody answers has taken
        long enough, one that is refused at once has not.
        """
        if self.was_steady(now_s):
            self._troubled_s = None
            return FIRST_WAIT_S
        troubled_s = now_s - (now_s if self._troubled_s is None else self._troubled_s)
        every_s = SOON_EVERY_S if troubled_s < SOON_FOR_S else self._random.uniform(*LATE_EVERY_S)
        return max(FIRST_WAIT_S, every_s - (now_s - self._dialled_s))
