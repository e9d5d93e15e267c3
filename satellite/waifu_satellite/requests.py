"""What Home Assistant asks of the satellite: the events of its primary, taken apart."""

from collections.abc import Mapping
import logging
from typing import TYPE_CHECKING, Final

from wyoming.event import Event

from .recording import LONGEST_S
from .states import Trigger

if TYPE_CHECKING:
    from .satellite import Satellite

LOGGER = logging.getLogger(__name__)

type Data = Mapping[str, object]

LONGEST_WINDOW_S: Final = 60.0
LONGEST_TEST_S: Final = 600.0
# Errors that are nobody's fault: another satellite answers, or nothing was said.
QUIET_ERRORS: Final = frozenset({"duplicate_wake_up_detected", "stt-no-text-recognized"})


class Requests:
    """Takes the events of the primary; unknown ones are ignored."""

    def __init__(self, satellite: "Satellite") -> None:
        """Ask a satellite."""
        self._satellite = satellite

    def take(self, event: Event) -> None:
        """Do what an event asks for."""
        satellite = self._satellite
        match event.type:
            case "audio-start":
                satellite.intake.start(event)
            case "audio-chunk":
                satellite.intake.chunk(event)
            case "audio-stop":
                satellite.intake.stop()
            case "transcript" | "voice-stopped":
                satellite.note("heard", text=event.data.get("text"))
                satellite.tell(Trigger.HEARD)
            case "error":
                self._fail(event.data.get("code"))
            case "timer-started" | "timer-updated" | "timer-cancelled" | "timer-finished":
                satellite.timers.take(event)
            case "pause-satellite":
                satellite.tell(Trigger.PAUSE)
            case "user-event":
                data = event.data.get("data")
                data = data if isinstance(data, dict) else {}
                if event.data.get("name") == "wake-model":
                    satellite.choices.models.take(data, event.payload or b"")
                else:
                    self._take_own(event.data.get("name"), data)
            case _:
                LOGGER.debug("Ignored the event %s", event.type)

    def _fail(self, code: object) -> None:
        """Take a failed run."""
        LOGGER.info("Home Assistant reports an error (%s)", code)
        self._satellite.note("error", code=code)
        quiet = code in QUIET_ERRORS
        self._satellite.tell(Trigger.CANCELLED if quiet else Trigger.FAILED)

    def _take_own(self, name: object, data: Data) -> None:
        """Do what one of our own events asks for (contracts §4)."""
        satellite, turn_id = self._satellite, data.get("turn_id")
        turn_id = turn_id if isinstance(turn_id, str) else None
        ours = turn_id is None or turn_id == satellite.turn_id
        match name:
            case "turn":
                satellite.turn_id = turn_id
            case "reply-audio":
                satellite.turn_id = turn_id
                satellite.intake.expect(turn_id)
            case "run-ended" if ours:
                satellite.tell(Trigger.NO_REPLY)
            case "cancel" if ours:
                satellite.tell(Trigger.CANCELLED)
            case "listen":
                satellite.listen(_seconds(data, LONGEST_WINDOW_S))
            case _:
                self._take_control(name, data)

    def _take_control(self, name: object, data: Data) -> None:
        """Do what somebody chose or pressed in Home Assistant (contracts §4)."""
        satellite = self._satellite
        match name:
            case "press":
                satellite.press()
            case "stop":
                satellite.stop()
            case "identify":
                satellite.identify()
            case "configure":
                satellite.choices.change(data)
            case "record":
                satellite.recording.start(_seconds(data, LONGEST_S) or 0.0)
            case "sound-test":
                satellite.loopback.ask(satellite.state)
            case "wake-test":
                satellite.test_wake(_seconds(data, LONGEST_TEST_S) or 0.0)
            case _:
                LOGGER.debug("Ignored the user event %s", name)


def _seconds(data: Data, longest_s: float) -> float | None:
    """Return the seconds of an event, None where they make no sense."""
    seconds = data.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    return float(seconds) if 0 < seconds <= longest_s else None
