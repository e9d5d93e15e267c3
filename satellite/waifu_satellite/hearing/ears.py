"""The microphone's way: ring, wake word, stream to Home Assistant, end of speech."""

from collections.abc import Callable
from typing import Final

from waifu_satellite.format import MIC_RATE_HZ, mic_samples
from waifu_satellite.ring import Ring
from waifu_satellite.states import Trigger

from .endpoint import Endpointer, Verdict
from .phrase import LATER_S, NO_PAUSE_S, phrase_end

RING_S: Final = 10.0
# What a follow-up without a wake word is sent from before its first recognised word.
ONSET_S: Final = 0.6
# Frames stay short enough for the other side to work on while more comes.
MAX_CHUNK_S: Final = 0.1

TRIGGERS: Final = {
    Verdict.STARTED: Trigger.SPEECH_STARTED,
    Verdict.ENDED: Trigger.SPEECH_ENDED,
    Verdict.NO_SPEECH: Trigger.NO_SPEECH,
}


class Ears:
    """Takes every microphone frame and decides what becomes of it."""

    def __init__(
        self,
        *,
        wake: Callable[[bytes, int], None] | None,
        endpointer: Endpointer,
        send: Callable[[bytes, int], None],
        tell: Callable[[Trigger], None],
    ) -> None:
        """Let `wake` hear everything, send stream audio (with its ms since the stream's start)."""
        self.ring = Ring(mic_samples(RING_S))
        self._wake = wake
        self._endpointer = endpointer
        self._send = send
        self._tell = tell
        self._woken_at: int | None = None
        self._stream_from: int | None = None
        self._sent = 0
        self._judged: int | None = None

    @property
    def streaming(self) -> bool:
        """Return whether the microphone goes to Home Assistant."""
        return self._stream_from is not None or self._woken_at is not None

    @property
    def stream_ms(self) -> int:
        """Return how much of the present stream has been sent."""
        return 0 if self._stream_from is None else _ms(self._sent - self._stream_from)

    @property
    def onset(self) -> int:
        """Return the sample at which a follow-up that was just recognised may have begun."""
        return max(self.ring.start, self.ring.end - mic_samples(ONSET_S))

    def frame(self, pcm: bytes) -> None:
        """Take the next frame of the microphone."""
        self.ring.append(pcm)
        self._choose_start()
        self._flush()
        self._judge()
        if self._wake is not None:
            self._wake(pcm, self.ring.end)

    def start_stream(self, start: int, judge_from: int) -> None:
        """Send everything from the sample `start` on; judge speech from `judge_from` on."""
        self._woken_at = None
        self._stream_from = self._sent = max(start, self.ring.start)
        self._judged = max(judge_from, self.ring.start)
        self._endpointer.begin()
        self._flush()

    def stream_after_wake(self, at_sample: int) -> None:
        """Send what was said after the wake word that was recognised at a sample.

        Whether a pause follows is known a little later; the audio waits for that, not the request.
        """
        self.stop_stream()
        self._woken_at = at_sample
        self._choose_start()

    def stop_stream(self) -> None:
        """Send no more."""
        self._woken_at = None
        self._stream_from = None
        self._judged = None

    def open_window(self, window_s: float) -> None:
        """Wait for somebody to speak, without sending anything."""
        # The state has its own time-out; the endpointer must not end the window before it.
        self._endpointer.begin(no_speech_s=2 * window_s)
        self._judged = self.ring.end

    def close_window(self) -> None:
        """Stop waiting for speech."""
        if not self.streaming:
            self._judged = None

    def _choose_start(self) -> None:
        """Begin the stream once it is known where the wake word ended."""
        at = self._woken_at
        if at is None or self.ring.end < at + mic_samples(LATER_S):
            return
        end = phrase_end(self.ring, at)
        if end is None:
            # The command's own speech must be enough to count as speech.
            self.start_stream(at - mic_samples(NO_PAUSE_S), at - mic_samples(LATER_S))
        else:
            self.start_stream(end, end)

    def _flush(self) -> None:
        """Send what is in the ring and has not been sent."""
        while self._stream_from is not None and self._sent < self.ring.end:
            end = min(self.ring.end, self._sent + mic_samples(MAX_CHUNK_S))
            pcm = self.ring.read(self._sent, end)
            timestamp_ms = _ms(self._sent - self._stream_from)
            self._sent = end
            self._send(pcm, timestamp_ms)

    def _judge(self) -> None:
        """Give the endpointer what it has not heard."""
        if self._judged is None or self._judged >= self.ring.end:
            return
        pcm = self.ring.read(self._judged, self.ring.end)
        self._judged = self.ring.end
        verdict = self._endpointer.feed(pcm)
        if verdict is not None:
            self._tell(TRIGGERS[verdict])


def _ms(samples: int) -> int:
    """Return the milliseconds of microphone samples."""
    return samples * 1000 // MIC_RATE_HZ
