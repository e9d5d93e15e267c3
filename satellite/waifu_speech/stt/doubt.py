"""Judge whether a sound is a sentence of the grammar, by what free phones make of the same sound."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
import math
import statistics
import sys
from typing import Any, Final

from pocketsphinx import Decoder

from .likeness import phone_distance

# Fitted on 600 commands (three seeds, none of the bench's), 100 other sentences and 48 commands with
# names that a home has not, of eight synthetic voices at 20 and 30 dB. Of these very sounds it believes
# 94.7 % of the commands rightly and 2.2 % wrongly, 3 % of other speech and 27 % of the foreign names. Few
# phones tell little: a short command is allowed more, and one word that sounds like none of the grammar's
# tells more than the rest. Who is heard as the same on the way and at the end has probably said it.
MAX_DOUBT: Final = 49.0
_DISTANCE_WEIGHT: Final = 24.5
_BREVITY_WEIGHT: Final = 36.0
_WORST_WORD_WEIGHT: Final = 0.287
_DISAGREEMENT_WEIGHT: Final = 15.0
# Scores are logarithms to this base (logmath of pocketsphinx).
_LOG_BASE: Final = math.log(1.0001)


def disagreement(first: str, second: str) -> float:
    """Return 0 for two guesses of the same words to 1 for nothing in common."""
    return 1 - SequenceMatcher(None, first.split(), second.split()).ratio()


def doubt_of(
    grammar: Decoder, free: Decoder, phones_of: Mapping[str, Sequence[str]], disagreeing: float
) -> float:
    """Return how much better free phones explain an utterance than the grammar does.

    Both have just heard it; `phones_of` are the sounds of the grammar's words, `disagreeing` is how far
    the guess on the way was another one (`disagreement`).
    """
    words = [part for part in grammar.seg() if part.word in phones_of]
    frames = sum(part.end_frame - part.start_frame + 1 for part in words)
    worse: float = (_log(free.hyp().score) - _log(grammar.hyp().score)) / max(1, frames)
    phones = [phone for part in words for phone in phones_of[part.word]]
    # Silence and noise are "SIL" and "+SPN+".
    said = [part.word for part in free.seg() if part.word.isalpha() and part.word != "SIL"]
    # A long sentence of which the grammar hears a few words is no short command.
    brevity = 1 / math.sqrt(max(1, len(phones), len(said)))
    doubt: float = (
        worse
        + _DISTANCE_WEIGHT * phone_distance(phones, said)
        - _BREVITY_WEIGHT * brevity
        + _WORST_WORD_WEIGHT * _worst_word(words, free.seg())
        + _DISAGREEMENT_WEIGHT * disagreeing
    )
    return doubt


def _worst_word(words: Sequence[Any], free: Iterable[Any]) -> float:
    """Return by how much a frame of the least likely word sounds better as free phones."""
    scores = [
        _log(part.ascore) / (part.end_frame - part.start_frame + 1)
        for part in free
        for _ in range(part.start_frame, part.end_frame + 1)
    ]
    return max(
        (
            statistics.fmean(scores[word.start_frame : word.end_frame + 1] or [0.0])
            - _log(word.ascore) / (word.end_frame - word.start_frame + 1)
            for word in words
        ),
        default=0.0,
    )


def _log(score: float) -> float:
    """Return a decoder's score as its logarithm."""
    return math.log(max(score, sys.float_info.min)) / _LOG_BASE
