"""The wall clock of a program, which can be set while it runs (libfaketime; Debian: `faketime`).

The monotonic clock goes on as it does when a machine's time is set.
"""

import asyncio
from pathlib import Path

_LIBRARIES = tuple(
    path
    for folder in ("lib/*/faketime", "lib64/faketime", "lib/faketime", "local/lib/faketime")
    for path in Path("/usr").glob(f"{folder}/libfaketimeMT.so.1")
)
_CACHED_S = 1
"""What the library keeps so long it reads anew in the second after that."""
HOUR_S = 3600
DAY_S = 24 * HOUR_S


class WallClock:
    """What a program takes for the time of day."""

    def __init__(self, path: Path, *, can_be_set: bool) -> None:
        """Begin with the true time; only where it can be set the program pays for that."""
        self._path = path
        self._can_be_set = can_be_set
        self._write(0)

    @property
    def missing(self) -> str | None:
        """Return why it can't be set."""
        return None if _LIBRARIES else "libfaketime is not here: apt install faketime"

    @property
    def environment(self) -> dict[str, str]:
        """Return what a program has to be started with."""
        if not _LIBRARIES or not self._can_be_set:
            return {}
        return {
            "LD_PRELOAD": str(_LIBRARIES[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._path),
            # read anew each time, it would cost a program most of its time
            "FAKETIME_CACHE_DURATION": str(_CACHED_S),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # what a file is dated with stays true: Python looks for changed sources by it
            "NO_FAKE_STAT": "1",
        }

    async def set(self, ahead_s: int) -> None:
        """Let the clock be so far ahead of the true time; return when the program knows it."""
        self._write(ahead_s)
        await asyncio.sleep(2 * _CACHED_S + 0.1)

    def _write(self, ahead_s: int) -> None:
        """Write the file that the program reads."""
        draft = self._path.with_suffix(".part")
        draft.write_text(f"{ahead_s:+d}\n")
        draft.replace(self._path)
