"""Remember failed handshakes, so that nobody can try pairing keys all day."""

from collections import OrderedDict
from typing import Final

ALLOWED_FAILURES: Final = 5
WINDOW_S: Final = 60.0
MAX_PEERS: Final = 1024


class FailedHandshakes:
    """Failures by address; after a few an address waits until the minute is over."""

    def __init__(self) -> None:
        """Start with nothing remembered."""
        self._failures: OrderedDict[str, list[float]] = OrderedDict()

    def blocked(self, peer: str, now_s: float) -> bool:
        """Return whether the address failed too often within the last minute."""
        return len(self._recent(peer, now_s)) >= ALLOWED_FAILURES

    def add(self, peer: str, now_s: float) -> bool:
        """Count a failure; return whether it is the first for a while and worth a log line."""
        recent = self._recent(peer, now_s)
        self._failures[peer] = [*recent, now_s]
        self._failures.move_to_end(peer)
        if len(self._failures) > MAX_PEERS:
            self._failures.popitem(last=False)
        return not recent

    def forget(self, peer: str) -> None:
        """Clear an address that showed the right key."""
        self._failures.pop(peer, None)

    def _recent(self, peer: str, now_s: float) -> list[float]:
        """Return the times of the address's failures within the window."""
        return [at for at in self._failures.get(peer, []) if now_s - at < WINDOW_S]
