"""What a satellite is made of, and what it tells other programs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .audio.base import AudioIn, AudioOut
from .clock import Clock
from .echo.canceller import Echo
from .hearing.endpoint import Endpointer
from .link import Transport
from .timers import Timers
from .wake.base import Listener, Wake
from .wake.words import WakeWords
from .watchdog import Watchdog


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a satellite is made of; a test brings its own."""

    clock: Clock
    audio_in: AudioIn
    audio_out: AudioOut
    endpointer: Endpointer
    transport: Transport
    timers: Timers
    watchdog: Watchdog
    echo: Echo = field(default_factory=lambda: Echo(None))
    wake: WakeWords | None = None
    stop_word: Callable[[Callable[[Wake], None]], Listener] | None = None
    """Makes what listens for a stop word while she speaks, given whom to call."""
    recordings: Path | None = None
    """The folder for the files of the debug switch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something worth telling other programs on this machine (control socket)."""

    kind: str
    at_ms: float
    data: dict[str, object] = field(default_factory=dict)
