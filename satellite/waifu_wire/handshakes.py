"""Remember failed handshakes, so that nobody can try pairing keys all day."""

from collections import OrderedDict
from typing import Final

ALLOWED_FAILURES: Final = 5
WINDOW_S: Final = 60.0
TOLD_S: Final = 3600.0
MAX_PEERS: Final = 1024


class FailedHandshakes:
    """Failures by address; after a few an address waits until the minute is over."""

    def __init__(self) -> None:
        """Start with nothing remembered."""
        self._failures: OrderedDict[str, list[float]] = OrderedDict()
        self._refused: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def blocked(self, peer: str, now_s: float) -> bool:
        """Return whether the address failed too often within the last minute."""
        return len(self._recent(peer, now_s)) >= ALLOWED_FAILURES

    def add(self, peer: str, now_s: float) -> bool:
        """Count a failure; return whether it is the first for a while and worth a log line."""
        recent = self._recent(peer, now_s)
        _keep(self._failures, peer, [*recent, now_s])
        self.turned_away(peer, now_s)
        return not recent

    def turned_away(self, peer: str, now_s: float) -> None:
        """Count an attempt of an address, whether it was heard or not."""
        count, last_s = self._refused.get(peer, (0, now_s))
        _keep(self._refused, peer, ((count if now_s - last_s < TOLD_S else 0) + 1, now_s))

    def forget(self, peer: str) -> None:
        """Clear an address that showed the right key."""
        self._failures.pop(peer, None)
        self._refused.pop(peer, None)

    def tell(self, now_s: float) -> dict[str, object]:
        """Return what the owner is told: `attempts` refused of late, `from` the newest address.

        An address counts until it has been silent for an hour, or shows the right key.
        """
        late = {peer: one for peer, one in self._refused.items() if now_s - one[1] < TOLD_S}
        newest = max(late, key=lambda peer: late[peer][1], default=None)
        return {"attempts": sum(count for count, _ in late.values()), "from": newest}

    def _recent(self, peer: str, now_s: float) -> list[float]:
        """Return the times of the address's failures within the window."""
        return [at for at in self._failures.get(peer, []) if now_s - at < WINDOW_S]


def _keep[T](known: OrderedDict[str, T], peer: str, value: T) -> None:
    """Remember something of an address as the newest; the oldest goes when there are too many."""
    known[peer] = value
    known.move_to_end(peer)
    if len(known) > MAX_PEERS:
        known.popitem(last=False)
