"""A spoken phrase found by pocketsphinx, for stop words without a model of their own.

Only what is said alone is looked at, because within a sentence everything sounds like "stop": the
bench prints how often it is wrong all the same.
"""

from typing import Any, Final

from waifu_satellite.format import FRAME_BYTES, FRAME_SAMPLES, mic_samples
from waifu_satellite.hearing.vad import EnergyVad

from .base import Score, WakeError, WakeWord

HOP_SAMPLES: Final = mic_samples(0.1)
LICENCE: Final = "BSD-2-Clause (CMU Sphinx)"
# The decoder's own threshold: higher misses more, lower hears it everywhere.
KEYWORD_THRESHOLD: Final = 1e-30
SHORTEST_FRAMES: Final = 10
LONGEST_FRAMES: Final = 60
SILENCE_FRAMES: Final = 8
BEFORE_BYTES: Final = 6 * FRAME_BYTES


class Keyword:
    """Looks at each short utterance once it has ended."""

    def __init__(self, phrase: str) -> None:
        """Load the decoder."""
        try:
            # An extra: only homes that choose it have it.
            from pocketsphinx import Decoder  # noqa: PLC0415 - see above
        except ImportError:
            raise WakeError(
                "pocketsphinx is not installed; install waifu-satellite[commands] or give a model"
            ) from None
        # The dictionary is written in small letters.
        phrase = phrase.lower()
        self._decoder: Any = Decoder(
            keyphrase=phrase, kws_threshold=KEYWORD_THRESHOLD, loglevel="FATAL"
        )
        # It takes such a phrase without a word, and never hears it.
        if unknown := [each for each in phrase.split() if not self._decoder.lookup_word(each)]:
            raise WakeError(f"pocketsphinx does not know {unknown[0]}, of {phrase}")
        word = WakeWord(
            name=phrase.replace(" ", "_"),
            phrase=phrase,
            engine="pocketsphinx",
            licence=LICENCE,
            threshold=0.5,
        )
        self.words = (word,)
        self.reset()

    @property
    def hop_samples(self) -> int:
        """Return 100 ms."""
        return HOP_SAMPLES

    def skip(self, _pcm: bytes) -> bool:
        """Hear everything."""
        return False

    def accepted(self) -> None:
        """Go on: each utterance is judged alone."""

    def reset(self) -> None:
        """Forget what was heard."""
        self._vad = EnergyVad()
        self._before = b""
        self._speech = bytearray()
        self._loud = self._silent = 0

    def process(self, pcm: bytes) -> list[Score]:
        """Return certainty for an utterance that was the phrase and nothing else."""
        heard = False
        for at in range(0, len(pcm) - FRAME_BYTES + 1, FRAME_SAMPLES * 2):
            heard = self._frame(pcm[at : at + FRAME_BYTES]) or heard
        return [Score(word=self.words[0], value=float(heard))]

    def _frame(self, frame: bytes) -> bool:
        """Take 20 ms; return whether they end the phrase."""
        loud = self._vad.probability(frame) > 0.5
        if not loud and not self._speech:
            self._before = (self._before + frame)[-BEFORE_BYTES:]
            return False
        self._speech += frame if self._speech else self._before + frame
        self._loud += loud
        self._silent = 0 if loud else self._silent + 1
        if self._silent < SILENCE_FRAMES:
            # Of a long speech only its length matters.
            del self._speech[: -(LONGEST_FRAMES + 4 * SILENCE_FRAMES) * FRAME_BYTES]
            return False
        speech, frames = bytes(self._speech), self._loud
        self._speech.clear()
        self._loud = self._silent = 0
        return SHORTEST_FRAMES <= frames <= LONGEST_FRAMES and self._is_phrase(speech)

    def _is_phrase(self, speech: bytes) -> bool:
        """Ask the decoder."""
        self._decoder.start_utt()
        self._decoder.process_raw(speech, False, True)
        self._decoder.end_utt()
        return self._decoder.hyp() is not None


def make_stop_engine(spec: str) -> Any:
    """Return what listens for a stop word: a phrase for pocketsphinx, or a model's file."""
    engine, _, word = spec.partition(":")
    if engine == "pocketsphinx" and word:
        return Keyword(word)
    # The engines' libraries are loaded only where they are used.
    from .engines import make_engines  # noqa: PLC0415 - see above

    return make_engines((spec,))[0]
