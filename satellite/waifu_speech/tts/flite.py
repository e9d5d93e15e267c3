"""Speak with flite (libflite 2.2): English, pleasanter than espeak-ng, with its own phone times."""

from collections.abc import Iterator
import ctypes
from dataclasses import dataclass, replace
from typing import Final
import unicodedata

from ..errors import EngineMissingError, UnknownVoiceError
from ..marks import Mark, Source, Spoken, tidy, trim
from ..words import WordFinder, speakable
from .arpabet import ARPABET_TO_IPA
from .delivery import PLAIN, Delivery
from .loudness import at_volume
from .resampling import bent


@dataclass(frozen=True, slots=True, kw_only=True)
class FliteVoice:
    """A voice that Debian's package brings."""

    library: str
    description: str
    bends: bool = True
    """Whether its pitch can be set; else the finished sound is played at another speed."""


VOICES: Final = {
    "slt": FliteVoice(library="cmu_us_slt", description="slt, American woman"),
    "rms": FliteVoice(library="cmu_us_rms", description="rms, American man", bends=False),
    "awb": FliteVoice(library="cmu_us_awb", description="awb, Scottish man"),
    "kal16": FliteVoice(library="cmu_us_kal16", description="kal, American man, like a robot"),
}
_SPREAD: Final = b"int_f0_target_stddev"
# Measured on slt and awb, whose models have their own; hertz.
_USUAL_SPREAD: Final = 24.0
NOT_INSTALLED: Final = (
    "flite is not installed: run `sudo apt install flite` on the speech server's machine"
)
# From a segment of sound to the token of the text that it belongs to.
_TOKEN_OF_SEGMENT: Final = b"R:SylStructure.parent.parent.R:Token.parent"
_PLAIN: Final = str.maketrans(
    {
        "\u2019": "'",
        "\u2018": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": "-",
        "\u2014": ",",
        "\u2026": ".",
        "°": " ",
        "€": " ",
    }
)


class _Wave(ctypes.Structure):
    """cst_wave."""

    _fields_ = (
        ("type", ctypes.c_char_p),
        ("sample_rate", ctypes.c_int),
        ("num_samples", ctypes.c_int),
        ("num_channels", ctypes.c_int),
        ("samples", ctypes.POINTER(ctypes.c_short)),
    )


class _VoiceHead(ctypes.Structure):
    """The beginning of cst_voice."""

    _fields_ = (("name", ctypes.c_char_p), ("features", ctypes.c_void_p))


