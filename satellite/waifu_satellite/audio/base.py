"""What a microphone and a loudspeaker are for the rest of the satellite."""

from collections.abc import Callable
from typing import Protocol

type Deliver = Callable[[bytes, float], None]
"""Takes one frame of microphone audio and the clock's ms at which its first sample was heard."""


class AudioError(Exception):
    """A sound device does not work; the message is one sentence for people."""


class AudioIn(Protocol):
    """A microphone."""

    async def run(self, deliver: Deliver) -> None:
        """Deliver frames of 20 ms until cancelled; raise AudioError when the device fails."""


class Source(Protocol):
    """Where a loudspeaker takes its samples from."""

    def pull(self, samples: int, at_ms: float | None) -> bytes:
        """Return the samples that will sound at `at_ms`; fewer than asked end the sound.

        None where the device has not said yet when it begins; it is told with a later pull.
        """


class AudioOut(Protocol):
    """A loudspeaker; 16 bit, mono."""

    @property
    def rate_hz(self) -> int:
        """Return the sample rate that `Source.pull` is asked in."""

    async def play(self, source: Source) -> None:
        """Play until the last sample has sounded; when cancelled, be silent at once."""

    async def close(self) -> None:
        """Let go of the device."""
