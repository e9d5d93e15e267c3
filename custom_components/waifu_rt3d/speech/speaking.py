"""From spoken pieces to a WAV stream, with the timeline published on the way."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from ..const import LOGGER
from ..stage.cues import Cue
from ..stage.markup import MarkupParser
from ..stage.steady import epoch_ms
from ..stage.timeline import SpeechMarks
from ..turns.streams import until
from ..turns.turn import Precision, Turn
from ..voice.connection import WireError
from ..voice.wav import AudioFormat, header

type Spoken = AudioFormat | SpeechMarks | bytes
"""What a voice yields: the format once, then for every segment its marks before its sound."""


class VoiceError(Exception):
    """A voice broke off; what it made so far was heard."""


async def reply_wav(
    turn: Turn | None, spoken: AsyncGenerator[Spoken], marks: list[SpeechMarks]
) -> AsyncGenerator[bytes]:
    """Yield a WAV stream of what a voice says; its marks go to the turn's timeline and `marks`.

    A voice that breaks off ends the stream and the turn goes on in writing.
    """
    try:
        stoppable = spoken if turn is None else until(turn.cancelled, spoken)
        async with aclosing(stoppable):
            async for item in stoppable:
                if isinstance(item, SpeechMarks):
                    marks.append(item)
                    if turn is not None and not turn.timeline_done:
                        turn.add_marks(item)
                elif isinstance(item, AudioFormat):
                    yield header(item)
                else:
                    _note_first_sound(turn)
                    yield item
    except (VoiceError, WireError) as err:
        LOGGER.warning("The voice broke off: %s", err)
        if turn is None:
            raise
        turn.lose_voice()
    finally:
        if turn is not None:
            turn.finish_timeline()


async def noting_first_words(turn: Turn | None, text: AsyncGenerator[str]) -> AsyncGenerator[str]:
    """Yield a text on its way to the voice; the turn notes when its first words go there."""
    async for piece in text:
        if turn is not None and piece.strip():
            turn.note_time("to_voice")
        yield piece


async def without_markup(text: AsyncGenerator[str], cues: list[Cue]) -> AsyncGenerator[str]:
    """Yield what is to be spoken of a text that no turn has read yet; its cues go into `cues`.

    So comes what core's own actions say (`tts.speak`, an announcement, a question).
    """
    parser = MarkupParser()
    async for written in text:
        piece = parser.feed(written)
        cues.extend(piece.cues)
        if piece.speech:
            yield piece.speech
    piece = parser.finish()
    cues.extend(piece.cues)
    if piece.speech:
        yield piece.speech


def lose_sound(turn: Turn, audio_ms: int) -> None:
    """Go on in writing: the card could not play the sound (further), and the text is to be read.

    The mouth goes on from `audio_ms`; the turn ends when the time of its timeline is over.
    """
    turn.voiced = turn.reports_sound = False
    if turn.segments:
        turn.sound_at(audio_ms, epoch_ms(), playing=True, precision=Precision.APPROXIMATE)
    elif turn.speech.closed:
        turn.mime()


def _note_first_sound(turn: Turn | None) -> None:
    """Take the first sound as the start where nobody reports the real one."""
    if turn is None or turn.timeline_done:
        return
    if "voice" not in turn.stage_times and not turn.reports_sound:
        turn.sound_at(0, epoch_ms(), playing=True, precision=Precision.APPROXIMATE)
    turn.note_time("voice")
