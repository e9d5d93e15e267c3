"""Find speech in sound that is still coming, with Silero's network as faster-whisper ships it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime

RATE_HZ: Final = 16000
WINDOW: Final = 512
_CONTEXT: Final = 64
_MEMORY_SHAPE: Final = (1, 1, 128)
_STARTS: Final = 0.5
# Lower than the start, so that a soft end of a word still belongs to it.
_GOES_ON: Final = 0.35
_PAD: Final = int(0.3 * RATE_HZ)
# Pauses longer than this are cut out: Whisper begins to invent words in them.
_LONG_PAUSE: Final = int(1.0 * RATE_HZ)

type Sound = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(slots=True)
class Span:
    """Speech from one sample to another."""

    start: int
    end: int


class SpeechFinder:
    """Follow one stream, 16 kHz samples of -1 to 1."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        """Start with silence; many streams may share a session."""
        self._session = session
        self._h = self._c = np.zeros(_MEMORY_SHAPE, np.float32)
        self._rest: Sound = np.zeros(0, np.float32)
        self._context: Sound = np.zeros(_CONTEXT, np.float32)
        self._at = 0
        self._speaking = False
        self.spans: list[Span] = []

    @property
    def heard(self) -> bool:
        """Return whether anybody has spoken."""
        return bool(self.spans)

    @property
    def end(self) -> int:
        """Return where the last speech ended, 0 where there was none."""
        return self.spans[-1].end if self.spans else 0

    @property
    def silence_s(self) -> float:
        """Return for how long nobody has spoken."""
        return 0.0 if self._speaking else (self._at - self.end) / RATE_HZ

    def add(self, sound: Sound) -> None:
        """Take more sound."""
        waiting = np.concatenate([self._rest, sound])
        count = len(waiting) // WINDOW
        self._rest = waiting[count * WINDOW :]
        if not count:
            return
        windows = waiting[: count * WINDOW].reshape(count, WINDOW)
        ends = windows[:, -_CONTEXT:]
        contexts = np.concatenate([self._context[None], ends[:-1]])
        self._context = ends[-1]
        probabilities, self._h, self._c = self._session.run(
            None,
            {"input": np.concatenate([contexts, windows], 1), "h": self._h, "c": self._c},
        )
        for probability in np.asarray(probabilities).reshape(-1)[-count:]:
            self._judge(float(probability))

    def _judge(self, probability: float) -> None:
        """Move on by one window."""
        start, self._at = self._at, self._at + WINDOW
        threshold = _GOES_ON if self._speaking else _STARTS
        speaking = probability >= threshold
        if speaking and not self._speaking:
            self.spans.append(Span(start, self._at))
        elif speaking:
            self.spans[-1].end = self._at
        self._speaking = speaking

    def forget_before(self, sample: int) -> None:
        """Drop the speech before a sample; what is still spoken goes on."""
        self.spans = [span for span in self.spans if span.end > sample]
        if self._speaking and not self.spans:
            self.spans.append(Span(self._at, self._at))


def spoken_parts(spans: list[Span], begin: int, end: int) -> list[Span]:
    """Return the parts of a stretch to listen to: speech with its margins, no long pause."""
    parts: list[Span] = []
    for span in spans:
        start, stop = max(begin, span.start - _PAD), min(end, span.end + _PAD)
        if stop <= start:
            continue
        if parts and start - parts[-1].end < _LONG_PAUSE:
            parts[-1].end = stop
        else:
            parts.append(Span(start, stop))
    if parts and parts[0].start - begin < _LONG_PAUSE:
        # The network wakes up late: a soft first word lies before its first opinion.
        parts[0].start = begin
    if parts and end - parts[-1].end < _LONG_PAUSE:
        parts[-1].end = end
    return parts


def open_silero() -> onnxruntime.InferenceSession:
    """Return the network."""
    import faster_whisper  # noqa: PLC0415 - a second of loading that only the worker needs

    path = Path(faster_whisper.__file__).with_name("assets") / "silero_vad_v6.onnx"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