class FliteEngine:
    """flite with marks from the segments of its own utterance."""

    def __init__(self) -> None:
        """Load the library."""
        self._flite = _load("libflite.so.1")
        for language in ("libflite_cmulex.so.1", "libflite_usenglish.so.1"):
            _load(language)
        _declare(self._flite)
        self._flite.flite_init()
        self._voices: dict[str, int] = {}

    def voices(self) -> list[tuple[str, str]]:
        """Return name and description of each installed voice."""
        return [(name, VOICES[name].description) for name in installed_voices()]

    def speak(self, text: str, voice: str, delivery: Delivery = PLAIN) -> Spoken:
        """Return the sound of one segment and its marks."""
        said = _ascii(speakable(text))
        if not said.strip():
            return Spoken(rate_hz=16000, pcm=b"", marks=(), source=Source.EXACT)
        address = self._voice(voice)
        self._deliver(voice, address, delivery)
        utterance = self._flite.flite_synth_text(said.encode(), address)
        try:
            spoken = self._read(utterance, said)
        finally:
            self._flite.delete_utterance(utterance)
        if not VOICES[voice].bends:
            spoken = bent(spoken, delivery.pitch)
        return trim(replace(spoken, pcm=at_volume(spoken.pcm, delivery.volume)))

    def _voice(self, name: str) -> int:
        """Return a voice, loaded once."""
        if name not in VOICES:
            raise UnknownVoiceError(f"flite has no voice named {name!r}")
        if name not in self._voices:
            library = _load(f"libflite_{VOICES[name].library}.so.1")
            register = getattr(library, f"register_{VOICES[name].library}")
            register.restype = ctypes.c_void_p
            self._voices[name] = register(None)
        return self._voices[name]

    def _deliver(self, name: str, address: int, delivery: Delivery) -> None:
        """Set speed, pitch and range of pitch in the voice's features."""
        features = ctypes.cast(address, ctypes.POINTER(_VoiceHead)).contents.features
        stretch = 1 / delivery.rate
        values = {b"duration_stretch": stretch, b"f0_shift": delivery.pitch}
        if not VOICES[name].bends:
            values = {b"duration_stretch": stretch * delivery.pitch}
        if delivery.range == 1.0:
            self._flite.feat_remove(features, _SPREAD)
        else:
            values[_SPREAD] = _USUAL_SPREAD * delivery.range
        for feature, value in values.items():
            self._flite.flite_feat_set_float(features, feature, value)

    def _read(self, utterance: int, text: str) -> Spoken:
        """Return sound and marks of a finished utterance."""
        wave = self._flite.utt_wave(utterance).contents
        pcm = ctypes.string_at(wave.samples, wave.num_samples * 2)
        duration_ms = wave.num_samples * 1000 // wave.sample_rate
        chars = self._token_chars(utterance, text)
        marks: list[Mark] = []
        start_ms = 0
        char = WordFinder(text).start_of(0)
        for segment in self._items(utterance, b"Segment"):
            end_ms = int(self._flite.item_feat_float(segment, b"end") * 1000)
            phone = self._flite.item_feat_string(segment, b"name").decode()
            token = self._flite.path_to_item(segment, _TOKEN_OF_SEGMENT)
            char = chars.get(token, char)
            phoneme = ARPABET_TO_IPA.get(phone, "")
            marks.append(Mark(phoneme=phoneme, start_ms=start_ms, end_ms=end_ms, char=char))
            start_ms = end_ms
        return Spoken(
            rate_hz=wave.sample_rate,
            pcm=pcm,
            marks=tuple(tidy(marks, duration_ms)),
            source=Source.EXACT,
        )

    def _token_chars(self, utterance: int, text: str) -> dict[int, int]:
        """Return for each token where its word begins in the text."""
        words = WordFinder(text)
        chars: dict[int, int] = {}
        at = 0
        for token in self._items(utterance, b"Token"):
            name = self._flite.item_feat_string(token, b"name").decode(errors="replace")
            found = text.find(name, at)
            if found >= 0:
                at = found
            chars[token] = words.start_of(at)
            at += len(name) if found >= 0 else 0
        return chars

    def _items(self, utterance: int, relation: bytes) -> Iterator[int]:
        """Yield the items of one relation of an utterance."""
        item = self._flite.relation_head(self._flite.utt_relation(utterance, relation))
        while item:
            yield item
            item = self._flite.item_next(item)


def installed_voices() -> list[str]:
    """Return the voices whose libraries are on this machine."""
    found = []
    for name, voice in VOICES.items():
        try:
            _load(f"libflite_{voice.library}.so.1")
        except EngineMissingError:
            continue
        found.append(name)
    return found


def _load(name: str) -> ctypes.CDLL:
    """Return a library whose symbols the others see: flite's parts don't link each other."""
    try:
        return ctypes.CDLL(name, mode=ctypes.RTLD_GLOBAL)
    except OSError:
        raise EngineMissingError(NOT_INSTALLED) from None


def _declare(flite: ctypes.CDLL) -> None:
    """Tell ctypes the types of what is called (flite.h, cst_utterance.h, cst_item.h)."""
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    signatures: dict[str, tuple[object, list[object]]] = {
        "flite_synth_text": (pointer, [text, pointer]),
        "utt_relation": (pointer, [pointer, text]),
        "relation_head": (pointer, [pointer]),
        "item_next": (pointer, [pointer]),
        "path_to_item": (pointer, [pointer, text]),
        "item_feat_string": (text, [pointer, text]),
        "feat_remove": (ctypes.c_int, [pointer, text]),
        "flite_feat_set_float": (None, [pointer, text, ctypes.c_float]),
        "item_feat_float": (ctypes.c_float, [pointer, text]),
        "utt_wave": (ctypes.POINTER(_Wave), [pointer]),
        "delete_utterance": (None, [pointer]),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(flite, name)
        function.restype = result
        function.argtypes = arguments


def _ascii(text: str) -> str:
    """Return the text in the letters that flite knows, of the same length."""
    return "".join(
        letter if letter.isascii() and letter >= " " else _base_letter(letter)
        for letter in text.translate(_PLAIN)
    )


def _base_letter(letter: str) -> str:
    """Return the ASCII letter under the accents, a space where there is none."""
    base = unicodedata.normalize("NFKD", letter)[:1]
    return base if base.isascii() and base.isalnum() else " "
