"""Relate another device's clock to ours by ping-pong (Cristian's algorithm)."""

from dataclasses import dataclass

PROBES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One question and answer: our times in ms, theirs in between."""

    sent_ms: float
    remote_ms: float
    received_ms: float

    @property
    def round_trip_ms(self) -> float:
        """Return how long the answer took."""
        return self.received_ms - self.sent_ms

    @property
    def offset_ms(self) -> float:
        """Return remote time minus our time, assuming both ways took as long."""
        return self.remote_ms - (self.sent_ms + self.received_ms) / 2


class RemoteClock:
    """Convert times of another device; the probe with the smallest round trip wins."""

    def __init__(self) -> None:
        """Start without knowing the offset."""
        self._probes: list[Probe] = []

    @property
    def known(self) -> bool:
        """Return whether at least one probe came back."""
        return bool(self._probes)

    @property
    def error_ms(self) -> float | None:
        """Return the largest possible error: half the best round trip."""
        return min((p.round_trip_ms for p in self._probes), default=0) / 2 if self.known else None

    def add(self, probe: Probe) -> None:
        """Take an answer; only the newest few count, so that drift is followed."""
        self._probes = [*self._probes, probe][-PROBES:]

    def ours(self, remote_ms: float) -> float:
        """Return our time for a time of the device."""
        if not self._probes:
            raise ValueError("The clock of the device was never asked")
        best = min(self._probes, key=lambda probe: probe.round_trip_ms)
        return remote_ms - best.offset_ms
