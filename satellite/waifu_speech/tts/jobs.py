"""What a voice's worker process does with events, and how the server reads its answers."""

from typing import Any

from wyoming.event import Event

from ..marks import Mark, Source, Spoken
from ..worker import split_payload
from .delivery import read_delivery
from .voice import Engine


class VoiceJobs:
    """Answer `speak` with the sound of one segment."""

    def __init__(self, engine: Engine) -> None:
        """Take a loaded engine."""
        self._engine = engine

    def handle(self, event: Event) -> list[Event]:
        """Return the answers to one event."""
        if event.type == "voices":
            return [Event("voices", {"voices": self._engine.voices()})]
        delivery = read_delivery(event.data.get("delivery") or {})
        spoken = self._engine.speak(event.data["text"], event.data["voice"], delivery)
        return encode_spoken(spoken)


class EspeakJobs(VoiceJobs):
    """Speak with espeak-ng."""

    def __init__(self) -> None:
        """Load the engine."""
        from .espeak import EspeakEngine  # noqa: PLC0415 - only this worker needs it

        super().__init__(EspeakEngine())


class FliteJobs(VoiceJobs):
    """Speak with flite."""

    def __init__(self) -> None:
        """Load the engine."""
        from .flite import FliteEngine  # noqa: PLC0415 - only this worker needs it

        super().__init__(FliteEngine())


def encode_spoken(spoken: Spoken) -> list[Event]:
    """Return a segment as events: what it is, then its sound in pieces."""
    pieces = split_payload(spoken.pcm)
    head = Event(
        "spoken",
        {
            "rate_hz": spoken.rate_hz,
            "source": spoken.source,
            "marks": [[m.phoneme, m.start_ms, m.end_ms, m.char] for m in spoken.marks],
            "pieces": len(pieces),
        },
    )
    return [head, *(Event("pcm", payload=piece) for piece in pieces)]


def decode_spoken(data: dict[str, Any], pcm: bytes) -> Spoken:
    """Return the segment that a worker sent."""
    return Spoken(
        rate_hz=data["rate_hz"],
        pcm=pcm,
        marks=tuple(
            Mark(phoneme=phoneme, start_ms=start_ms, end_ms=end_ms, char=char)
            for phoneme, start_ms, end_ms, char in data["marks"]
        ),
        source=Source(data["source"]),
    )
