"""The wall clock of a program, which can be set while it runs (libfaketime; Debian: `faketime`).

The monotonic clock goes on as it does when a machine's time is set.
"""

from pathlib import Path

_LIBRARIES = tuple(
    path
    for folder in ("lib/*/faketime", "lib64/faketime", "lib/faketime", "local/lib/faketime")
    for path in Path("/usr").glob(f"{folder}/libfaketimeMT.so.1")
)
HOUR_S = 3600
DAY_S = 24 * HOUR_S


class WallClock:
    """What a program takes for the time of day."""

    def __init__(self, path: Path) -> None:
        """Begin with the true time; the program reads the file whenever it looks at the clock."""
        self._path = path
        self.set(0)

    @property
    def missing(self) -> str | None:
        """Return why it can't be set."""
        return None if _LIBRARIES else "libfaketime is not here: apt install faketime"

    @property
    def environment(self) -> dict[str, str]:
        """Return what a program has to be started with."""
        if not _LIBRARIES:
            return {}
        return {
            "LD_PRELOAD": str(_LIBRARIES[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._path),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # what a file is dated with stays true: Python looks for changed sources by it
            "NO_FAKE_STAT": "1",
        }

    def set(self, ahead_s: int) -> None:
        """Let the clock be so far ahead of the true time from now on."""
        draft = self._path.with_suffix(".part")
        draft.write_text(f"{ahead_s:+d}\n")
        draft.replace(self._path)
