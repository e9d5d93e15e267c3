"""The judge: when each known phone sounds, found in the sound alone by CMU Sphinx.

What is said is taken from the engine (nobody else knows its pronunciation), never when: the times
come from an acoustic model of recorded people that has not seen the engine's own.
"""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
import pocketsphinx
import soxr

from waifu_speech.marks import Mark
from waifu_speech.stt.pronounce import _IPA, IPA_TO_PHONES

from .phones import Phone, joined

_RATE_HZ = 16_000
_FRAME_MS = 10.0
# The model's frames are 25.6 ms wide and are named by their start.
_MIDDLE_MS = 8.0
type Sounds = list[tuple[str, list[str]]]


def judged(pcm: bytes, rate_hz: int, marks: Sequence[Mark]) -> list[Phone] | None:
    """Return the engine's phones at the times that the acoustic model hears; None where it fails."""
    words = _words(marks)
    if not words:
        return None
    segments = _align(_resampled(pcm, rate_hz), words)
    return None if segments is None else _read(segments, words)


def _words(marks: Sequence[Mark]) -> list[Sounds]:
    """Return for each word its IPA sounds with the model's phones."""
    spoken = [mark for mark in marks if mark.phoneme]
    words = []
    for _, group in groupby(spoken, key=lambda mark: mark.char):
        sounds = [(mark.phoneme, _phones(mark.phoneme)) for mark in group]
        words.append([(ipa, phones) for ipa, phones in sounds if phones])
    return [word for word in words if word]


def _phones(ipa: str) -> list[str]:
    """Return the model's phones of one IPA sound."""
    return [phone for part in _IPA.findall(ipa) for phone in IPA_TO_PHONES[part].split()]


def _resampled(pcm: bytes, rate_hz: int) -> bytes:
    """Return the sound at the model's rate with a tail of near silence."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32)
    samples = samples if rate_hz == _RATE_HZ else soxr.resample(samples, rate_hz, _RATE_HZ)
    tail = np.random.default_rng(1).normal(0, 3, _RATE_HZ // 5)
    return bytes(np.clip(np.concatenate([samples, tail]), -32768, 32767).astype("<i2").tobytes())


def _align(pcm: bytes, words: list[Sounds]) -> list[tuple[str, float, float]] | None:
    """Return the model's phones with their start and end (ms)."""
    models = Path(pocketsphinx.get_model_path()) / "en-us"
    config = pocketsphinx.Config(
        hmm=str(models / "en-us"),
        dict=str(models / "cmudict-en-us.dict"),
        lm=None,
        loglevel="FATAL",
        samprate=float(_RATE_HZ),
        dither=True,
    )
    decoder = pocketsphinx.Decoder(config)
    names = []
    for at, word in enumerate(words):
        name = "word" + "".join(chr(ord("a") + int(digit)) for digit in str(at))
        decoder.add_word(name, " ".join(phone for _, phones in word for phone in phones), False)
        names.append(name)
    try:
        decoder.set_align_text(" ".join(names))
        for step in range(2):
            if step:
                decoder.set_alignment()
            decoder.start_utt()
            decoder.process_raw(pcm, full_utt=True)
            decoder.end_utt()
            # Asked in the second pass, where there are no words to find, it would crash.
            if step == 0 and decoder.hyp() is None:
                return None
    except RuntimeError:
        return None
    return [
        (
            phone.name,
            phone.start * _FRAME_MS + _MIDDLE_MS,
            (phone.start + phone.duration) * _FRAME_MS + _MIDDLE_MS,
        )
        for word in decoder.get_alignment()
        for phone in word
    ]


def _read(segments: list[tuple[str, float, float]], words: list[Sounds]) -> list[Phone] | None:
    """Return the IPA sounds with the times of their phones, and the pauses between."""
    sounding = iter([one for one in segments if one[0] not in {"SIL", "+NSN+", "+SPN+"}])
    phones = [
        Phone(ipa="", start_ms=start, end_ms=end) for name, start, end in segments if name == "SIL"
    ]
    try:
        for word in words:
            for ipa, parts in word:
                times = [next(sounding) for _ in parts]
                phones.append(Phone(ipa=ipa, start_ms=times[0][1], end_ms=times[-1][2]))
    except StopIteration:
        return None
    return joined(phones)
