"""Find in a sound when each sound of a known text is said (forced alignment, pocketsphinx 5.1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
import re
from typing import Any, Final

import numpy as np
from pocketsphinx import Config, Decoder, get_model_path

from ..errors import NotAlignedError
from ..marks import Mark, tidy
from ..tts.arpabet import ARPABET_TO_IPA
from ..tts.resampling import at_pitch
from ..words import speakable
from .pauses import paused
from .pronounce import Pronouncer

RATE_HZ: Final = 16000
MAX_TEXT: Final = 2000
MAX_SOUND_S: Final = 60.0
_MODEL: Final = Path(get_model_path()) / "en-us"
_TOKEN: Final = re.compile(r"\S+")
_BEAMS: Final = {"beam": 1e-64, "pbeam": 1e-64, "wbeam": 1e-48}
_STEP_MS: Final = 10
_SHORTEST_FRAMES: Final = 3
_WEAK_MS: Final = 50
_AUDIBLE: Final = 0.05
_MAX_LEFT_OVER: Final = 0.25
# Digital silence ruins the model's idea of the room.
_HISS_RMS: Final = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pace:
    """How finely the model looks at a sound."""

    frames_a_s: int
    lead_ms: int
    """A frame looks at 25.6 ms from its start on: a sound that begins in its middle begins about here."""
    most_squeezed: float
    """The model's phones last three frames at least. A text that is not what is said is squeezed into
    places where it does not fit: more than this share of its phones are as short as that."""

    @property
    def frame_ms(self) -> float:
        """Return how long a frame lasts."""
        return 1000 / self.frames_a_s


# Measured: 0 to 13 % squeezed where the text is right, 29 % and more where it is another one. Speech of
# more than about 17 sounds a second is squeezed, too (up to 37 %): it is heard again with shorter
# frames, as if it were slower (0 to 7 %; another text 18 % and more).
_USUAL: Final = _Pace(frames_a_s=100, lead_ms=8, most_squeezed=0.22)
_QUICK: Final = _Pace(frames_a_s=150, lead_ms=18, most_squeezed=0.14)


class Aligner:
    """Align one sound after the other; words that were said once are known."""

    def __init__(self, pronouncer: Pronouncer, pace: _Pace = _USUAL) -> None:
        """Load the model."""
        self._pronouncer = pronouncer
        self._pace = pace
        self._quicker: Aligner | None = None
        self._decoder = Decoder(
            Config(
                hmm=str(_MODEL / "en-us"),
                dict=None,
                lm=None,
                loglevel="FATAL",
                dither=True,
                cmn="batch",
                bestpath=False,
                frate=pace.frames_a_s,
                **_BEAMS,
            )
        )
        self._known: set[str] = set()
        self._noise = np.random.default_rng(1)

    def align(self, text: str, pcm: bytes, rate_hz: int) -> tuple[Mark, ...]:
        """Return the marks of a text in 16-bit mono sound; raise a sentence where it is not in it."""
        if len(text) > MAX_TEXT or len(pcm) > MAX_SOUND_S * rate_hz * 2:
            raise NotAlignedError("The text is too long to be aligned")
        chars = list(self._add_words(text))
        if not chars or len(pcm) < rate_hz // 5:
            raise NotAlignedError("There is nothing to align")
        sound = self._prepared(pcm, rate_hz)
        rows = self._search(chars, sound)
        if self._is_squeezed(rows):
            if self._pace is _QUICK:
                raise NotAlignedError("The text is not what is said")
            self._quicker = self._quicker or Aligner(self._pronouncer, _QUICK)
            return self._quicker.align(text, pcm, rate_hz)
        _refuse_left_over(rows, sound, self._pace)
        duration_ms = len(pcm) // 2 * 1000 // rate_hz
        marks = tuple(tidy(_marks(rows, chars, duration_ms, self._pace), duration_ms))
        return tuple(tidy(list(paused(marks, pcm, rate_hz)), duration_ms))

    def _add_words(self, text: str) -> Iterator[tuple[str, int]]:
        """Yield each word's name for the decoder and its place; teach the decoder new ones."""
        said = speakable(text)
        for match in _TOKEN.finditer(said):
            token = match.group()
            letter = next((at for at, one in enumerate(token) if one.isalnum()), None)
            if letter is None:
                continue
            word = token[letter:].rstrip(".,;:!?…\"'”’)]}-–—").casefold()
            if word not in self._known and not self._teach(word):
                raise NotAlignedError(f"Nobody knows how {word[:40]!r} is said")
            yield _name(word), match.start() + letter

    def _teach(self, word: str) -> bool:
        """Tell the decoder how a word is said; return whether that is known."""
        ways = self._pronouncer.pronunciations(word)
        for number, phones in enumerate(ways):
            variant = f"({number + 1})" if number else ""
            self._decoder.add_word(f"{_name(word)}{variant}", phones, False)
        if ways:
            self._known.add(word)
        return bool(ways)

    def _prepared(self, pcm: bytes, rate_hz: int) -> bytes:
        """Return the sound as the model wants it."""
        raw = np.frombuffer(pcm[: len(pcm) // 2 * 2], np.int16).astype(np.float64)
        sound = at_pitch(raw, rate_hz / RATE_HZ)
        hiss = self._noise.normal(0.0, _HISS_RMS, len(sound))
        return np.clip(sound + hiss, -32768, 32767).astype(np.int16).tobytes()

    def _search(self, chars: list[tuple[str, int]], sound: bytes) -> list[Any]:
        """Return the decoder's words with their phones: first the words, then what is in them."""
        steps = [(at, at + 1, 1.0, name) for at, (name, _) in enumerate(chars)]
        self._decoder.add_fsg("text", self._decoder.create_fsg("text", 0, len(chars), steps))
        self._decoder.activate_search("text")
        self._hear(sound)
        if self._decoder.hyp() is None:
            raise NotAlignedError("The text is not what is said")
        try:
            self._decoder.set_alignment()
            self._hear(sound)
        except RuntimeError as err:
            raise NotAlignedError("The text is not what is said") from err
        return [
            (word.name, [(phone.name, phone.start, phone.duration) for phone in word])
            for word in self._decoder.get_alignment()
        ]

    def _is_squeezed(self, rows: list[Any]) -> bool:
        """Return whether too many sounds have no room."""
        lengths = [
            length
            for _, phones in rows
            for name, _, length in phones
            if name.lower() in ARPABET_TO_IPA
        ]
        squeezed = sum(length <= _SHORTEST_FRAMES for length in lengths)
        return not lengths or squeezed > self._pace.most_squeezed * max(10, len(lengths))

    def _hear(self, sound: bytes) -> None:
        """Let the decoder hear the whole sound."""
        self._decoder.start_utt()
        self._decoder.process_raw(sound, full_utt=True)
        self._decoder.end_utt()


def _name(word: str) -> str:
    """Return a word as the decoder's dictionary takes it: brackets there name its variants."""
    return f"w:{word.translate(str.maketrans('()', '[]'))}"


def _refuse_left_over(rows: list[Any], sound: bytes, pace: _Pace) -> None:
    """Raise where much of what is heard is in none of the text's words."""
    step = RATE_HZ * _STEP_MS // 1000
    samples = np.abs(np.frombuffer(sound, np.int16).astype(np.int32))
    peaks = samples[: len(samples) // step * step].reshape(-1, step).max(axis=1)
    heard = peaks > _AUDIBLE * peaks.max(initial=1)
    inside = np.zeros(len(peaks), bool)
    for name, phones in rows:
        for _, start, duration in phones if name.startswith("w:") else ():
            first, last = (at * pace.frame_ms / _STEP_MS for at in (start, start + duration))
            inside[round(first) : round(last)] = True
    if (heard & ~inside).sum() > _MAX_LEFT_OVER * heard.sum():
        raise NotAlignedError("More is said than the text")


def _ipa(phones: list[str], at: int, length_ms: int) -> str:
    """Return the IPA of a word's phone; the dictionary writes the vowels of "cut" and of "the" alike.

    Spoken weakly are those behind the word's first vowel, those before it ("about") and very short ones.
    """
    phone = phones[at].lower()
    if phone == "ah":
        vowels = [i for i, each in enumerate(phones) if each[:1] in "AEIOU"]
        weak = vowels[0] < at or (at == 0 and len(vowels) > 1)
        if weak or length_ms < _WEAK_MS:
            return "ə"
    return ARPABET_TO_IPA.get(phone, "")


def _marks(
    rows: list[Any], chars: list[tuple[str, int]], duration_ms: int, pace: _Pace
) -> list[Mark]:
    """Return a mark for each phone; what is between the words is silence."""
    marks: list[Mark] = []
    word = -1
    for name, phones in rows:
        word += name.startswith("w:")
        char = chars[min(max(word, 0), len(chars) - 1)][1]
        for at, (_, start, duration) in enumerate(phones):
            start_ms = round(start * pace.frame_ms) + pace.lead_ms
            end_ms = round((start + duration) * pace.frame_ms) + pace.lead_ms
            marks.append(
                Mark(
                    phoneme=_ipa([each[0] for each in phones], at, end_ms - start_ms),
                    start_ms=start_ms,
                    end_ms=end_ms,
                    char=char,
                )
            )
    if marks:
        first, last = marks[0], marks[-1]
        marks.insert(0, Mark(phoneme="", start_ms=0, end_ms=first.start_ms, char=first.char))
        marks.append(Mark(phoneme="", start_ms=last.end_ms, end_ms=duration_ms, char=last.char))
    return marks
