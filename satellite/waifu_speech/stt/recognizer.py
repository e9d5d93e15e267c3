"""Recognise the sentences of a grammar with pocketsphinx (5.1), and refuse all others.

A decoder guesses while somebody speaks. What counts is heard when the voice has fallen silent, from
the whole utterance without its noise, by a second one that looks further, and at other pitches where
it is not sure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
import math
import statistics
import tempfile
from typing import IO, Final

import numpy as np
from pocketsphinx import Decoder

from .automaton import Automaton
from .denoising import Sound, without_noise
from .doubt import MAX_DOUBT, disagreement, doubt_of
from .guessing import Guesser
from .pronounce import Pronouncer
from .reading import Reading, read
from .silence import SilenceFinder
from .sphinx import PHONES, open_decoder

# Digital silence ruins the model's idea of the room: this is the hiss of a quiet microphone.
HISS_RMS: Final = 30.0
# The best path of the lattice need not end where a sentence ends.
_GRAMMAR: Final = {"lm": None, "bestpath": False}
_GUESSING: Final = {**_GRAMMAR, "topn": 4}
# Wider than the default: a home's grammar is small enough to look at everything. Words cost a little
# more, because "a" and "the" are found in every noise.
_HEARING: Final = {
    **_GRAMMAR,
    "beam": 1e-64,
    "pbeam": 1e-64,
    "wbeam": 1e-64,
    "maxhmmpf": -1,
    "wip": 0.2,
    "cmn": "batch",
}
# With the default weight of 6.5 for what phones usually follow one another a quarter of all phones
# goes unheard, and what is left is nearly as far from a right command as from a wrong one.
_FREE: Final = {"allphone": str(PHONES), "cmn": "batch", "lw": 3.0}
# The model learned throats of a middle length: men are mostly heard better a little higher, women
# lower, and what sounds best counts. Two that heard the same are enough where so little is doubted;
# the first has the guess for its second.
_PITCHES: Final = ((1.0, 43.5), (1.06, 60.0), (0.94, MAX_DOUBT))


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was recognised."""

    text: str
    doubt: float
    """How much better free phones explain the sound than the grammar does; 20 to 50 is usual."""

    @property
    def in_grammar(self) -> bool:
        """Return whether it sounds like the grammar rather than like other speech."""
        return bool(self.text) and self.doubt <= MAX_DOUBT


NOTHING_HEARD: Final = Heard(text="", doubt=math.inf)


def open_free_phones() -> Decoder:
    """Return a decoder that hears any phones; grammars share it."""
    return open_decoder(None, **_FREE)


class Recognizer:
    """One grammar, one utterance at a time."""

    def __init__(
        self,
        automaton: Automaton,
        spelling: dict[str, str],
        voice: Pronouncer,
        free: Decoder,
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
            self._guesser = Guesser(guessing := open_decoder(dictionary.name, **_GUESSING))
            self._decoder = open_decoder(dictionary.name, **_HEARING)
        self._spelling = [spelling.get(word, word) for word in self._words]
        for decoder in (guessing, self._decoder):
            _load(decoder, automaton, ids, phrases)
        self._free = free
        self.start()

    def start(self) -> None:
        """Begin an utterance."""
        self._sound = bytearray()
        self._silence = SilenceFinder()
        self._heard: Heard | None = None
        self._heard_frames = 0
        self._noise = np.random.default_rng(1)
        self._guesser.start()

    def add(self, pcm: bytes) -> None:
        """Take more sound, 16 kHz 16-bit mono."""
        samples = np.frombuffer(pcm, dtype=np.int16)
        hissing = samples + self._noise.normal(0.0, HISS_RMS, len(samples))
        raw = np.clip(hissing, -32768, 32767).astype(np.int16).tobytes()
        self._sound += raw
        self._silence.add(hissing)
        self._guesser.add(raw)
        if not self._is_heard and self._silence.has_paused:
            self._hear()

    @property
    def _is_heard(self) -> bool:
        """Return whether nothing was said since the utterance was heard."""
        return self._heard is not None and self._silence.is_silent_since(self._heard_frames)

    @property
    def is_settled(self) -> bool:
        """Return whether a command is understood that stands if nothing more is said."""
        return self._heard is not None and self._heard.in_grammar and self._is_heard

    def partial(self) -> str:
        """Return what was heard so far."""
        if self._heard is not None and self.is_settled:
            return self._heard.text
        return self._text(self._guesser.words())

    def finish(self) -> Heard:
        """End the utterance and return what was heard; in a pause it is known already."""
        self._guesser.stop()
        if not self._is_heard:
            self._hear()
        assert self._heard is not None
        return self._heard

    def _hear(self) -> None:
        """Hear the whole utterance so far."""
        self._heard_frames = self._silence.frames
        sound = without_noise(np.frombuffer(self._sound, dtype=np.int16).astype(np.float64))
        free = read(self._free, sound)
        self._heard = self._understood(sound, free) if free else NOTHING_HEARD

    def _understood(self, sound: Sound, free: Reading) -> Heard:
        """Return what the grammar makes of a sound, heard at other pitches until that is sure."""
        guess = self._text(self._guesser.words())
        readings: list[Reading] = []
        heard = NOTHING_HEARD
        for pitch, enough in _PITCHES:
            if reading := read(self._decoder, sound, pitch):
                readings.append(reading)
                heard = self._judged(readings, free)
            texts = {self._text(reading.words) for reading in readings}
            if heard.doubt <= enough and texts == {heard.text if len(readings) > 1 else guess}:
                break
        return heard

    def _judged(self, readings: Sequence[Reading], free: Reading) -> Heard:
        """Return the text that sounds best, and how far it may be believed."""
        best = max(readings, key=lambda reading: reading.score)
        text = self._text(best.words)
        apart = [disagreement(self._text(one.words), text) for one in readings if one is not best]
        doubt = doubt_of(best, free, self._phones_of, statistics.fmean(apart or [0.0]))
        return Heard(text=text, doubt=doubt)

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


def _load(decoder: Decoder, automaton: Automaton, ids: dict[str, str], phrases: list[str]) -> None:
    """Give a decoder the automaton, behind the phrases that may come first."""
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
    fsg = decoder.create_fsg("house", begin, end, steps)
    decoder.add_fsg("house", fsg)
    decoder.activate_search("house")
