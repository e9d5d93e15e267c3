"""Several engines for one reply or one question: the next takes over while nothing is lost yet."""

from collections.abc import AsyncGenerator, AsyncIterable, Callable, Sequence
from contextlib import aclosing

from ..const import LOGGER
from ..stage.cues import Cue
from ..voice.connection import WireError
from ..voice.replay import Replay
from ..voice.service import SpeechService, Transcription
from .engines import Engine
from .speaking import Spoken, VoiceError


async def speak_with_first(
    engines: Sequence[Engine],
    text: AsyncGenerator[str],
    *,
    language: str,
    voice: str | None,
    asked: Callable[[Engine], None],
    cues: Sequence[Cue] = (),
) -> AsyncGenerator[Spoken]:
    """Speak with the first engine that makes a sound; `asked` is told of each that is tried.

    A voice that broke off after its first sound is not replaced: half a sentence in another voice
    is worse than a text without the rest of its sound. `voice` is a name of the first engine's,
    `cues` are those of the text, as far as they are known.
    """
    async with Replay(text) as words:
        for engine in engines:
            asked(engine)
            name = voice if engine is engines[0] else None
            spoken = engine.speak(words.stream(), language=language, voice=name, cues=cues)
            sounded = False
            try:
                async with aclosing(_from_first_sound(spoken)) as sounding:
                    async for item in sounding:
                        sounded = True
                        yield item
            except (VoiceError, WireError) as err:
                if sounded or engine is engines[-1]:
                    raise
                LOGGER.debug("%s did not speak, the next one does: %s", engine.helper.name, err)
            else:
                return


async def _from_first_sound(spoken: AsyncGenerator[Spoken]) -> AsyncGenerator[Spoken]:
    """Yield what a voice makes, but nothing of it before there is sound."""
    held: list[Spoken] | None = []
    async with aclosing(spoken):
        async for item in spoken:
            if held is None:
                yield item
                continue
            held.append(item)
            if isinstance(item, bytes) and item:
                for kept in held:
                    yield kept
                held = None
    for kept in held or ():
        yield kept


async def hear_with_first(
    servers: Sequence[SpeechService],
    audio: AsyncIterable[bytes],
    listen: Callable[[SpeechService, AsyncIterable[bytes]], AsyncGenerator[Transcription]],
) -> AsyncGenerator[Transcription]:
    """Understand with the first server that comes to an end; the next one hears it all again."""
    async with Replay(audio) as kept:
        for server in servers:
            try:
                async with aclosing(listen(server, kept.stream())) as heard:
                    async for part in heard:
                        yield part
            except WireError as err:
                if server is servers[-1]:
                    raise
                LOGGER.debug("%s did not understand, the next one does: %s", server.info.name, err)
            else:
                return
