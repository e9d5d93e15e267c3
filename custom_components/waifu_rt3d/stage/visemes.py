"""Turn IPA phonemes into the 15 Oculus visemes.

Source of the set: Oculus lip-sync viseme reference (sil PP FF TH DD kk CH SS nn RR aa E I O U).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
import unicodedata


class Shape(StrEnum):
    """One of the 15 Oculus mouth shapes."""

    SIL = "sil"
    PP = "PP"
    FF = "FF"
    TH = "TH"
    DD = "DD"
    KK = "kk"
    CH = "CH"
    SS = "SS"
    NN = "nn"
    RR = "RR"
    AA = "aa"
    E = "E"
    I = "I"  # noqa: E741 - the name of the shape in the Oculus set
    O = "O"  # noqa: E741 - the name of the shape in the Oculus set
    U = "U"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A phoneme and when it sounds (contract `speech-marks`)."""

    phoneme: str
    """IPA, the empty string for a pause."""
    start_ms: int
    end_ms: int
    char: int
    """Code point offset of the word's first letter in the request's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Viseme:
    """A mouth shape held over a span of the reply's audio."""

    at_ms: int
    end_ms: int
    shape: Shape
    weight: float

    def as_dict(self) -> dict[str, object]:
        """Return the viseme as the timeline contract writes it."""
        return {
            "at_ms": self.at_ms,
            "end_ms": self.end_ms,
            "shape": self.shape.value,
            "weight": self.weight,
        }


type Mouth = tuple[Shape, float]

# Lips that must touch get full weight: a half closed "b" is the first thing people notice.
_GROUPS: tuple[tuple[str, Shape, float], ...] = (
    ("p b m ɓ", Shape.PP, 1.0),
    ("f v ʋ ɱ ɸ β", Shape.FF, 1.0),
    ("θ ð", Shape.TH, 0.7),
    ("t d ʈ ɖ ɾ ɗ", Shape.DD, 0.7),
    ("k ɡ g ŋ q ɢ x ɣ χ ç c ɟ ʎ", Shape.KK, 0.6),
    ("ʃ ʒ ɕ ʑ ʂ ʐ", Shape.CH, 0.7),
    ("s z", Shape.SS, 0.7),
    ("n ɲ ɳ l ɫ ɭ ɬ ɮ", Shape.NN, 0.6),
    ("r ɹ ɻ ʀ ʁ ɽ", Shape.RR, 0.7),
    ("a ɑ æ", Shape.AA, 1.0),
    ("ʌ ɐ ɶ", Shape.AA, 0.8),
    ("e ɛ", Shape.E, 0.9),
    ("ɜ ɝ", Shape.E, 0.8),
    ("ə ɚ ɘ ɞ", Shape.E, 0.6),
    ("i ɪ ɨ", Shape.I, 0.9),
    ("ᵻ j", Shape.I, 0.6),
    ("o ɔ ɒ ɤ", Shape.O, 0.9),
    ("ø œ ɵ", Shape.O, 0.7),
    ("u ʊ ʉ ɯ", Shape.U, 0.9),
    ("y ʏ w ɥ ʍ", Shape.U, 0.8),
)
_MOUTHS: dict[str, Mouth] = {
    symbol: (shape, weight) for symbols, shape, weight in _GROUPS for symbol in symbols.split()
}
_REST: Mouth = (Shape.SIL, 0.0)
_BREATHED = frozenset("hɦʔħʕ")
_BREATH_WEIGHT = 0.3
_AFFRICATES = {"t": "ʃʒsz", "d": "ʃʒsz", "p": "f"}
_FIRST_OF_TWO = 0.6
"""A diphthong stays in its first vowel for 60 % of its time (Rhubarb's animation rules)."""


def mouths(phoneme: str) -> list[Mouth | None]:
    """Return the shapes of one IPA phoneme in order; `None` is breath that takes its neighbour's shape.

    An unknown symbol gives no shape, so that a new engine's notation never stops a reply.
    """
    letters = [c for c in unicodedata.normalize("NFD", phoneme) if c in _MOUTHS or c in _BREATHED]
    shapes: list[Mouth | None] = []
    for index, letter in enumerate(letters):
        following = letters[index + 1] if index + 1 < len(letters) else ""
        if following and following in _AFFRICATES.get(letter, ""):
            continue  # the lips of "tʃ" are those of "ʃ" from the start
        shape = None if letter in _BREATHED else _MOUTHS[letter]
        if not shapes or shapes[-1] != shape:
            shapes.append(shape)
    return shapes


def visemes(marks: Sequence[Mark], start_ms: int, end_ms: int) -> list[Viseme]:
    """Return sorted visemes that cover `start_ms` to `end_ms` without gaps."""
    spans = [span for mark in marks for span in _spans(mark)]
    result: list[Viseme] = []
    at_ms = start_ms
    for index, (span_start, span_end, mouth) in enumerate(spans):
        span_start, span_end = max(span_start, at_ms), min(span_end, end_ms)
        if span_end <= span_start:
            continue
        _append(result, at_ms, span_start, _REST)
        _append(result, span_start, span_end, mouth or _breath(spans, index))
        at_ms = span_end
    _append(result, at_ms, end_ms, _REST)
    return result


def _spans(mark: Mark) -> Iterator[tuple[int, int, Mouth | None]]:
    """Share a phoneme's time among its shapes."""
    shapes = mouths(mark.phoneme)
    if not shapes:
        yield mark.start_ms, mark.end_ms, _REST
        return
    if len(shapes) == 1:
        yield mark.start_ms, mark.end_ms, shapes[0]
        return
    duration_ms = mark.end_ms - mark.start_ms
    first_share = _FIRST_OF_TWO if len(shapes) == 2 else 1 / len(shapes)
    bounds = [mark.start_ms, mark.start_ms + round(duration_ms * first_share)]
    rest_ms = (mark.end_ms - bounds[1]) / (len(shapes) - 1)
    bounds += [round(bounds[1] + rest_ms * (step + 1)) for step in range(len(shapes) - 1)]
    for index, shape in enumerate(shapes):
        yield bounds[index], bounds[index + 1], shape


def _breath(spans: Sequence[tuple[int, int, Mouth | None]], index: int) -> Mouth:
    """Let an "h" breathe through the mouth of the sound that follows it."""
    for _, _, mouth in spans[index + 1 : index + 2]:
        if mouth is not None and mouth[0] is not Shape.SIL:
            return mouth[0], _BREATH_WEIGHT
    return _REST


def _append(result: list[Viseme], at_ms: int, end_ms: int, mouth: Mouth) -> None:
    """Add a span, joining it to an equal one before it."""
    if end_ms <= at_ms:
        return
    shape, weight = mouth
    last = result[-1] if result else None
    if last and last.shape is shape and last.weight == weight and shape is Shape.SIL:
        at_ms = result.pop().at_ms
    result.append(Viseme(at_ms=at_ms, end_ms=end_ms, shape=shape, weight=weight))
