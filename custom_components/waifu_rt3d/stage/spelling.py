"""Guess from its spelling how a word sounds: rules for English and German, letters for all others.

Enough to know where a mouth opens and shuts and about how long it takes; no dictionary.
"""

from collections.abc import Sequence
from functools import lru_cache
import re
from typing import Final
import unicodedata

type Rules = tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]


def _rules(text: str) -> Rules:
    """Read rules: a spelling (regular expression), then its sounds; "-" is silent."""
    rules = []
    for line in text.strip().splitlines():
        spelling, *sounds = line.split()
        rules.append((re.compile(spelling), () if sounds == ["-"] else tuple(sounds)))
    return tuple(rules)


# The first rule that fits at a place wins.
_ENGLISH: Final = _rules(
    r"""
    ^the$ ð ə
    ^(?:to|do)$ t uː
    ^you$ j uː
    ^your$ j ɔː ɹ
    ^of$ ə v
    ^one$ w ʌ n
    ^two$ t uː
    ^i$ aɪ
    ^i(?=['’]) aɪ
    ^a$ ə
    ^(?:are|our)$ ɑː ɹ
    ^(?:was)$ w ɒ z
    ^(?:is)$ ɪ z
    ^(?:have)$ h æ v
    ^(?:some)$ s ʌ m
    ^(?:come)$ k ʌ m
    tion ʃ ə n
    sion ʒ ə n
    cial ʃ ə l
    ture(?=s?$) tʃ ə
    (?<=\w)ous$ ə s
    eigh eɪ
    aigh eɪ
    augh ɔː
    ough oʊ
    igh aɪ
    tch tʃ
    dge dʒ
    ^kn n
    ^wr ɹ
    ^gn n
    mb$ m
    qu k w
    ck k
    ch tʃ
    sh ʃ
    ^th(?=e|a(?!nk)|is|us|ose|ough$) ð
    th θ
    ph f
    wh w
    gh -
    ng$ ŋ
    ng(?=s$|th) ŋ
    nk ŋ k
    oo(?=k) ʊ
    oo uː
    ee iː
    ea(?=d$|th) ɛ
    ea iː
    oa oʊ
    oi|oy ɔɪ
    ou(?=r) ɔː
    ou aʊ
    ow$ oʊ
    ow aʊ
    ai|ay eɪ
    ey$ iː
    au|aw ɔː
    ew|ue$ uː
    ie(?=s?$) aɪ
    ie iː
    ei eɪ
    er$ ɚ
    er(?=s$|ed$) ɚ
    (?:er|ir|ur)(?![aeiou]) ɜː
    or(?![aeiou]) ɔː ɹ
    ar(?![aeiou]) ɑː ɹ
    a(?=[^aeiouwxy]e(?:s|d)?$) eɪ
    i(?=[^aeiouwxy]e(?:s|d)?$) aɪ
    o(?=[^aeiouwxy]e(?:s|d)?$) oʊ
    u(?=[^aeiouwxy]e(?:s|d)?$) uː
    i(?=nd$|ld$) aɪ
    o(?=ld$|ll$|st$) oʊ
    a(?=ll|lk) ɔː
    (?<=[td])ed$ ɪ d
    (?<=\w\w)ed$ d
    (?<=[aeiouy].)e$ -
    (?<=..)e$ -
    (?<=[aeiouy].)e(?=s$) -
    le$ ə l
    ([bcdfghjklmnpqrstvwxyz])(?=\1) -
    c(?=[eiy]) s
    c k
    g(?=[eiy]\w) dʒ
    s$ z
    x k s
    ^y j
    y(?=[aeiou]) j
    (?<=[^aeiou]..)y$ iː
    (?<=[aeiou].)y$ iː
    y$ aɪ
    y ɪ
    e$ iː
    o$ oʊ
    a$ ə
    a æ
    e ɛ
    i ɪ
    o ɒ
    u ʌ
    j dʒ
    r ɹ
    """
)
_GERMAN: Final = _rules(
    r"""
    tsch tʃ
    sch ʃ
    ^st ʃ t
    ^sp ʃ p
    ch ç
    ck k
    qu k v
    ph f
    th t
    ng ŋ
    ei|ai|ay|ey aɪ
    ie iː
    eu|äu ɔɪ
    au aʊ
    (?:aa|ah) aː
    (?:ee|eh) eː
    (?:oo|oh) oː
    uh uː
    ih iː
    ([bcdfghjklmnpqrstvwxz])(?=\1) -
    (?<=\w\w)er(?=s?$|st$) ɐ
    (?<=\w)e[nm]$ ə n
    (?<=\w)e$ ə
    s(?=[aeiouäöü]) z
    ß s
    z t s
    w v
    v f
    x k s
    y y
    ä ɛ
    ö ø
    ü y
    a a
    e ɛ
    i ɪ
    o ɔ
    u ʊ
    c k
    r ʁ
    """
)
_LETTERS: Final = _rules(
    r"""
    ch ʃ
    sh ʃ
    zh ʒ
    qu k
    c k
    q k
    x k s
    y i
    j ʒ
    r r
    """
)
_RULES: Final = {"en": _ENGLISH, "de": _GERMAN}
_DIGITS: Final = {
    "en": "z ɪ ɹ oʊ|w ʌ n|t uː|θ ɹ iː|f ɔː ɹ|f aɪ v|s ɪ k s|s ɛ v ə n|eɪ t|n aɪ n",
    "de": "n ʊ l|aɪ n s|t s v aɪ|d ʁ aɪ|f iː ɐ|f y n f|z ɛ k s|z iː b ə n|a x t|n ɔɪ n",
}
_ANY_DIGIT: Final = ("d", "e", "n")
_ANY_SYLLABLE: Final = ("t", "a")


