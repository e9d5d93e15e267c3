"""Hear a whole utterance with a decoder, and say what it heard in the utterance's own time."""

from dataclasses import dataclass
import math
import sys
from typing import Final

import numpy as np
from pocketsphinx import Decoder

from ..tts.resampling import at_pitch
from .denoising import Sound

# Scores are logarithms to this base (logmath of pocketsphinx).
_LOG_BASE: Final = math.log(1.0001)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A word or a phone."""

    name: str
    start: int
    """Its first frame, in 10 ms of the utterance."""
    end: int
    """The frame behind its last one."""
    score: float
    """How well it sounds like that, as a logarithm; nearer to zero is better."""

    @property
    def frames(self) -> int:
        """Return how long it is; nothing is shorter than a frame."""
        return max(1, self.end - self.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one decoder made of an utterance."""

    words: str
    """The decoder's names of what it heard, one after the other."""
    score: float
    """Of the whole utterance, as a logarithm; readings of one utterance can be compared."""
    parts: tuple[Part, ...]


def read(decoder: Decoder, sound: Sound, pitch: float = 1.0) -> Reading | None:
    """Return what a decoder hears in a sound at another pitch; None where it hears nothing.

    At another pitch the throat of the one who speaks seems longer or shorter, and the sound lasts
    as much longer or shorter; times and scores are those of the sound as it was given.
    """
    if not len(sound):
        return None
    decoder.start_utt()
    decoder.process_raw(_pcm(at_pitch(sound, pitch)), full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    if not found or not found.hypstr:
        return None
    parts = (
        Part(
            name=part.word,
            start=round(part.start_frame * pitch),
            end=round((part.end_frame + 1) * pitch),
            score=_log(part.ascore) * pitch,
        )
        for part in decoder.seg()
    )
    return Reading(words=found.hypstr, score=_log(found.score) * pitch, parts=tuple(parts))


def _pcm(sound: Sound) -> bytes:
    """Return a sound as 16-bit samples."""
    return np.clip(sound, -32768, 32767).astype(np.int16).tobytes()


def _log(score: float) -> float:
    """Return a decoder's score as its logarithm."""
    return math.log(max(score, sys.float_info.min)) / _LOG_BASE
