"""An event loop whose hours take no time."""

import asyncio
import selectors
from typing import override


class _SkippingSelector(selectors.DefaultSelector):
    """A selector that moves the loop's time instead of waiting for it."""

    loop: "VirtualLoop"

    @override
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready now; else let the time pass."""
        ready = super().select(0)
        if ready:
            return ready
        if timeout is None:
            raise RuntimeError("Nothing is left that could ever happen")
        self.loop.now_s += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose hours take no time."""

    def __init__(self) -> None:
        selector = _SkippingSelector()
        selector.loop = self
        self.now_s = 1_000.0
        super().__init__(selector)

    @override
    def time(self) -> float:
        """Return the virtual time."""
        return self.now_s
