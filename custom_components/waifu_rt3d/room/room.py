"""What is known of a room's satellite, for all its entities."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.exceptions import HomeAssistantError
from wyoming.event import Event

from ..const import DOMAIN, LOGGER
from ..voice.connection import WireError
from ..voice.events import user_event
from .link import SatelliteLink
from .sound_test import SoundTest, read_sound_test


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeWord:
    """A word that a satellite could listen for (contracts §4: `settings`)."""

    name: str
    phrase: str
    engine: str
    licence: str
    active: bool
    threshold: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingState:
    """Whether a satellite keeps sound as a file just now (contracts §4: `recording`)."""

    on: bool = False
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtModel:
    """What became of a wake word model that was brought (contracts §4: `wake-model`)."""

    name: str
    error: str | None


class Room:
    """The satellite's last words about itself, and the way to ask something of it."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self.link: SatelliteLink | None = None
        self.connected = False
        self.state = "idle"
        self.settings: dict[str, Any] = {}
        self.stats: dict[str, Any] = {}
        self.scores: dict[str, float] = {}
        self.level_db: float | None = None
        self.sound_test: SoundTest | None = None
        self.recording = RecordingState()
        self.wake_model: BroughtModel | None = None
        self.wake_words: tuple[WakeWord, ...] = ()
        self._listeners: list[Callable[[], None]] = []

    @property
    def active_phrases(self) -> set[str]:
        """Return what the satellite listens for, as it is said."""
        return {word.phrase for word in self.wake_words if word.active}

    def word(self, name: str | None) -> WakeWord | None:
        """Return a wake word by its name."""
        return next((word for word in self.wake_words if word.name == name), None)

    @callback
    def on_change(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call `listener` when something is known anew."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def set_connected(self, *, connected: bool) -> None:
        """Take that the satellite came or went."""
        self.connected = connected
        self._changed()

    @callback
    def take(self, name: str, data: dict[str, Any]) -> None:
        """Take what the satellite says of itself; what makes no sense is dropped."""
        try:
            self._take(name, data)
        except (AttributeError, KeyError, TypeError, ValueError) as err:
            LOGGER.debug("A satellite's %s makes no sense: %r", name, err)
            return
        self._changed()

    async def async_send(self, name: str, data: dict[str, object] | None = None) -> None:
        """Ask something of the satellite. Raises HomeAssistantError when it is not there."""
        await self.async_send_event(user_event(name, data or {}))

    async def async_send_event(self, event: Event) -> None:
        """Send an event. Raises HomeAssistantError when the satellite is not there."""
        lost = HomeAssistantError(translation_domain=DOMAIN, translation_key="satellite_lost")
        if self.link is None:
            raise lost
        try:
            await self.link.send(event)
        except WireError as err:
            raise lost from err

    def _take(self, name: str, data: dict[str, Any]) -> None:
        """Take one report."""
        match name:
            case "state":
                self.state = str(data["state"])
            case "settings":
                self.wake_words = tuple(_wake_word(word) for word in data["wake_words"])
                self.settings = data
            case "stats":
                self.stats = data
            case "scores":
                self.scores = {str(word): float(score) for word, score in data["scores"].items()}
                self.level_db = data["level_db"]
            case "wake-model":
                error = data["error"]
                self.wake_model = BroughtModel(
                    name=str(data["name"]), error=str(error) if error else None
                )
            case "recording":
                error = data["error"]
                self.recording = RecordingState(
                    on=float(data["seconds_left"]) > 0, error=str(error) if error else None
                )
            case "sound-test":
                self.sound_test = read_sound_test(data)

    def _changed(self) -> None:
        """Tell the entities."""
        for listener in list(self._listeners):
            listener()


def _wake_word(data: dict[str, Any]) -> WakeWord:
    """Read a wake word."""
    return WakeWord(
        name=str(data["name"]),
        phrase=str(data["phrase"]),
        engine=str(data["engine"]),
        licence=str(data["licence"]),
        active=bool(data["active"]),
        threshold=float(data["threshold"]),
    )
