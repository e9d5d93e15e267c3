"""Judge whether a sound is a sentence of the grammar, by what free phones make of the same sound."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
import math
import statistics
from typing import Final

from .likeness import phone_distance
from .reading import Part, Reading

# Fitted by logistic regression on 400 commands (two seeds, none of the bench's), 260 other sentences
# and 128 commands with names that a home has not, of eight synthetic voices at 20 and 30 dB. Of 400
# commands of two more seeds, one of which was in sight when the limit was chosen, 94 % are believed
# rightly and 4 % wrongly; of the other sentences 3 %, of the foreign names 35 % (the fit has seen these).
# A word that lasts as none does, and one that sounds like none of the grammar's, tell more than the mean
# of all; few phones tell little, so a short command is allowed more.
MAX_DOUBT: Final = 79.0
_DISTANCE_WEIGHT: Final = 31.0
_BREVITY_WEIGHT: Final = 70.0
_WORST_WORD_WEIGHT: Final = 0.105
_PACE_WEIGHT: Final = 24.5
_DISAGREEMENT_WEIGHT: Final = 12.0
# A phone lasts as many frames where nobody hurries.
_PHONE_FRAMES: Final = 7.5
# Longer words than this tell no more.
_LONG_WORD_FRAMES: Final = 40


def disagreement(first: str, second: str) -> float:
    """Return 0 for two guesses of the same words to 1 for nothing in common."""
    return 1 - SequenceMatcher(None, first.split(), second.split()).ratio()


def doubt_of(
    grammar: Reading, free: Reading, phones_of: Mapping[str, Sequence[str]], disagreeing: float
) -> float:
    """Return how much better free phones explain an utterance than the grammar does.

    `phones_of` are the sounds of the grammar's words, `disagreeing` is how far the grammar's other
    readings of the same sound are from this one (`disagreement`).
    """
    words = [part for part in grammar.parts if part.name in phones_of]
    if not words:
        return math.inf
    phones = [phone for word in words for phone in phones_of[word.name]]
    # Silence and noise are "SIL" and "+SPN+".
    said = [part.name for part in free.parts if part.name.isalpha() and part.name != "SIL"]
    # A long sentence of which the grammar hears a few words is no short command.
    brevity = 1 / math.sqrt(max(len(phones), len(said)))
    paces = [word.frames / len(phones_of[word.name]) / _PHONE_FRAMES for word in words]
    return (
        (free.score - grammar.score) / sum(word.frames for word in words)
        + _DISTANCE_WEIGHT * phone_distance(phones, said)
        - _BREVITY_WEIGHT * brevity
        + _WORST_WORD_WEIGHT * _worst_word(words, free.parts)
        + _PACE_WEIGHT * max(abs(math.log(pace)) for pace in paces)
        + _DISAGREEMENT_WEIGHT * disagreeing
    )


def _worst_word(words: Sequence[Part], free: Sequence[Part]) -> float:
    """Return by how much the least likely word sounds better as free phones.

    Chance has less of a say the longer a word is, so that a frame's mean counts as its root.
    """
    scores = [part.score / part.frames for part in free for _ in range(part.frames)]
    return max(
        (statistics.fmean(scores[word.start : word.end] or [0.0]) - word.score / word.frames)
        * math.sqrt(min(word.frames, _LONG_WORD_FRAMES))
        for word in words
    )
