"""Let the event loop have the interpreter while a thread computes for long.

Python runs one thread at a time. Who waits for its turn gets it only after 5 ms
(`sys.getswitchinterval`), and each time anew that it looks at its sockets: a loop that has to do so
twice stands still for more than 10 ms beside a thread that computes without a pause.
"""

import time

_WORK_S = 0.001
# Long enough that a thread which waits wakes up and takes its turn: to let go for no time at all
# only makes it wait anew.
_PAUSE_S = 0.0001


class Pauses:
    """Take a short pause now and then in a computation of one thread."""

    def __init__(self) -> None:
        """Begin to work."""
        self._next = time.perf_counter() + _WORK_S

    def take(self) -> None:
        """Let others go on if there was no pause for a while; call it each millisecond or so."""
        if time.perf_counter() >= self._next:
            time.sleep(_PAUSE_S)
            self._next = time.perf_counter() + _WORK_S
