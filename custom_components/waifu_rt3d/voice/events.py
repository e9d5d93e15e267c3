"""Wyoming's `user-event`, which carries what only our parts know (contracts §1 to §4)."""

from wyoming.event import Event

from ..stage.timeline import Source, SpeechMarks
from ..stage.visemes import Mark
from .connection import WireError


def user_event(name: str, data: dict[str, object]) -> Event:
    """Return a Wyoming `user-event`; clients that don't know its name ignore it."""
    return Event(type="user-event", data={"name": name, "data": data})


def read_user_event(event: Event, name: str) -> dict[str, object] | None:
    """Return the data of a `user-event` with this name."""
    if event.type != "user-event" or event.data.get("name") != name:
        return None
    data = event.data.get("data")
    return data if isinstance(data, dict) else {}


def parse_marks(data: dict[str, object]) -> SpeechMarks:
    """Read the data of a `speech-marks` event; raises WireError when it is not after the contract."""
    try:
        return SpeechMarks(
            text=str(data["text"]),
            offset=int(data["offset"]),  # type: ignore[call-overload] # checked by int itself
            start_ms=int(data["start_ms"]),  # type: ignore[call-overload] # likewise
            end_ms=int(data["end_ms"]),  # type: ignore[call-overload] # likewise
            marks=tuple(
                Mark(
                    phoneme=str(mark["phoneme"]),
                    start_ms=int(mark["start_ms"]),
                    end_ms=int(mark["end_ms"]),
                    char=int(mark["char"]),
                )
                for mark in data["marks"]  # type: ignore[attr-defined] # checked by the loop itself
            ),
            source=Source(str(data["source"])),
        )
    except (KeyError, TypeError, ValueError) as err:
        raise WireError("The speech server sent marks that can't be read") from err
