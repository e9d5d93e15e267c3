"""When a sound began, by what its player tells."""

import asyncio

from waifu_satellite.audio.meter import Meter


class _Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.ms = 0.0

    def now_ms(self) -> float:
        """Return the time."""
        return self.ms


async def _after(*readings: tuple[float, float]) -> float | None:
    """Return when the sound began, by lines that came at a time and told a place (ms)."""
    clock, stderr = _Clock(), asyncio.StreamReader()
    meter = Meter(stderr)
    running = asyncio.create_task(meter.run(clock))
    for at_ms, heard_ms in readings:
        clock.ms = at_ms
        stderr.feed_data(b"Time: %.3f sec; Latency: 30000 usec.  \r" % (heard_ms / 1000))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    stderr.feed_eof()
    await running
    return meter.begin_ms


async def test_begin_of_a_sound_is_what_most_lines_tell() -> None:
    """A line that is wrong moves nothing; a sound that was held up is followed."""
    assert await _after((1000, 0.0)) is None
    assert await _after((1060, 50.0)) == 1010
    regular = [(1060.0 + at, 50.0 + at) for at in range(0, 250, 50)]
    assert await _after(*regular, (1320, 403.0)) == 1010
    held_up = [(1400.0 + at, 340.0 + at) for at in range(0, 150, 50)]
    assert await _after(*regular, *held_up) == 1060
