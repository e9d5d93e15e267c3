"""Phoneme times of sentences that were spoken before.

Core keeps the sound of short replies and does not ask our voice again; their mouth is kept here.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence

from .timeline import SpeechMarks

KEPT_REPLIES = 200


class KnownMarks:
    """Remember the marks of the newest replies, by engine and text."""

    def __init__(self) -> None:
        """Start with none."""
        self._kept: OrderedDict[tuple[str, str], tuple[SpeechMarks, ...]] = OrderedDict()

    def keep(self, engine: str, marks: Sequence[SpeechMarks]) -> None:
        """Keep the marks of one reply."""
        if not marks:
            return
        key = (engine, _text(marks))
        self._kept[key] = tuple(marks)
        self._kept.move_to_end(key)
        while len(self._kept) > KEPT_REPLIES:
            self._kept.popitem(last=False)

    def find(self, engine: str, text: str) -> tuple[SpeechMarks, ...]:
        """Return the marks of a reply, none if it was not spoken by this engine."""
        return self._kept.get((engine, text.strip()), ())

    def forget(self, texts: Iterable[str]) -> None:
        """Drop the marks of replies that are forgotten."""
        gone = {text.strip() for text in texts}
        for key in [key for key in self._kept if key[1] in gone]:
            del self._kept[key]


def _text(marks: Sequence[SpeechMarks]) -> str:
    """Return the text that the marks belong to."""
    return "".join(spoken.text for spoken in marks).strip()
