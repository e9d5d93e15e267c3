"""Bind libespeak-ng (speak_lib.h of espeak-ng 1.51) by ctypes."""

import ctypes
import ctypes.util
from dataclasses import dataclass
import math
from typing import Final

from ..errors import EngineMissingError

_OUTPUT_RETRIEVAL: Final = 1
_PHONEME_EVENTS: Final = 0x0001
_PHONEMES_AS_IPA: Final = 0x0002
_DONT_EXIT: Final = 0x8000
_CHARS_UTF8: Final = 1
_POS_CHARACTER: Final = 1
_ENDPAUSE: Final = 0x1000
# espeak_PARAMETER, with the library's own defaults.
_RATE: Final = 1
_PITCH: Final = 3
_RANGE: Final = 4
_DEFAULT_WPM: Final = 175
_WPM_LIMITS: Final = (80, 450)
_MIDDLE: Final = 50
# Measured on 1.51: this many steps of its pitch are a factor of e.
_PITCH_STEPS: Final = 20 / math.log(1.235)
EVENT_WORD: Final = 1
EVENT_PHONEME: Final = 7

NOT_INSTALLED: Final = (
    "espeak-ng is not installed: run `sudo apt install espeak-ng` on the speech server's machine"
)


class _Id(ctypes.Union):
    """The payload of an event."""

    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    """espeak_EVENT."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


class _Voice(ctypes.Structure):
    """espeak_VOICE."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        # A byte of priority before each language, so it is no plain string.
        ("languages", ctypes.POINTER(ctypes.c_char)),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EspeakEvent:
    """A word, phoneme or end on the sound."""

    kind: int
    sample: int
    position: int
    """Code points from the start of the text."""
    length: int
    phoneme: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EspeakVoice:
    """A voice of the library."""

    name: str
    """What `speak` takes: the voice's first language, as espeak-ng writes it."""
    description: str
    file: str
    """Where it is among espeak-ng's own, such as `roa/fr`."""


class EspeakLibrary:
    """One loaded libespeak-ng: it has one global state, so never two at once in a process."""

    def __init__(self) -> None:
        """Load and initialise the library."""
        self._library = _load()
        self._events: list[EspeakEvent] = []
        self._pcm: list[bytes] = []
        # The library keeps only the address: the object must live as long.
        self._callback = _Callback(self._on_sound)
        self.rate_hz = int(
            self._library.espeak_Initialize(
                _OUTPUT_RETRIEVAL, 0, None, _PHONEME_EVENTS | _PHONEMES_AS_IPA | _DONT_EXIT
            )
        )
        if self.rate_hz <= 0:
            raise EngineMissingError(
                "espeak-ng's data is not installed: run `sudo apt install espeak-ng-data`"
            )
        self._library.espeak_SetSynthCallback(self._callback)
        self._voice = ""
        self._file_of: dict[str, str] = {}

    def set_voice(self, name: str) -> bool:
        """Choose a voice by its language; return whether it exists."""
        if name == self._voice:
            return True
        # Where a language's file has another name ("fr-fr" is `roa/fr`), only the file is found.
        if all(
            self._library.espeak_SetVoiceByName(known.encode()) != 0
            for known in (name, self._files().get(name, name))
        ):
            return False
        self._voice = name
        return True

    def _files(self) -> dict[str, str]:
        """Return the file of each voice."""
        if not self._file_of:
            self._file_of = {voice.name: voice.file for voice in self.voices()}
        return self._file_of

    def set_delivery(self, *, rate: float, pitch: float, spread: float) -> None:
        """Choose speed, pitch and range of pitch, as factors of the voice's own."""
        lowest, highest = _WPM_LIMITS
        values = {
            _RATE: min(max(round(_DEFAULT_WPM * rate), lowest), highest),
            _PITCH: min(max(round(_MIDDLE + _PITCH_STEPS * math.log(pitch)), 0), 99),
            _RANGE: min(max(round(_MIDDLE * spread), 0), 99),
        }
        for parameter, value in values.items():
            self._library.espeak_SetParameter(parameter, value, 0)

    def synthesize(self, text: str) -> tuple[bytes, list[EspeakEvent]]:
        """Return 16-bit mono sound and its events."""
        self._events, self._pcm = [], []
        raw = text.replace("\0", " ").encode()
        self._library.espeak_Synth(
            raw, len(raw) + 1, 0, _POS_CHARACTER, 0, _CHARS_UTF8 | _ENDPAUSE, None, None
        )
        self._library.espeak_Synchronize()
        return b"".join(self._pcm), self._events

    def phonemes(self, word: str) -> str:
        """Return the sounds of a word as IPA, with stress marks."""
        address = ctypes.c_char_p(word.replace("\0", " ").encode())
        pointer = ctypes.pointer(address)
        parts = []
        while pointer.contents.value:
            raw = self._library.espeak_TextToPhonemes(pointer, _CHARS_UTF8, _PHONEMES_AS_IPA)
            parts.append((raw or b"").decode(errors="replace"))
        return " ".join(part for part in parts if part)

    def voices(self) -> list[EspeakVoice]:
        """Return the voices of the library, one for each language, without MBROLA's."""
        self._library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
        listed = self._library.espeak_ListVoices(None)
        voices: dict[str, EspeakVoice] = {}
        at = 0
        while listed[at]:
            voice = listed[at].contents
            at += 1
            file = (voice.identifier or b"").decode()
            if file.startswith(("mb/", "!v/")):
                continue
            name = ctypes.string_at(ctypes.addressof(voice.languages.contents) + 1).decode()
            description = voice.name.decode()
            voices.setdefault(name, EspeakVoice(name=name, description=description, file=file))
        return list(voices.values())

    def _on_sound(
        self, wave: "ctypes._Pointer[ctypes.c_short]", count: int, events: "ctypes._Pointer[_Event]"
    ) -> int:
        """Collect a piece of sound and its events."""
        if count > 0:
            self._pcm.append(ctypes.string_at(wave, count * 2))
        at = 0
        while events[at].type:
            self._collect(events[at])
            at += 1
        return 0

    def _collect(self, event: _Event) -> None:
        """Keep one event."""
        phoneme = ""
        if event.type == EVENT_PHONEME:
            phoneme = event.id.string.decode(errors="ignore")
        self._events.append(
            EspeakEvent(
                kind=event.type,
                sample=event.sample,
                # The library counts from one.
                position=max(0, event.text_position - 1),
                length=event.length,
                phoneme=phoneme,
            )
        )


def _load() -> ctypes.CDLL:
    """Return the system's libespeak-ng."""
    for name in ("libespeak-ng.so.1", ctypes.util.find_library("espeak-ng")):
        try:
            if name:
                library = ctypes.CDLL(name)
                library.espeak_TextToPhonemes.restype = ctypes.c_char_p
                return library
        except OSError:
            continue
    raise EngineMissingError(NOT_INSTALLED)
