"""Tell systemd that the satellite hears (`Type=notify`, `WatchdogSec=`); a deaf one is restarted."""

from collections.abc import Mapping
import contextlib
import socket
from typing import Final

FEEDS_PER_PERIOD: Final = 4


class Watchdog:
    """Speaks systemd's notify protocol; without systemd it does nothing."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Take the socket and the period that systemd gave."""
        address = environment.get("NOTIFY_SOCKET", "")
        # A leading @ is an abstract socket.
        self._address = "\0" + address[1:] if address.startswith("@") else address
        period_us = environment.get("WATCHDOG_USEC", "")
        self._every_ms = int(period_us) / 1000 / FEEDS_PER_PERIOD if period_us.isdecimal() else 0.0
        self._fed_ms = float("-inf")

    def ready(self) -> None:
        """Say that the satellite listens."""
        self._send(b"READY=1")

    def feed(self, now_ms: float) -> None:
        """Say that audio came, as seldom as is enough."""
        if self._every_ms and now_ms - self._fed_ms >= self._every_ms:
            self._fed_ms = now_ms
            self._send(b"WATCHDOG=1")

    def stopping(self) -> None:
        """Say that the satellite ends because it was asked to."""
        self._send(b"STOPPING=1")

    def _send(self, message: bytes) -> None:
        """Send a datagram; a full or missing socket is no reason to stop."""
        if not self._address:
            return
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            sock.sendto(message, self._address)
