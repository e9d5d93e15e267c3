"""Look at text as words, the same way the full-text indexes do.

Words are compared folded, and found at their places in the text as it was written.
"""

import re
import unicodedata

from .folding import MARKS, fold

_WORD = re.compile(rf"[^\W_]+(?:[{MARKS}]+[^\W_]*)*")
# Scripts written without spaces: Thai to Burmese, Khmer, kana, Han with its extensions, and the
# half-width kana. Hangul has spaces.
_UNSPACED_LETTERS = (
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff]"
)
_UNSPACED = re.compile(_UNSPACED_LETTERS)
_UNSPACED_RUN = re.compile(_UNSPACED_LETTERS + "+")
_CONSONANTS = str.maketrans("0123456789abcdef", "bcdfghjklmnpqrtv")
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])\s+|\n")
TITLE_CHARACTERS = 60


def word_count(text: str) -> int:
    """Return how many words a text has; every character counts where words have no spaces."""
    return len(_WORD.findall(text)) + max(0, len(_UNSPACED.findall(text)) - 1)


def is_unspaced(text: str) -> bool:
    """Say whether a text has a script that puts no spaces between words."""
    return _UNSPACED.search(text) is not None


def grams(text: str) -> str | None:
    """Return the pairs of neighbouring letters of a script without spaces, as words for an index.

    `天気予報` becomes four words: 天気, 気予, 予報, 報. Any part of it is then a phrase, and one
    letter is the beginning of a word. Letters are written as five consonants each, which no
    tokenizer splits and no stemmer shortens.
    """
    runs = _UNSPACED_RUN.findall(unicodedata.normalize("NFKC", text))
    return " ".join(word for run in runs for word in _pairs(run)) or None


def gram_query(part: str) -> str:
    """Return the full-text expression that finds one run of letters without spaces."""
    if len(part) == 1:
        return f"{code_of(part)}*"
    return '"' + " ".join(_pairs(part)[:-1]) + '"'


def unspaced_runs(text: str) -> list[str]:
    """Return the runs of letters of scripts without spaces."""
    return _UNSPACED_RUN.findall(unicodedata.normalize("NFKC", text))


def _pairs(run: str) -> list[str]:
    """Return each letter with its neighbour, and the last one alone."""
    codes = [code_of(letter) for letter in run]
    return [left + right for left, right in zip(codes, [*codes[1:], ""], strict=True)]


def code_of(letter: str) -> str:
    """Return five consonants for a letter: a word that no tokenizer splits, no stemmer shortens."""
    return f"{ord(letter):05x}".translate(_CONSONANTS)


def spans(text: str) -> list[tuple[str, int, int]]:
    """Return every word, folded, with its start and end in code points."""
    if text.isascii():
        return [
            (found.group(), found.start(), found.end()) for found in _WORD.finditer(text.lower())
        ]
    return [(fold(found.group()), found.start(), found.end()) for found in _WORD.finditer(text)]


def title_of(text: str) -> str:
    """Return a short title from the first sentence of a text."""
    first = " ".join(_SENTENCE_END.split(text.strip(), maxsplit=1)[0].split())
    if len(first) <= TITLE_CHARACTERS:
        return first
    cut = first[: TITLE_CHARACTERS - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > TITLE_CHARACTERS // 2 else cut) + "…"
