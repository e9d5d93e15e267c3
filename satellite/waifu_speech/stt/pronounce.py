"""Find how words sound, in the phones of the recogniser's model (ARPAbet of cmudict)."""

from pathlib import Path
import re
from typing import Final

from ..errors import EngineMissingError
from ..tts.espeak_library import EspeakLibrary

# Longest first: espeak-ng writes vowels of two signs.
IPA_TO_PHONES: Final = {
    "aɪɚ": "AY ER", "aɪə": "AY AH", "tʃ": "CH", "dʒ": "JH", "ts": "T S", "aɪ": "AY", "aʊ": "AW",
    "eɪ": "EY", "oʊ": "OW", "əʊ": "OW", "ɔɪ": "OY", "oːɹ": "AO R", "ɔːɹ": "AO R", "ɑːɹ": "AA R",
    "ɛɹ": "EH R", "ɪɹ": "IH R", "ʊɹ": "UH R", "iə": "IY AH", "ɜː": "ER", "ɑː": "AA", "ɔː": "AO",
    "iː": "IY", "uː": "UW", "oː": "OW", "eː": "EY", "aː": "AA", "øː": "ER", "yː": "UW", "əl": "AH L",
    "n̩": "AH N", "ɑ": "AA", "æ": "AE", "a": "AE", "ʌ": "AH", "ə": "AH", "ɐ": "AH", "ɔ": "AO",
    "ɒ": "AA", "b": "B", "d": "D", "ð": "DH", "ɛ": "EH", "e": "EH", "ɚ": "ER", "ɜ": "ER", "f": "F",
    "ɡ": "G", "g": "G", "h": "HH", "ɪ": "IH", "ᵻ": "IH", "i": "IY", "j": "Y", "k": "K", "l": "L",
    "m": "M", "n": "N", "ŋ": "NG", "ɲ": "N Y", "o": "OW", "p": "P", "ɹ": "R", "r": "R", "ɾ": "T",
    "ʁ": "R", "s": "S", "ʃ": "SH", "ç": "SH", "t": "T", "θ": "TH", "ʊ": "UH", "u": "UW", "v": "V",
    "w": "W", "x": "K", "y": "UW", "ø": "ER", "œ": "ER", "z": "Z", "ʒ": "ZH", "ʔ": "T", "β": "V",
}  # fmt: skip
_IPA: Final = re.compile("|".join(sorted(map(re.escape, IPA_TO_PHONES), key=len, reverse=True)))
_VARIANT: Final = re.compile(r"\(\d+\)$")
_PART: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+")


class Pronouncer:
    """Look words up, and ask espeak-ng for names that no dictionary has."""

    def __init__(self, dictionary: Path) -> None:
        """Take cmudict as pocketsphinx ships it; it is read on first use."""
        self._path = dictionary
        self._known: dict[str, list[str]] | None = None
        self._espeak: EspeakLibrary | None = None

    def pronunciations(self, word: str) -> list[str]:
        """Return the ways in which a word is said; none where nobody knows."""
        word = word.casefold().replace("’", "'")
        known = self._dictionary().get(word)
        if known:
            return known
        parts = _PART.findall(word)
        if len(parts) > 1 and not any(part.isdecimal() for part in parts):
            said = [self.pronunciations(part)[:1] for part in parts]
            return [" ".join(way[0] for way in said if way)] if all(said) else []
        # A number is read with all its signs: "21.5" has a point in it.
        return self._guess(word if len(parts) > 1 else parts[0]) if parts else []

    def with_british(self, word: str) -> list[str]:
        """Return the ways in which a word is said on both sides of the Atlantic."""
        ways = self.pronunciations(word)
        british = phones_of(self._said(word.casefold(), "en-gb")) if ways else ""
        return [*ways, british] if british and british not in ways else ways

    def _dictionary(self) -> dict[str, list[str]]:
        """Return cmudict."""
        if self._known is None:
            self._known = {}
            for line in self._path.read_text(encoding="utf-8").splitlines():
                word, _, phones = line.partition(" ")
                self._known.setdefault(_VARIANT.sub("", word), []).append(phones)
        return self._known

    def _guess(self, word: str) -> list[str]:
        """Return what espeak-ng would say."""
        phones = phones_of(self._said(word, "en-us"))
        return [phones] if phones else []

    def _said(self, word: str, voice: str) -> str:
        """Return a word in IPA as a voice of espeak-ng says it; nothing where there is none."""
        if self._espeak is None:
            try:
                self._espeak = EspeakLibrary()
            except EngineMissingError:
                return ""
        self._espeak.set_voice(voice)
        return self._espeak.phonemes(word)


def phones_of(ipa: str) -> str:
    """Return the model's phones nearest to an IPA text."""
    plain = re.sub(r"\([^)]*\)|[ˈˌ_ \u0361|]", "", ipa)
    return " ".join(IPA_TO_PHONES[sound] for sound in _IPA.findall(plain))
