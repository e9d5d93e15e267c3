"""Tell from successive guesses which words are settled.

A word is settled when two guesses in a row begin with the same words up to it and it is not the
last one (LocalAgreement, Macháček et al. 2023, "Turning Whisper into Real-Time Transcription
System"): the sound of a last word may be cut in its middle.
"""

import re
from typing import Final

_SIGNS: Final = re.compile(r"[^\w]+")


class Agreement:
    """The settled beginning of an utterance, which only grows."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.settled: list[str] = []
        self._last: list[str] = []

    def add(self, text: str) -> str:
        """Take a guess of the whole utterance; return the text that it settles, maybe none."""
        words = text.split()
        begin = len(self.settled)
        if not same_words(words[:begin], self.settled):
            # The guess takes back what was settled: it says nothing about what follows.
            self._last = []
            return ""
        agreed = begin
        while agreed < min(len(words) - 1, len(self._last)) and same(
            words[agreed], self._last[agreed]
        ):
            agreed += 1
        self._last = words
        new = words[begin:agreed]
        self.settled += new
        return " ".join(new)

    def rest(self, text: str) -> str | None:
        """Return what the final text has after the settled words; None where it has others."""
        words = text.split()
        begin = len(self.settled)
        return " ".join(words[begin:]) if same_words(words[:begin], self.settled) else None


def same_words(words: list[str], others: list[str]) -> bool:
    """Return whether two rows of words are equal but for case and signs."""
    return len(words) == len(others) and all(map(same, words, others))


def same(word: str, other: str) -> bool:
    """Return whether two words are equal but for case and signs."""
    return word == other or _SIGNS.sub("", word.casefold()) == _SIGNS.sub("", other.casefold())
