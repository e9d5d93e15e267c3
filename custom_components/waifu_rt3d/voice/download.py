"""Let a paired speech server fetch a voice and a recogniser (contracts §2)."""

import asyncio
from collections.abc import Callable, Sequence

from wyoming.error import Error

from .connection import UnreachableError, WireConnection, WireError
from .events import read_user_event, user_event

SILENCE_LIMIT_S = 120.0
"""The server tells twice a second how far it is, but its hub may be slow to answer."""

type Progress = Callable[[str, float], None]
"""Called with the model and how much of it is there, 0 to 1."""


async def download(connection: WireConnection, models: Sequence[str], progress: Progress) -> None:
    """Return when all models are there; raises WireError with the server's reason when not."""
    await connection.write(user_event("download", {"models": list(models)}))
    while True:
        try:
            async with asyncio.timeout(SILENCE_LIMIT_S):
                event = await connection.read()
        except TimeoutError:
            raise UnreachableError("The speech server does not answer any more") from None
        if event is None:
            raise UnreachableError("The speech server broke off")
        if (data := read_user_event(event, "download-progress")) is not None:
            total = data.get("total")
            here = data.get("bytes")
            if isinstance(total, int) and isinstance(here, int) and total > 0:
                progress(str(data.get("model", "")), here / total)
        elif read_user_event(event, "download-done") is not None:
            return
        elif (data := read_user_event(event, "download-failed")) is not None:
            raise WireError(str(data.get("reason", "")))
        elif Error.is_type(event.type):
            raise WireError(Error.from_event(event).text)
