"""Look at text as words, the same way the full-text indexes do."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
# Scripts written without spaces: Thai to Burmese, Khmer, kana, Han with its extensions, and the
# half-width kana. Hangul has spaces.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff]"
)
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])\s+|\n")
TITLE_CHARACTERS = 60


def word_count(text: str) -> int:
    """Return how many words a text has; every character counts where words have no spaces."""
    return len(_WORD.findall(text)) + max(0, len(_UNSPACED.findall(text)) - 1)


def is_unspaced(text: str) -> bool:
    """Say whether a text has a script that puts no spaces between words."""
    return _UNSPACED.search(text) is not None


def fold(text: str) -> str:
    """Return a text without case and accents, as `unicode61 remove_diacritics 2` compares it."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def spans(text: str) -> list[tuple[str, int, int]]:
    """Return every word, folded, with its start and end in code points."""
    return [(fold(found.group()), found.start(), found.end()) for found in _WORD.finditer(text)]


def title_of(text: str) -> str:
    """Return a short title from the first sentence of a text."""
    first = " ".join(_SENTENCE_END.split(text.strip(), maxsplit=1)[0].split())
    if len(first) <= TITLE_CHARACTERS:
        return first
    cut = first[: TITLE_CHARACTERS - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > TITLE_CHARACTERS // 2 else cut) + "…"
