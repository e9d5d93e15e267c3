"""Guess a command while it is spoken, with a decoder that hears the sound as it comes."""

from typing import Final

from pocketsphinx import Decoder

from .sphinx import SAMPLES_PER_FRAME

# The model wants the mean of its features taken away. It is known only from the sound itself, so
# after these many frames (10 ms) it is measured anew and the utterance so far is heard again.
_FIRST_MEASURE: Final = 60
# pocketsphinx counts its first guess as this many frames when it averages (CMN_WIN).
_GUESS_WEIGHT: Final = 500


class Guesser:
    """One utterance at a time."""

    def __init__(self, decoder: Decoder) -> None:
        """Take a decoder with its grammar."""
        self._decoder = decoder
        self._sound = bytearray()
        self._measured = 0
        self._listens = False

    def start(self) -> None:
        """Begin an utterance."""
        self.stop()
        self._sound.clear()
        self._measured = 0
        self._decoder.start_utt()
        self._listens = True

    def add(self, raw: bytes) -> None:
        """Take more sound."""
        self._sound += raw
        self._decoder.process_raw(raw)
        frames = len(self._sound) // 2 // SAMPLES_PER_FRAME
        if frames >= (2 * self._measured or _FIRST_MEASURE):
            self._measured = frames
            self._hear_again()

    def words(self) -> str:
        """Return the decoder's words so far."""
        hypothesis = self._decoder.hyp()
        return hypothesis.hypstr if hypothesis else ""

    def stop(self) -> None:
        """End the utterance."""
        if self._listens:
            self._decoder.end_utt()
            self._listens = False

    def _hear_again(self) -> None:
        """Measure the mean of the features and hear the utterance again with it."""
        mean = _measured_mean(self._decoder)
        self._decoder.end_utt()
        self._decoder.set_cmn(mean)
        self._decoder.start_utt()
        self._decoder.process_raw(bytes(self._sound))


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
