"""Hand a text out in small pieces over time, cut where a network would cut it."""

import asyncio
from codecs import getincrementaldecoder
from collections.abc import AsyncGenerator
from itertools import batched

PIECE_BYTES = 3


async def pieces(text: str, duration_s: float) -> AsyncGenerator[str]:
    """Yield a text in pieces of three UTF-8 bytes, the last one after `duration_s`."""
    decoder = getincrementaldecoder("utf-8")()
    cuts = list(batched(text.encode(), PIECE_BYTES, strict=False))
    loop = asyncio.get_running_loop()
    started_s = loop.time()
    for number, cut in enumerate(cuts):
        due_s = started_s + duration_s * number / max(len(cuts) - 1, 1)
        await asyncio.sleep(max(due_s - loop.time(), 0))
        # A piece may end inside a letter, which then comes with the next one.
        if piece := decoder.decode(bytes(cut)):
            yield piece
