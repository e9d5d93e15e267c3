"""Which channels of a device are heard: its microphone, and what it plays itself."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """The first channel is the microphone; another may carry what the device plays (loopback)."""

    reference: int | None = None
    on_reference: Callable[[bytes], None] = lambda _pcm: None
    """Gets the loopback of each frame just before the frame is delivered."""

    @property
    def count(self) -> int:
        """Return with how many channels the device is opened."""
        return 1 if self.reference is None else self.reference + 1

    def split(self, pcm: bytes) -> bytes:
        """Return the microphone of an interleaved frame and pass the loopback on."""
        if self.reference is None:
            return pcm
        samples = np.frombuffer(pcm, dtype="<i2").reshape(-1, self.count)
        self.on_reference(samples[:, self.reference].tobytes())
        return samples[:, 0].tobytes()


MONO = Channels()
