"""Compare two rows of phones: what a grammar made of the sound, and what was free to hear."""

from collections.abc import Sequence
from typing import Final

_CLASSES: Final = (
    "P B", "T D", "K G", "F V TH DH", "S Z SH ZH CH JH", "M N NG", "L R W ER Y",
    "IY IH EY EH", "AE AA AO AH AY AW", "OW UW UH OY", "HH",
)  # fmt: skip
_CLASS_OF: Final = {phone: sounds for sounds in _CLASSES for phone in sounds.split()}


def phone_distance(heard: Sequence[str], free: Sequence[str]) -> float:
    """Return 0 for equal rows to 1 for strangers; sounds of one class are half equal."""
    if not heard or not free:
        return 1.0
    previous = [float(column) for column in range(len(free) + 1)]
    for row, phone in enumerate(heard, start=1):
        current = [float(row)]
        for column, other in enumerate(free, start=1):
            current.append(
                min(
                    previous[column] + 1,
                    current[-1] + 1,
                    previous[column - 1] + _difference(phone, other),
                )
            )
        previous = current
    return previous[-1] / max(len(heard), len(free))


def _difference(phone: str, other: str) -> float:
    """Return how far two phones are apart."""
    if phone == other:
        return 0.0
    return 0.5 if _CLASS_OF.get(phone) == _CLASS_OF.get(other) else 1.0
