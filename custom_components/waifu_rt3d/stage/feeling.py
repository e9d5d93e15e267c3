"""The feeling of a sentence where a model wrote no tag: told from its words, in English and German."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
import re
from typing import Final

from .cues import CueKind, CueName
from .emoji import is_picture, meaning
from .lexicon import LEXICONS

NEUTRAL: Final = "neutral"
_PRESET = {
    "amused": "happy", "love": "happy", "excited": "happy", "shy": "happy", "proud": "happy",
    "annoyed": "angry", "worried": "sad", "curious": "surprised", "sleepy": "relaxed",
}  # fmt: skip
_OPPOSITE = {"happy": "sad", "sad": "relaxed", "angry": "relaxed"}
"""What a negated feeling turns to; "not bad" is no joy, but it soothes."""
_NEGATED_SHARE = 0.7
_NEGATION_REACH = 3
"""Words behind a negation that it turns round."""
_EXCITED = {"happy": 0.3, "angry": 0.3, "surprised": 0.3}
_ENOUGH = 1.0
_EMOJI_WEIGHT = 2.0
_ENDINGS = ("ly", "s", "es", "er", "em", "en", "e", "n")
_SHORTEST_BASE = 4
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[?!]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeling:
    """What a sentence feels like, and how strongly (0…1)."""

    name: str
    intensity: float

    @property
    def cue(self) -> CueName | None:
        """Return the cue of this feeling, if it is one."""
        if self.name == NEUTRAL:
            return None
        return CueName(kind=CueKind.EMOTION, name=self.name, intensity=self.intensity)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lexicon:
    """The words of a language, as they are looked up."""

    words: dict[str, tuple[str, float]]
    stems: dict[str, tuple[str, float]]
    phrases: dict[tuple[str, ...], tuple[str, float]]
    negations: frozenset[str]


def feel(sentence: str, language: str = "en") -> Feeling:
    """Return the feeling of a sentence; neutral when its words have none or the language is unknown."""
    scores = _scores(sentence, language)
    if not scores:
        return Feeling(name=NEUTRAL, intensity=0.0)
    name = max(scores, key=lambda label: (scores[label], label))
    if scores[name] < _ENOUGH:
        return Feeling(name=NEUTRAL, intensity=0.0)
    return Feeling(name=name, intensity=round(min(1.0, 0.3 + 0.2 * scores[name]), 2))


def _scores(sentence: str, language: str) -> dict[str, float]:
    """Return how much speaks for each feeling."""
    scores: defaultdict[str, float] = defaultdict(float)
    for char in filter(is_picture, sentence):
        felt = meaning(char)
        if felt and felt.kind is CueKind.EMOTION:
            # rolling eyes turn the words before them round
            weight = _EMOJI_WEIGHT * (2 if felt.name == "annoyed" else 1)
            scores[_PRESET.get(felt.name, felt.name)] += weight
    lexicon = _lexicon(language.lower().partition("-")[0].partition("_")[0])
    if lexicon is not None:
        for name, weight in _hits(_TOKEN.findall(sentence.casefold().replace("’", "'")), lexicon):
            scores[name] += weight
    if re.search(r"\?!|!\?", sentence):
        scores["surprised"] += _ENOUGH
    if "!" in sentence:
        for name, more in _EXCITED.items():
            scores[name] += more if scores.get(name) else 0.0
    return scores


def _hits(tokens: list[str], lexicon: _Lexicon) -> Iterator[tuple[str, float]]:
    """Yield the feelings of the words, turned round behind a negation."""
    index, negated_until = 0, -1
    while index < len(tokens):
        size, hit = _at(tokens, index, lexicon)
        if hit is not None:
            turned = index <= negated_until and hit[0] in _OPPOSITE
            yield (_OPPOSITE[hit[0]], hit[1] * _NEGATED_SHARE) if turned else hit
        elif tokens[index] in lexicon.negations:
            negated_until = index + _NEGATION_REACH
        elif tokens[index][0] in "?!":
            negated_until = -1
        index += size


def _at(tokens: list[str], index: int, lexicon: _Lexicon) -> tuple[int, tuple[str, float] | None]:
    """Return how many tokens are one entry here, and its feeling."""
    for size in (6, 5, 4, 3, 2):
        phrase = tuple(tokens[index : index + size])
        if len(phrase) == size and phrase in lexicon.phrases:
            return size, lexicon.phrases[phrase]
    word = tokens[index]
    for form in (word, *_bases(word)):
        if form in lexicon.words:
            return 1, lexicon.words[form]
    stems = (word[:end] for end in range(len(word), 2, -1))
    return 1, next((lexicon.stems[stem] for stem in stems if stem in lexicon.stems), None)


def _bases(word: str) -> Iterator[str]:
    """Yield a word without the common endings of both languages."""
    for ending in _ENDINGS:
        if len(word) - len(ending) >= _SHORTEST_BASE and word.endswith(ending):
            yield word.removesuffix(ending)


@lru_cache(maxsize=len(LEXICONS) + 1)
def _lexicon(language: str) -> _Lexicon | None:
    """Return the lexicon of a language, ready for use."""
    if language not in LEXICONS:
        return None
    text, negations = LEXICONS[language]
    lexicon = _Lexicon(words={}, stems={}, phrases={}, negations=frozenset(negations.split()))
    for line in text.casefold().split("\n"):
        if line:
            _add(lexicon, line.split())
    return lexicon


def _add(lexicon: _Lexicon, line: list[str]) -> None:
    """Add a line: feeling, weight, words."""
    hit = (line[0], float(line[1]))
    for entry in line[2:]:
        tokens = tuple(_TOKEN.findall(entry.replace("_", " ")))
        if len(tokens) > 1:
            lexicon.phrases[tokens] = hit
        elif entry.endswith("*"):
            lexicon.stems[entry[:-1]] = hit
        else:
            lexicon.words[entry] = hit
