"""Find the end of what somebody says, with patience that fits how they speak."""

from dataclasses import dataclass
from enum import StrEnum

from waifu_satellite.format import MIC_RATE_HZ, SAMPLE_BYTES

from .vad import Vad


class Verdict(StrEnum):
    """What the last piece of audio decided."""

    STARTED = "started"
    ENDED = "ended"
    NO_SPEECH = "no_speech"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for what."""

    silence_s: float = 0.7
    """Silence that ends ordinary speech."""
    shortest_s: float = 0.5
    longest_s: float = 1.2
    no_speech_s: float = 5.0
    maximum_s: float = 20.0
    speech_s: float = 0.12
    """Less than this is a click, not a word."""
    threshold: float = 0.5


class Endpointer:
    """Follows one utterance from its first sample."""

    def __init__(self, vad: Vad, patience: Patience | None = None) -> None:
        """Judge with `vad`."""
        self._vad = vad
        self.patience = patience or Patience()
        self._piece_bytes = vad.samples * SAMPLE_BYTES
        self._piece_s = vad.samples / MIC_RATE_HZ
        self.begin()

    def begin(self, no_speech_s: float | None = None) -> None:
        """Start with a new utterance."""
        self._vad.reset()
        self._pcm = bytearray()
        self._no_speech_s = no_speech_s or self.patience.no_speech_s
        self._heard_s = 0.0
        self._speech_s = 0.0
        self._run_s = 0.0
        self._silence_s = 0.0
        self._longest_pause_s = 0.0

    @property
    def speaking(self) -> bool:
        """Return whether enough speech came to be a word."""
        return self._speech_s >= self.patience.speech_s

    def feed(self, pcm: bytes) -> Verdict | None:
        """Take audio; return what it decides, once."""
        self._pcm += pcm
        verdict = None
        while len(self._pcm) >= self._piece_bytes and verdict is None:
            piece = bytes(self._pcm[: self._piece_bytes])
            del self._pcm[: self._piece_bytes]
            verdict = self._judge(self._vad.probability(piece) >= self.patience.threshold)
        return verdict

    def _judge(self, speech: bool) -> Verdict | None:
        """Move on by one piece."""
        self._heard_s += self._piece_s
        started = self._note(speech)
        if started:
            return Verdict.STARTED
        if not self.speaking:
            return Verdict.NO_SPEECH if self._heard_s >= self._no_speech_s else None
        ended = self._silence_s >= self.silence_needed_s or self._heard_s >= self.patience.maximum_s
        return Verdict.ENDED if ended else None

    def _note(self, speech: bool) -> bool:
        """Count speech and pauses; return whether the first word was just recognised as one."""
        if not speech:
            self._silence_s += self._piece_s
            # Two clicks far apart are no word.
            self._run_s = 0.0 if self._silence_s > self.patience.speech_s else self._run_s
            return False
        before = self.speaking
        if before:
            self._longest_pause_s = max(self._longest_pause_s, self._silence_s)
            self._speech_s += self._piece_s
        self._silence_s = 0.0
        self._run_s += self._piece_s
        if not before and self._run_s >= self.patience.speech_s - 1e-9:
            self._speech_s = max(self._run_s, self.patience.speech_s)
        return self.speaking and not before

    @property
    def silence_needed_s(self) -> float:
        """Return the silence that ends this utterance.

        Who has said only a word may still be thinking, who paused before will pause again, and
        who speaks fluently for a while is done when they stop.
        """
        patience = self.patience
        if self._longest_pause_s > patience.shortest_s / 2:
            return min(patience.longest_s, max(patience.silence_s, 1.5 * self._longest_pause_s))
        if self._speech_s < patience.silence_s:
            return min(patience.longest_s, 1.3 * patience.silence_s)
        return patience.silence_s if self._speech_s < 2.0 else patience.shortest_s
