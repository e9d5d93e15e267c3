"""Recognise the sentences of a grammar with pocketsphinx (5.1), and refuse all others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
import math
from pathlib import Path
import statistics
import sys
import tempfile
from typing import IO, Any, Final

import numpy as np
from pocketsphinx import Config, Decoder, get_model_path

from .automaton import Automaton
from .likeness import phone_distance
from .pronounce import Pronouncer

RATE_HZ: Final = 16000
_MODEL: Final = Path(get_model_path()) / "en-us"
DICTIONARY: Final = _MODEL / "cmudict-en-us.dict"
# Fitted on commands, other sentences, and commands with names that a home has not, of eight synthetic
# voices at 20 and 30 dB. Few phones tell little: a short command is allowed more, and one word that
# sounds like none of the grammar's tells more than the rest. A command that is asked for again costs
# less than a wrong one that is done.
MAX_DOUBT: Final = 37.5
_DISTANCE_WEIGHT: Final = 24.5
_BREVITY_WEIGHT: Final = 36.0
_WORST_WORD_WEIGHT: Final = 0.287
# Digital silence ruins the model's idea of the room: this is the hiss of a quiet microphone.
HISS_RMS: Final = 30.0
# The model wants the mean of its features taken away. It is known only from the sound itself, so
# after these many frames (10 ms) it is measured anew and the utterance so far is heard again.
_FIRST_MEASURE: Final = 60
# pocketsphinx counts its first guess as this many frames when it averages (CMN_WIN).
_GUESS_WEIGHT: Final = 500
_SAMPLES_PER_FRAME: Final = RATE_HZ // 100
# Wider than the default: a home's grammar is small enough to look at everything.
_BEAMS: Final = {"beam": 1e-64, "pbeam": 1e-64, "wbeam": 1e-48}
# Twice the default: in noise more of the model's densities have a say.
_DENSITIES: Final = 8
# Scores are logarithms to this base (logmath of pocketsphinx).
_LOG_BASE: Final = math.log(1.0001)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was recognised."""

    text: str
    doubt: float
    """How much better free phones explain the sound than the grammar does; below zero is usual."""

    @property
    def in_grammar(self) -> bool:
        """Return whether it sounds like the grammar rather than like other speech."""
        return bool(self.text) and self.doubt <= MAX_DOUBT


