"""Sound on its way to an engine: one that has stopped listening holds nobody up."""

import asyncio
from typing import Any, override

from wyoming.event import Event

from waifu_speech.incoming import Sound, StreamListener

CHUNK = Event("audio-chunk", {"rate": 16000, "width": 2, "channels": 1}, bytes(2048))
MANY = 1000


class Deaf(StreamListener):
    """Listens to nothing, until it is told to end."""

    purpose = "heard"

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self.may_end = asyncio.Event()
        self.streams = 0

    @override
    async def listen(self, sound: Sound) -> None:
        self.streams += 1
        await self.may_end.wait()


async def test_client_ahead_of_an_engine_that_ends_goes_on() -> None:
    """The sound that nobody hears any more is dropped, and the next stream begins."""
    deaf = Deaf(None)
    deaf.expect()

    async def send() -> None:
        for _ in range(MANY):
            await deaf.take(CHUNK)
        await deaf.take(Event("audio-stop"))

    sending = asyncio.create_task(send())
    while deaf.streams < 1:
        await asyncio.sleep(0)
    for _ in range(MANY):
        await asyncio.sleep(0)
    # Held up by its full queue.
    assert not sending.done()
    deaf.may_end.set()
    async with asyncio.timeout(60):
        await sending
    deaf.expect()
    await deaf.take(CHUNK)
    await asyncio.sleep(0)
    assert deaf.streams == 2
    await deaf.close()


async def test_sound_after_the_end_begins_nothing() -> None:
    """A chunk that is late must not end the hearing of what came before it."""
    deaf = Deaf(None)
    deaf.expect()
    await deaf.take(CHUNK)
    await deaf.take(Event("audio-stop"))
    await deaf.take(CHUNK)
    await asyncio.sleep(0)
    assert deaf.is_busy
    assert deaf.streams == 1
    await deaf.close()