@lru_cache(maxsize=4096)
def sounds_of(word: str, language: str) -> tuple[str, ...]:
    """Return the sounds of a word, IPA; at least one, whatever the word is."""
    family = language.partition("-")[0].lower()
    rules = _RULES.get(family, _LETTERS)
    spelled = _latin(unicodedata.normalize("NFC", word.lower()), keep=family == "de")
    sounds: list[str] = []
    at = 0
    while at < len(spelled):
        found = _rule(rules, spelled, at)
        if found is None:
            sounds += _letter(spelled[at], family)
            at += 1
        else:
            length, said = found
            sounds += said
            at += length
    return tuple(sounds) or _ANY_SYLLABLE


def _rule(rules: Rules, word: str, at: int) -> tuple[int, Sequence[str]] | None:
    """Return the length and the sounds of the first rule that fits at a place."""
    for pattern, sounds in rules:
        match = pattern.match(word, at)
        if match and match.end() > at:
            return match.end() - at, sounds
    return None


def _letter(letter: str, family: str) -> Sequence[str]:
    """Return the sounds of a letter that no rule knows; signs are silent."""
    if letter.isdecimal():
        digits = _DIGITS.get(family)
        value = int(unicodedata.digit(letter))
        return digits.split("|")[value].split() if digits else _ANY_DIGIT
    return (letter,) if letter.isalpha() else ()


def _latin(word: str, *, keep: bool) -> str:
    """Return a word in Latin letters; `keep` leaves the letters of German as they are."""
    return "".join(
        letter if letter.isascii() or (keep and letter in "äöüß") else _named(letter)
        for letter in word
    )


def _named(letter: str) -> str:
    """Return a letter by what Unicode calls it: й is "SHORT I", か is "KA", 한 is "HAN"."""
    base = unicodedata.normalize("NFD", letter)[0]
    if base.isascii() or not letter.isalnum() or letter.isdecimal():
        return base
    kind, _, name = unicodedata.name(letter, "").partition(" ")
    name = name.rpartition(" ")[2].lower()
    if not name.isascii() or not name.isalpha():
        return "ta"  # an ideograph: a syllable of some kind
    if kind == "CYRILLIC" and len(name) == 2 and name[0] == "e":
        return name[1]  # "ER", "ES", "EM" …
    # In alphabets a letter's name says its sound first, in syllabaries it is the sound.
    return name if kind in {"HIRAGANA", "KATAKANA", "HANGUL"} else name[:1]
