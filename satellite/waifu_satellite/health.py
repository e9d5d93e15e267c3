"""How the satellite does: what Home Assistant shows as its diagnostics."""

from collections.abc import Callable
from pathlib import Path
import resource
from typing import Final

from .clock import Clock

THERMAL: Final = Path("/sys/class/thermal/thermal_zone0/temp")
STATUS: Final = Path("/proc/self/statm")
PAGE_BYTES: Final = resource.getpagesize()
# A frame that is later than this was lost, or the machine had no time for it.
GAP_MS: Final = 60.0


class Health:
    """Counters since the start, and figures since they were last told."""

    def __init__(self, clock: Clock) -> None:
        """Start counting."""
        self.refused: Callable[[], dict[str, object]] = dict
        """Tells how many came of late without the right key."""
        self._clock = clock
        self._connections = 0
        self._gaps = 0
        self._best_score = 0.0
        self._snr_db: float | None = None
        self._last_ms: float | None = None
        self._told_ms = clock.now_ms()
        self._told_cpu_s = _cpu_s()

    def connected(self) -> None:
        """Count a connection."""
        self._connections += 1

    def frame(self, at_ms: float) -> None:
        """Take when a frame was heard; one that is late is a gap."""
        if self._last_ms is not None and at_ms - self._last_ms > GAP_MS:
            self._gaps += 1
        self._last_ms = at_ms

    def reopened(self) -> None:
        """Take that the microphone was closed: no gap."""
        self._last_ms = None

    def woken(self, score: float, snr_db: float | None) -> None:
        """Take how sure a wake word was, and how far above the room."""
        self._best_score, self._snr_db = score, snr_db

    def tell(self) -> dict[str, object]:
        """Return the figures and begin anew with those that are shares."""
        now_ms, cpu_s = self._clock.now_ms(), _cpu_s()
        passed_s = max(1e-3, (now_ms - self._told_ms) / 1000)
        share = (cpu_s - self._told_cpu_s) / passed_s
        self._told_ms, self._told_cpu_s = now_ms, cpu_s
        return {
            "wake_score": round(self._best_score, 3),
            "snr_db": None if self._snr_db is None else round(self._snr_db, 1),
            "gaps": self._gaps,
            "reconnects": max(0, self._connections - 1),
            "cpu_percent": round(100 * share, 1),
            "rss_mb": _rss_mb(),
            "temperature_c": _temperature_c(),
            "refused": self.refused(),
        }


def _cpu_s() -> float:
    """Return the processor time of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _rss_mb() -> float | None:
    """Return the memory of this process."""
    try:
        return round(int(STATUS.read_text().split()[1]) * PAGE_BYTES / 2**20, 1)
    except (OSError, ValueError, IndexError):
        return None


def _temperature_c() -> float | None:
    """Return the processor's temperature where the machine tells it."""
    try:
        return round(int(THERMAL.read_text()) / 1000, 1)
    except (OSError, ValueError):
        return None
