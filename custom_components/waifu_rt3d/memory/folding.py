"""Compare words without case and accents: `Straße` is `strasse`, `Ελλάδα` is `ελλαδα`.

The tokenizer of the full-text indexes folds Latin letters that are made of a plain one and accents,
and nothing else; so it gets what it would keep otherwise folded already (`searchable`).
"""

from functools import cache
import re
import unicodedata

# Accents of Latin, Greek and Cyrillic, points of Hebrew, vowels of Arabic: part of a word, and of no
# account. Signs of other scripts are neither.
MARKS = "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670"
_MARK = re.compile(f"[{MARKS}]")
# Letters of their own, though Unicode takes them apart: no Russian writes и for й, nor ㅋ as a part
# of a syllable. ё is not among them: most write е.
_WHOLE = re.compile("[йїўѓќ\u3130-\u318f]")
# What people type who have no key for a letter that Unicode does not take apart.
_TYPED = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "þ": "th",
     "ı": "i"}
)  # fmt: skip
# Where the tokenizer makes capitals small: it knows the letters of Unicode 6.1.
_CAPITALS = re.compile("[\u00c0-\u037e\u0386-\u0527\u0531-\u0556]")


def fold(text: str) -> str:
    """Return a text without case and accents, as it is searched for; other signs stay."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", text).translate(_FOLDED)


def searchable(text: str) -> str | None:
    """Return a text folded if the indexes would keep a letter of it otherwise."""
    if text.isascii():
        return None
    letters = set(text)
    if unicodedata.is_normalized("NFC", text) and not any(map(_is_kept_otherwise, letters)):
        return None
    return fold(text)


class _Folded(dict[int, str]):
    """Fold each letter once."""

    def __missing__(self, code: int) -> str:
        """Fold a letter that was not met before."""
        self[code] = folded = _letter_folded(chr(code))
        return folded


_FOLDED = _Folded()


def _letter_folded(letter: str) -> str:
    """Return what is compared of a letter; nothing of a mark."""
    small = letter.casefold()
    if _MARK.match(letter):
        return ""
    if not letter.isalnum() or _WHOLE.match(small):
        return small
    parts = unicodedata.normalize("NFKD", small).casefold()
    # Korean syllables come apart with the accents; the index has them whole.
    return unicodedata.normalize("NFC", _MARK.sub("", parts)).translate(_TYPED)


@cache
def _is_kept_otherwise(letter: str) -> bool:
    """Say whether `unicode61 remove_diacritics 2` may write a letter otherwise than `fold`."""
    if _MARK.match(letter):
        return True
    folded = _letter_folded(letter)
    if folded == letter:
        return False
    plain = unicodedata.normalize("NFD", letter.lower())
    # Of all Latin letters with accents, the tokenizer forgot these two.
    if plain[0].isascii() and letter not in "Ǡǡ":
        return folded != _MARK.sub("", plain)
    return not (_CAPITALS.match(letter) and folded == letter.lower())
