"""Speak with espeak-ng: every language, exact times, a voice like a robot's."""

import re
from typing import Final

from ..errors import UnknownVoiceError
from ..marks import Mark, Source, Spoken, close_stops_early, tidy, trim
from ..words import WordFinder, speakable
from .delivery import PLAIN, Delivery
from .espeak_library import EVENT_PHONEME, EVENT_WORD, EspeakEvent, EspeakLibrary
from .loudness import at_volume

_STRESS: Final = str.maketrans("", "", "ˈˌ'")
# "(en)" tells that the language changes within the text.
_LANGUAGE_SWITCH: Final = re.compile(r"\([^)]*\)?")


class EspeakEngine:
    """espeak-ng with the marks of its own phoneme events."""

    def __init__(self) -> None:
        """Load the library."""
        self._library = EspeakLibrary()

    def voices(self) -> list[tuple[str, str]]:
        """Return name and description of each voice."""
        return [(voice.name, voice.description) for voice in self._library.voices()]

    def speak(self, text: str, voice: str, delivery: Delivery = PLAIN) -> Spoken:
        """Return the sound of one segment and its marks."""
        if not self._library.set_voice(voice):
            raise UnknownVoiceError(f"espeak-ng has no voice named {voice!r}")
        self._library.set_delivery(rate=delivery.rate, pitch=delivery.pitch, spread=delivery.range)
        said = speakable(text)
        pcm, events = self._library.synthesize(said)
        rate_hz = self._library.rate_hz
        duration_ms = len(pcm) // 2 * 1000 // rate_hz
        marks = tidy(_marks(events, said, rate_hz, duration_ms), duration_ms)
        return trim(
            Spoken(
                rate_hz=rate_hz,
                pcm=at_volume(pcm, delivery.volume),
                marks=tuple(close_stops_early(marks)),
                source=Source.EXACT,
            )
        )


def _marks(events: list[EspeakEvent], text: str, rate_hz: int, duration_ms: int) -> list[Mark]:
    """Return a mark for each phoneme event, which lasts until the next one."""
    words = WordFinder(text)
    phonemes: list[tuple[int, str, int]] = []
    char = words.start_of(0)
    for event in events:
        if event.kind == EVENT_WORD and event.length:
            char = words.start_of(event.position)
        elif event.kind == EVENT_PHONEME:
            if event.phoneme.startswith("("):
                continue
            at_ms = event.sample * 1000 // rate_hz
            phonemes.append((at_ms, _LANGUAGE_SWITCH.sub("", event.phoneme), char))
    ends = [at_ms for at_ms, _, _ in phonemes[1:]] + [duration_ms]
    return [
        Mark(phoneme=phoneme.translate(_STRESS), start_ms=at_ms, end_ms=end_ms, char=char)
        for (at_ms, phoneme, char), end_ms in zip(phonemes, ends, strict=False)
    ]
