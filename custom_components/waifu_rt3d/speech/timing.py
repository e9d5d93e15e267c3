"""Give a voice without times better ones than its text alone allows: aligned, or fitted to its sound."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from ..const import LOGGER
from ..house import House
from ..stage.estimating import estimate_marks, heard_runs
from ..stage.timeline import Source, SpeechMarks
from ..voice.align import AlignRequest, mono_16_bit
from ..voice.connection import WireError
from ..voice.speech import SpeechServer
from ..voice.wav import AudioFormat
from .speaking import Spoken

# Aligning takes a twentieth of the sound's length; on a busy machine the mouth does not wait.
_LEAST_S = 1.5
_SHARE_OF_SOUND = 0.2
_LONGEST_MS = 60_000
_LONGEST_TEXT = 2000


@dataclass(slots=True)
class _Held:
    """A segment whose times are a guess, until its sound is there."""

    marks: SpeechMarks
    pcm: bytearray = field(default_factory=bytearray)


async def timed(
    house: House, spoken: AsyncGenerator[Spoken], language: str
) -> AsyncGenerator[Spoken]:
    """Yield what a voice says; segments with guessed times wait for their sound and are improved."""
    audio: AudioFormat | None = None
    held: _Held | None = None
    async with aclosing(spoken):
        async for item in spoken:
            if isinstance(item, AudioFormat):
                audio = item
                yield item
            elif isinstance(item, SpeechMarks):
                if held and audio:
                    async for one in _released(house, held, audio, language):
                        yield one
                held = _Held(item) if item.source is Source.ESTIMATED else None
                if held is None:
                    yield item
            elif held is None or audio is None:
                yield item
            else:
                held.pcm += item
                if audio.duration_ms(len(held.pcm)) >= held.marks.end_ms - held.marks.start_ms - 1:
                    async for one in _released(house, held, audio, language):
                        yield one
                    held = None
    if held and audio:
        async for one in _released(house, held, audio, language):
            yield one


async def _released(
    house: House, held: _Held, audio: AudioFormat, language: str
) -> AsyncGenerator[Spoken]:
    """Yield a segment with the best times there are, and its sound."""
    pcm = bytes(held.pcm)
    yield await _best_marks(house, held.marks, audio, mono_16_bit(audio, pcm), language)
    if pcm:
        yield pcm


async def _best_marks(
    house: House, guess: SpeechMarks, audio: AudioFormat, pcm: bytes, language: str
) -> SpeechMarks:
    """Return the aligned marks of a segment, else a guess that fits its sound."""
    family = language.partition("-")[0].lower()
    for server in house.servers_in_order:
        if isinstance(server, SpeechServer) and family in server.info.aligns and server.health.up:
            marks = await _aligned(server, guess, audio, pcm, family)
            if marks is not None:
                return marks
    return await asyncio.to_thread(_fitted, guess, audio.rate_hz, pcm, language)


async def _aligned(
    server: SpeechServer, guess: SpeechMarks, audio: AudioFormat, pcm: bytes, language: str
) -> SpeechMarks | None:
    """Return the marks that a speech server finds, nothing where it finds none in time."""
    length_ms = guess.end_ms - guess.start_ms
    if length_ms > _LONGEST_MS or len(guess.text) > _LONGEST_TEXT:
        return None
    request = AlignRequest(
        text=guess.text, offset=guess.offset, language=language, rate_hz=audio.rate_hz
    )
    limit_s = _LEAST_S + length_ms / 1000 * _SHARE_OF_SOUND
    try:
        async with asyncio.timeout(limit_s):
            found = await server.align(request, pcm)
    except TimeoutError:
        LOGGER.debug("Times are estimated: aligning took too long")
        return None
    except WireError as err:
        LOGGER.debug("Times are estimated: %s", err)
        return None
    moved = [
        replace(
            mark,
            start_ms=guess.start_ms + mark.start_ms,
            end_ms=min(guess.start_ms + mark.end_ms, guess.end_ms),
        )
        for mark in found.marks
    ]
    return replace(
        guess,
        marks=tuple(mark for mark in moved if mark.end_ms > mark.start_ms),
        source=found.source,
    )


def _fitted(guess: SpeechMarks, rate_hz: int, pcm: bytes, language: str) -> SpeechMarks:
    """Return a guess in which the mouth is shut where nobody speaks; long sounds take a moment."""
    runs = [
        (guess.start_ms + start, min(guess.start_ms + end, guess.end_ms))
        for start, end in heard_runs(pcm, rate_hz)
    ]
    return estimate_marks(
        guess.text, guess.offset, guess.start_ms, guess.end_ms, language=language, runs=runs
    )
