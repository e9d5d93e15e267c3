"""What lives as long as a config entry is loaded."""

from collections.abc import Callable
from dataclasses import dataclass, field

from homeassistant.core import CALLBACK_TYPE, callback

from .room.room import Room
from .voice.service import SpeechService


@dataclass(slots=True)
class CompanionRuntime:
    """The companion entry: it tells its platforms when characters changed."""

    listeners: list[Callable[[], None]] = field(default_factory=list)

    @callback
    def on_characters_changed(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call `listener` when a character was added, changed or removed."""
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    @callback
    def characters_changed(self) -> None:
        """Tell the platforms."""
        for listener in list(self.listeners):
            listener()


@dataclass(slots=True)
class SpeechRuntime:
    """A speech server entry."""

    server: SpeechService


@dataclass(slots=True)
class SatelliteRuntime:
    """A satellite entry."""

    host: str
    port: int
    key: bytes | None
    room: Room = field(default_factory=Room)


type Runtime = CompanionRuntime | SpeechRuntime | SatelliteRuntime
