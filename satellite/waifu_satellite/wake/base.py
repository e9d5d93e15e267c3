"""What a wake word engine is for the rest of the satellite."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class WakeError(Exception):
    """A wake word can't be used; the message is one sentence for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeWord:
    """A word the satellite listens for."""

    name: str
    """As in `detection` and `info`."""
    phrase: str
    engine: str
    licence: str
    threshold: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How sure an engine is of a word after one hop."""

    word: WakeWord
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """A wake word was spoken."""

    word: WakeWord
    score: float
    at_sample: int
    """The microphone sample at which the engine was sure."""


class WakeEngine(Protocol):
    """Scores its words, hop by hop."""

    @property
    def words(self) -> tuple[WakeWord, ...]:
        """Return the words it listens for."""

    @property
    def hop_samples(self) -> int:
        """Return how many samples one call takes."""

    def skip(self, pcm: bytes) -> bool:
        """Take a hop in which nothing stands out and return True; False asks for `process`."""

    def process(self, pcm: bytes) -> list[Score]:
        """Return the scores after one more hop of 16 kHz audio."""

    def accepted(self) -> None:
        """Take that one of the words was spoken; what comes next is a word of its own."""

    def reset(self) -> None:
        """Forget what was heard, after a gap in the audio."""


class Listener(Protocol):
    """Hears the microphone and says when one of its words was spoken."""

    on_scores: Callable[[list[Score]], None] | None

    def feed(self, pcm: bytes, end: int) -> None:
        """Take audio whose last sample has the index `end` - 1."""

    def set_threshold(self, name: str, threshold: float) -> None:
        """Tune one word while running."""

    def close(self) -> None:
        """Let go of what it holds."""