class Recognizer:
    """One grammar, one utterance at a time."""

    def __init__(
        self,
        automaton: Automaton,
        spelling: dict[str, str],
        voice: Pronouncer,
        *,
        before: Sequence[str] = (),
    ) -> None:
        """Take what can be said; `spelling` is how each word is written in the transcript.

        The end of a phrase `before` a sentence is heard, but not written: a room's sound begins
        somewhere in its wake word.
        """
        self._words: list[str] = []
        self._phones_of: dict[str, list[str]] = {}
        with tempfile.NamedTemporaryFile("w", suffix=".dict", encoding="utf-8") as dictionary:
            ids = self._write_dictionary(dictionary, automaton, voice)
            phrases = self._write_phrases(dictionary, before, voice)
            dictionary.flush()
            # The best path of the lattice need not end where a sentence ends.
            self._decoder = _decoder(dictionary.name, lm=None, bestpath=False, **_BEAMS)
        self._spelling = [spelling.get(word, word) for word in self._words]
        self._load(automaton, ids, phrases)
        self._phones = _decoder(None, allphone=str(_MODEL / "en-us-phone.lm.bin"))
        self._decoders = (self._decoder, self._phones)
        self._sound = bytearray()
        self._measured = 0
        self._noise = np.random.default_rng(1)

    def start(self) -> None:
        """Begin an utterance."""
        self._sound = bytearray()
        self._measured = 0
        for decoder in self._decoders:
            decoder.start_utt()

    def add(self, pcm: bytes) -> None:
        """Take more sound, 16 kHz 16-bit mono."""
        sound = np.frombuffer(pcm, dtype=np.int16)
        hiss = self._noise.normal(0.0, HISS_RMS, len(sound))
        raw = np.clip(sound + hiss, -32768, 32767).astype(np.int16).tobytes()
        self._sound += raw
        for decoder in self._decoders:
            decoder.process_raw(raw)
        if self._frames >= (2 * self._measured or _FIRST_MEASURE):
            self._measure()

    @property
    def _frames(self) -> int:
        """Return how many frames were heard."""
        return len(self._sound) // 2 // _SAMPLES_PER_FRAME

    def _measure(self) -> None:
        """Measure the mean of the features and hear the utterance again with it."""
        self._measured = self._frames
        mean = _measured_mean(self._decoder)
        for decoder in self._decoders:
            decoder.end_utt()
            decoder.set_cmn(mean)
            decoder.start_utt()
            decoder.process_raw(bytes(self._sound))

    def partial(self) -> str:
        """Return what was heard so far."""
        hypothesis = self._decoder.hyp()
        return self._text(hypothesis.hypstr) if hypothesis else ""

    def finish(self) -> Heard:
        """End the utterance and return what was heard."""
        if not self._measured and self._frames:
            self._measure()
        for decoder in self._decoders:
            decoder.end_utt()
        hypothesis, free = self._decoder.hyp(), self._phones.hyp()
        if not hypothesis or not free or not hypothesis.hypstr:
            return Heard(text="", doubt=math.inf)
        words = [part for part in self._decoder.seg() if part.word in self._phones_of]
        frames = sum(part.end_frame - part.start_frame + 1 for part in words)
        worse = (math.log(free.score) - math.log(hypothesis.score)) / _LOG_BASE / max(1, frames)
        phones = [phone for part in words for phone in self._phones_of[part.word]]
        # Silence and noise are "SIL" and "+SPN+".
        said = [p.word for p in self._phones.seg() if p.word.isalpha() and p.word != "SIL"]
        distance = phone_distance(phones, said)
        # A long sentence of which the grammar hears a few words is no short command.
        brevity = 1 / math.sqrt(max(1, len(phones), len(said)))
        doubt = (
            worse
            + _DISTANCE_WEIGHT * distance
            - _BREVITY_WEIGHT * brevity
            + _WORST_WORD_WEIGHT * _worst_word(words, self._phones.seg())
        )
        return Heard(text=self._text(hypothesis.hypstr), doubt=doubt)

    def _text(self, hypothesis: str) -> str:
        """Return the decoder's word numbers as the grammar's words."""
        return " ".join(
            self._spelling[int(number[1:])]
            for number in hypothesis.split()
            if number.startswith("w")
        )

    def _write_dictionary(
        self, file: IO[str], automaton: Automaton, voice: Pronouncer
    ) -> dict[str, str]:
        """Write the words that have a known sound, by numbers."""
        ids: dict[str, str] = {}
        for word in sorted({word for row in automaton.steps for word in row}):
            ways = voice.with_british(word)
            if not ways:
                continue
            ids[word] = f"w{len(self._words)}"
            self._words.append(word)
            for number, phones in enumerate(ways):
                variant = f"({number + 1})" if number else ""
                self._phones_of[f"{ids[word]}{variant}"] = phones.split()
                file.write(f"{ids[word]}{variant} {phones}\n")
        return ids

    def _write_phrases(self, file: IO[str], before: Sequence[str], voice: Pronouncer) -> list[str]:
        """Write each phrase as one word that may begin at any of its sounds."""
        ids = []
        for number, phrase in enumerate(before):
            phones = " ".join((voice.pronunciations(word) or [""])[0] for word in phrase.split())
            ends = [phones.split()[at:] for at in range(len(phones.split()) - 1)]
            for variant, end in enumerate(ends):
                name = f"p{number}" + (f"({variant + 1})" if variant else "")
                self._phones_of[name] = end
                file.write(f"{name} {' '.join(end)}\n")
            if ends:
                ids.append(f"p{number}")
        return ids

    def _load(self, automaton: Automaton, ids: dict[str, str], phrases: list[str]) -> None:
        """Give the decoder the automaton, behind the phrases that may come first."""
        end = len(automaton.steps)
        begin = end + 1
        steps: list[tuple[object, ...]] = [
            (state, target, 1.0, ids[word])
            for state, row in enumerate(automaton.steps)
            for word, target in row.items()
            if word in ids
        ]
        steps += [(state, end, 1.0) for state in automaton.finals]
        steps += [(begin, 0, 1.0), *((begin, 0, 1.0, phrase) for phrase in phrases)]
        fsg = self._decoder.create_fsg("house", begin, end, steps)
        self._decoder.add_fsg("house", fsg)
        self._decoder.activate_search("house")


def _worst_word(words: Sequence[Any], free: Iterable[Any]) -> float:
    """Return by how much a frame of the least likely word sounds better as free phones."""
    scores = [
        _log(part.ascore) / (part.end_frame - part.start_frame + 1)
        for part in free
        for _ in range(part.start_frame, part.end_frame + 1)
    ]
    return max(
        (
            statistics.fmean(scores[word.start_frame : word.end_frame + 1] or [0.0])
            - _log(word.ascore) / (word.end_frame - word.start_frame + 1)
            for word in words
        ),
        default=0.0,
    )


def _log(score: float) -> float:
    """Return a decoder's score as its logarithm."""
    return math.log(max(score, sys.float_info.min)) / _LOG_BASE


def _measured_mean(decoder: Decoder) -> str:
    """Return the mean of the features of the utterance so far, as `set_cmn` takes it."""
    guess = [float(value) for value in decoder.get_cmn(False).split(",")]
    frames = max(1, decoder.n_frames())
    updated = [float(value) for value in decoder.get_cmn(True).split(",")]
    # The update is the average of guess and sound: take the guess out again.
    return ",".join(
        str(new + (new - old) * _GUESS_WEIGHT / frames)
        for new, old in zip(updated, guess, strict=True)
    )


def _decoder(dictionary: str | None, **options: Any) -> Decoder:
    """Return a decoder with the model that the wheel brings."""
    config = Config(
        hmm=str(_MODEL / "en-us"),
        dict=dictionary,
        loglevel="FATAL",
        dither=True,
        topn=_DENSITIES,
        **options,
    )
    return Decoder(config)
