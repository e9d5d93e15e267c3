"""Find words in a text, and blank what nobody says aloud; every offset stays as it is."""

import bisect
import re
from typing import Final
import unicodedata

# Letters of scripts without spaces are words of their own here: a mark then points at its letter.
_UNSPACED: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff"
_WORD: Final = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:['\u2019.,:-][^\W_{_UNSPACED}]+)*")
# Faces made of letters and signs, alone between spaces.
_EMOTICON: Final = re.compile(
    r"(?<!\S)(?:[:;=8xX]['\u2019]?-?[)(DPpOo3/\\|*]+|<3+|\^[_.-]?\^|[oO>uTt;][._][oO<uTt;]"
    r"|\([^\w\s()]{1,4}[^\s()]{0,4}[^\w\s()]{0,4}\))(?!\w)"
)
_MARKUP: Final = frozenset("*_`~#|\\{}[]<>^")
_SILENT_CATEGORIES: Final = frozenset({"So", "Sk", "Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
# Symbols that engines read well: "21 °C", "№ 5".
_SPOKEN_SYMBOLS: Final = frozenset("°№©®™")
# Marks that only change the picture before them.
_PICTURE_MARKS: Final = frozenset(map(chr, [*range(0xFE00, 0xFE10), 0x20E3]))


class WordFinder:
    """Find the word at a place of a text."""

    def __init__(self, text: str) -> None:
        """Take the text whose words are asked for."""
        self.starts = [match.start() for match in _WORD.finditer(text)]

    def start_of(self, position: int) -> int:
        """Return the first letter of the word at `position`, or of the nearest one before it."""
        if not self.starts:
            return 0
        return self.starts[max(0, bisect.bisect_right(self.starts, position) - 1)]


def has_words(text: str) -> bool:
    """Return whether anything in the text can be said."""
    return _WORD.search(speakable(text)) is not None


def speakable(text: str) -> str:
    """Return the text with emoji, emoticons and markup blanked, of the same length."""
    text = _EMOTICON.sub(lambda match: " " * len(match.group()), text)
    return "".join(" " if is_silent(letter) else letter for letter in text)


def is_silent(letter: str) -> bool:
    """Return whether a character is a picture, a control or markup, not speech."""
    if letter in _MARKUP:
        return True
    if letter in _SPOKEN_SYMBOLS or letter.isascii():
        return letter < " "
    return letter in _PICTURE_MARKS or unicodedata.category(letter) in _SILENT_CATEGORIES


def is_emoticon(token: str) -> bool:
    """Return whether a token between two spaces is an emoji or a face made of signs."""
    return bool(token) and not speakable(token).strip()
