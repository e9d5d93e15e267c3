"""Characters that a server has cut in two (UTF-16 halves in JSON): joined again, else replaced.

A half is no text: it can't be stored, nor sent to a card.
"""

import re

_HALF = re.compile("[\ud800-\udfff]")
_FIRST_HALF_AT_END = re.compile("[\ud800-\udbff]$")


def whole(text: str) -> str:
    """Return a complete text without halves."""
    joiner = Joiner()
    return joiner.feed(text) + joiner.finish()


class Joiner:
    """Join halves that come in different pieces of a stream."""

    def __init__(self) -> None:
        """Hold nothing."""
        self._first = ""

    def feed(self, text: str) -> str:
        """Return a piece as text; a first half waits for the second one."""
        if not self._first and _HALF.search(text) is None:
            return text
        text = self._first + text
        self._first = ""
        if _FIRST_HALF_AT_END.search(text):
            text, self._first = text[:-1], text[-1]
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def finish(self) -> str:
        """Return what stands for a first half that stayed alone."""
        alone, self._first = self._first, ""
        return "\ufffd" if alone else ""
