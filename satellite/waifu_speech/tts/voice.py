"""What every text-to-speech engine does: the seam for more of them."""

from typing import Protocol

from ..marks import Spoken
from .delivery import PLAIN, Delivery


class Engine(Protocol):
    """An engine in a process of its own, so it may block and need not be thread-safe."""

    def voices(self) -> list[tuple[str, str]]:
        """Return name and description of each installed voice."""
        ...

    def speak(self, text: str, voice: str, delivery: Delivery = PLAIN) -> Spoken:
        """Return the sound of one segment and its marks; `char` counts from its start."""
        ...
