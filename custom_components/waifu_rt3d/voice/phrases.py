"""Cut a text into phrases while it is written, for voices that are asked by the request."""

from collections.abc import AsyncGenerator, AsyncIterable
import re

FIRST_CHARS = 12
"""The first phrase goes out early, but one word alone sounds like a list."""
LATER_CHARS = 60
"""Later phrases wait for company: each request costs a round trip and a breath."""
_END = re.compile(r"(?:[.!?…]+[\"'”’)\]]*\s+|[。！？]+[」』）]*|\n+)")


async def phrases(text: AsyncIterable[str]) -> AsyncGenerator[str]:
    """Yield phrases that end where a sentence may; joined they are the text."""
    held, shortest = "", FIRST_CHARS
    async for piece in text:
        held += piece
        while (end := _end_of_phrase(held, shortest)) is not None:
            yield held[:end]
            held, shortest = held[end:], LATER_CHARS
    if held.strip():
        yield held


def _end_of_phrase(text: str, shortest: int) -> int | None:
    """Return where the first phrase of at least so many characters ends."""
    for match in _END.finditer(text):
        if match.end() >= shortest and text[: match.end()].strip():
            return match.end()
    return None
