"""What a satellite says of its own loudspeaker and microphone."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundTest:
    """What a satellite heard of itself (contracts §4: `sound-test`); levels in dB of full scale."""

    state: str
    """`done`, or why nothing could be heard: `muted`, `deaf`, `busy`."""
    device: bool = True
    """There is a real microphone, no file."""
    noise_db: float = 0.0
    """The room without the test sound."""
    level_db: float = 0.0
    """The room with it."""
    match: float = 0.0
    """How alike what was heard is to what was played, 0…1."""
    delay_ms: float = 0.0


def read_sound_test(data: dict[str, Any]) -> SoundTest:
    """Read what a satellite said. Raises KeyError, TypeError or ValueError where that makes no sense."""
    numbers = ("noise_db", "level_db", "match", "delay_ms")
    return SoundTest(
        state=str(data["state"]),
        device=bool(data.get("device", True)),
        **{name: float(data[name]) for name in numbers if name in data},
    )
