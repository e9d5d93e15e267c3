"""Guess how the bytes of a file are to be read that is not UTF-8, as tools of Windows write them.

charset-normalizer tells scripts and languages apart. Code pages of Latin letters have most letters in
common, so the alphabets of their languages decide among them: a Hungarian `õ` is a wrong reading of
an `ő`.
"""

import re

# By its modules: Home Assistant has it at a pin of its own (requests needs it).
from charset_normalizer import from_bytes

# Codec → name that people know. Of two that fit alike, the first.
_NAMES = {
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1254": "Windows-1254",
    "cp1257": "Windows-1257",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "koi8_r": "KOI8-R",
    "cp874": "Windows-874",
    "cp932": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "gb18030": "GB18030",
    "big5": "Big5",
    "cp949": "EUC-KR",
}
# What each language writes beside a to z, by the code page that its Windows uses.
_ALPHABETS = {
    "cp1252": (
        "äöüß", "àâæçèéêëîïôùûüœÿ", "áéíñóúüªº", "àáâãçéêíóôõúüªº", "àèéìíîòóùú", "åäöé", "æøåéòó",
        "àçèéíïòóúü·", "áéëèïóöü", "áéíóúýþæöð",
    ),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîşţ"),
    "cp1254": ("çğıöşüâî",),
    "cp1257": ("āčēģīķļņšūž", "ąčęėįšųūž", "äöõüšž"),
}  # fmt: skip
_OF_TWO_BYTES = {"cp932", "euc_jp", "gb18030", "big5", "cp949"}
# Fewer letters than this tell nothing: nearly any two bytes are a letter somewhere in Asia.
_ENOUGH_BYTES = 4
_ENOUGH_OF_TWO_BYTES = 24
# As charset-normalizer measures it; 0.2 is its own limit, too low for Finnish.
_MOST_CHAOS = 0.3
_SAMPLE_BYTES = 64 * 1024
_BEFORE_BYTES = 200
_FOREIGN = re.compile(rb"[\x80-\xff]")
# No letter of any of these code pages has one in it.
_QUOTE = b'"'


def guess(data: bytes) -> tuple[str, str] | None:
    """Return the codec of a text and the name that people know it by, or nothing if unsure."""
    sample = _sample(data)
    if b"\0" in data or _is_broken_utf8(sample):
        return None
    foreign = sum(byte > 0x7F for byte in sample)
    if foreign < _ENOUGH_BYTES:
        return None
    found = from_bytes(
        sample, cp_isolation=list(_NAMES), enable_fallback=False, threshold=_MOST_CHAOS
    )
    best = found.best()
    if best is None:
        return None
    codec = best.encoding
    if codec in _OF_TWO_BYTES and foreign < _ENOUGH_OF_TWO_BYTES:
        return None
    if codec in _ALPHABETS:
        fitting = {one.encoding for one in found} | {*best.could_be_from_charset}
        codec = min(
            (one for one in _ALPHABETS if one in fitting or one == "cp1252"),
            key=lambda one: _strangers(sample, one),
        )
    return codec, _NAMES[codec]


def _is_broken_utf8(sample: bytes) -> bool:
    """Say whether most letters beyond ASCII are whole in UTF-8: then some of its bytes are lost."""
    text = sample.decode("utf-8", "surrogateescape")
    lost = sum("\udc80" <= letter <= "\udcff" for letter in text)
    whole = len(sample) - lost - sum(letter < "\x80" for letter in text)
    return whole >= lost


def _sample(data: bytes) -> bytes:
    """Return what is said with letters beyond ASCII, as much as is needed."""
    parts: list[bytes] = []
    size = end = 0
    while size < _SAMPLE_BYTES and (found := _FOREIGN.search(data, end)):
        least = max(end, found.start() - _BEFORE_BYTES)
        start = max(least, data.rfind(_QUOTE, least, found.start()) + 1)
        last = min(len(data), found.start() + _SAMPLE_BYTES)
        end = data.find(_QUOTE, found.start(), last)
        end = last if end < 0 else end
        parts.append(data[start:end])
        size += end - start
    return b"\n".join(parts)


def _strangers(sample: bytes, codec: str) -> int:
    """Return how many letters of a text the best fitting alphabet of a code page doesn't have."""
    letters = [
        letter
        for letter in sample.decode(codec, "replace").casefold()
        if letter > "\x7f" and (letter.isalnum() or letter == "\ufffd")
    ]
    return min(sum(letter not in alphabet for letter in letters) for alphabet in _ALPHABETS[codec])
