"""One clock for all that has to fit together: milliseconds since 1970 that never jump.

A wall clock is set while it runs (a machine without a battery after its start, a guest of a machine that
slept). What a page or a satellite once knew of it would then be off by as much, and the mouth with it.
"""

import time

_AHEAD_MS = (time.time() - time.monotonic()) * 1000


def epoch_ms() -> float:
    """Return the ms since 1970 as they were known at the start, and went on since."""
    return _AHEAD_MS + time.monotonic() * 1000


def wall_ms(at_epoch_ms: float) -> float:
    """Return what the wall clock, as it is set now, calls a time of `epoch_ms`."""
    return at_epoch_ms + time.time() * 1000 - epoch_ms()
