"""Phoneme times of sentences that were spoken before.

Core keeps the sound of short replies and does not ask our voice again; their mouth is kept here.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence

from .timeline import SpeechMarks

KEPT_REPLIES = 200


type How = tuple[str | None, ...]
"""Language, voice and feelings: the same words said in another way have other times."""


class KnownMarks:
    """Remember the marks of the newest replies, by engine, text and how it was said."""

    def __init__(self) -> None:
        """Start with none."""
        self._kept: OrderedDict[tuple[str, str, How], tuple[SpeechMarks, ...]] = OrderedDict()

    def keep(self, engine: str, marks: Sequence[SpeechMarks], how: How = ()) -> None:
        """Keep the marks of one reply."""
        if not marks:
            return
        key = (engine, _text(marks), how)
        self._kept[key] = tuple(marks)
        self._kept.move_to_end(key)
        while len(self._kept) > KEPT_REPLIES:
            self._kept.popitem(last=False)

    def find(self, engine: str, text: str, how: How | None = None) -> tuple[SpeechMarks, ...]:
        """Return the marks of a reply, none if it was not spoken by this engine.

        Where it is not known how it was said, the newest way is taken.
        """
        for (spoken_by, said, manner), marks in reversed(self._kept.items()):
            if (spoken_by, said) == (engine, text.strip()) and how in (None, manner):
                return marks
        return ()

    def kept(self) -> Iterator[tuple[str, tuple[SpeechMarks, ...]]]:
        """Yield texts with their marks, the newest first."""
        for (_, text, _), marks in reversed(self._kept.items()):
            yield text, marks

    def forget(self, texts: Iterable[str]) -> None:
        """Drop the marks of replies that are forgotten."""
        gone = {text.strip() for text in texts}
        for key in [key for key in self._kept if key[1] in gone]:
            del self._kept[key]


def _text(marks: Sequence[SpeechMarks]) -> str:
    """Return the text that the marks belong to."""
    return "".join(spoken.text for spoken in marks).strip()
