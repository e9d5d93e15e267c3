"""Tells Home Assistant where a sound is, so that the mouth moves with it (contracts §4)."""

from collections.abc import Callable

from wyoming.event import Event

from . import protocol
from .player import Ended, Report, Started

type Tell = Callable[[str, dict[str, object]], None]


def send_report(report: Report, send: Callable[[Event], None], note: Tell) -> None:
    """Send start, position or end of a stream, and note the first and the last."""
    sound, place = report.sound, report.place
    if isinstance(report, Started):
        send(protocol.playback_started(sound.turn_id, place))
        note("playback_started", {"turn_id": sound.turn_id, "at_ms": place.at_ms})
    elif isinstance(report, Ended):
        send(protocol.playback_stopped(sound.turn_id, place, report.reason))
        send(protocol.played())
        note(
            "playback_stopped",
            {
                "turn_id": sound.turn_id,
                "reason": report.reason.value,
                "audio_ms": place.audio_ms,
            },
        )
    else:
        send(protocol.playback_position(sound.turn_id, place))
