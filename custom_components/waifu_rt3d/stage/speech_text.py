"""The words of a reply on their way from the model to the voice."""

import asyncio
from collections.abc import AsyncGenerator


class SpeechText:
    """Text that is written while somebody already reads it aloud.

    Closing ends the reader after the last word; dropping ends it at once. Nobody waits for ever:
    a reader of a closed text ends, a writer is never held up.
    """

    def __init__(self) -> None:
        """Start with no text."""
        self._parts: list[str] = []
        self._closed = False
        self._dropped = False
        self._changed = asyncio.Event()

    @property
    def text(self) -> str:
        """Return all text so far."""
        return "".join(self._parts)

    @property
    def closed(self) -> bool:
        """Return whether no more text will come."""
        return self._closed

    def put(self, text: str) -> None:
        """Add text; text behind the end is ignored."""
        if text and not self._closed:
            self._parts.append(text)
            self._changed.set()

    def close(self) -> None:
        """Say that the text is complete."""
        self._closed = True
        self._changed.set()

    def drop(self) -> None:
        """End the text here and now; what was not read yet stays unread."""
        self._dropped = True
        self.close()

    async def stream(self) -> AsyncGenerator[str]:
        """Yield the text as it comes, from its beginning."""
        done = 0
        while not self._dropped:
            while done < len(self._parts) and not self._dropped:
                done += 1
                yield self._parts[done - 1]
            if self._closed:
                return
            self._changed.clear()
            await self._changed.wait()
