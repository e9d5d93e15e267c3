"""Follow an utterance while it is spoken: guesses on the way, the final text soon after its end.

A guess is made again and again from the whole utterance. As soon as the voice falls silent the
final text is made from what there is, beside a guess that may be under way, so that it is ready when
the pause has lasted long enough or the client says that it ends. Long dictation is settled pause by
pause.
"""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import asdict, dataclass
from functools import partial
import time
from typing import Any, Final, Protocol, Self

import numpy as np
from wyoming.event import Event

from ..errors import SpeechError
from ..host_worker import Inbox, Outbox
from .agreement import Agreement
from .patience import PATIENCES
from .vad import RATE_HZ, Sound, Span, SpeechFinder, spoken_parts

# A pause of this length is worth a final text; a speaker who goes on costs one guess. The lips of a
# "p" are closed for up to 60 ms, so that a slow machine waits for a little more.
FALLEN_SILENT_S: Final = 0.06
SURELY_SILENT_S: Final = 0.1
CHEAP_S: Final = 0.25
# The first guess needs a word or two; the next ones come at this distance or more.
FIRST_GUESS_S: Final = 1.0
NEXT_GUESS_S: Final = 1.0
# Guesses take at most this part of the time, else the final text waits for one that is under way.
GUESS_SHARE: Final = 0.2
# Whisper hears 30 s at once: settle what came before a pause in good time, or without one.
LONG_S: Final = 18.0
LONGEST_S: Final = 28.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """How to listen."""

    language: str | None
    """ISO 639-1; None is found by the model."""
    names: tuple[str, ...]
    terms: tuple[str, ...]
    beam: int
    endpoint: bool
    """Whether a pause ends the utterance; else only the client does."""
    sensitivity: str
    whole_window: bool = False
    """Whether a final text always takes Whisper's whole 30 s, at five times the cost."""

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        """Read an event's data."""
        return cls(
            language=data.get("language"),
            names=tuple(map(str, data.get("names") or ())),
            terms=tuple(map(str, data.get("terms") or ())),
            beam=int(data["beam"]),
            endpoint=bool(data.get("endpoint")),
            sensitivity=str(data.get("sensitivity") or "default"),
            whole_window=bool(data.get("whole_window")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What a piece of sound says."""

    text: str
    language: str
    sure: bool = True
    """False where it shows signs of a model that lost its way."""


class Decode(Protocol):
    """Recognise a finished piece of sound."""

    def __call__(self, sound: Sound, request: Request, *, final: bool) -> Guess:
        """Return what is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """A guess under way: of the sound up to a sample."""

    number: int
    until: int
    final: bool
    started_s: float


class Listening:
    """One client's utterances."""

    def __init__(
        self,
        decode: Decode,
        silero: Any,
        threads: Executor,
        inbox: Inbox,
        send: Outbox,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take what recognises, what finds speech, and both ways to the client."""
        self._decode = decode
        self._silero = silero
        self._threads = threads
        self._inbox = inbox
        self._send = send
        self._clock = clock
        self._cost_s = self._final_cost_s = 0.0
        self._jobs = 0
        self._request: Request | None = None

    def run(self) -> None:
        """Serve until the client leaves."""
        while (event := self._inbox.get()) is not None:
            if event.type == "start":
                self._begin(Request.from_data(event.data))
            elif self._request is not None:
                self._take(event)

    def _begin(self, request: Request) -> None:
        """Start with a new utterance."""
        self._request = request
        self._finder = SpeechFinder(self._silero)
        self._sound: list[Sound] = []
        self._begins_at = 0
        self._length = 0
        self._stopped = False
        self._job: _Job | None = None
        self._settled: list[str] = []
        self._guess: Guess | None = None
        self._guessed_until = self._tried_until = 0
        self._guess_is_final = False
        self._agreement = Agreement()

    def _take(self, event: Event) -> None:
        """Take sound, its end, or a guess that is made; then see what is next."""
        if event.type == "audio":
            pcm = np.frombuffer(event.payload or b"", np.int16).astype(np.float32) / np.float32(
                32768
            )
            self._sound.append(pcm)
            self._length += len(pcm)
            self._finder.add(pcm)
        elif event.type == "stop":
            self._stopped = True
        elif event.type == "guessed":
            self._take_guess(event)
        if self._request is not None:
            self._next()

    def _next(self) -> None:
        """Finish, or begin the guess that is worth making now."""
        request = self._request
        assert request is not None
        if not self._speech_since():
            self._next_in_silence(request)
        elif self._guess_is_final and self._guessed_until >= self._finder.end:
            self._after_final(request)
        elif self._guess_is_final and self._seconds_to(self._guessed_until) >= LONGEST_S:
            self._settle()
        elif self._is_being_finished():
            return
        elif self._has_paused() or self._stopped or self._window_s >= LONGEST_S:
            self._start(final=True)
        elif self._job is None and self._guess_is_due():
            self._start(final=False)

    def _next_in_silence(self, request: Request) -> None:
        """Go on where nobody has spoken since the last settled text."""
        if self._stopped:
            self._finish()
        elif self._guess is None and not self._settled:
            self._drop_silence()
        elif request.endpoint and self._pause_ends(request):
            self._finish()

    def _is_being_finished(self) -> bool:
        """Return whether a final text is under way that is worth waiting for.

        Only the end of the utterance overtakes one that somebody has spoken over.
        """
        job = self._job
        if job is None or not job.final:
            return False
        return not self._stopped or job.until >= self._finder.end

    def _has_paused(self) -> bool:
        """Return whether the voice has fallen silent, however shortly."""
        cheap = self._final_cost_s < CHEAP_S
        return self._finder.silence_s >= (FALLEN_SILENT_S if cheap else SURELY_SILENT_S)

    def _after_final(self, request: Request) -> None:
        """Go on where the final text of all speech so far is known."""
        if self._stopped or (request.endpoint and self._pause_ends(request)):
            self._finish()
        elif self._window_s >= LONG_S:
            self._settle()

    @property
    def _window_s(self) -> float:
        """Return how much sound is not settled yet."""
        return self._seconds_to(self._length)

    def _seconds_to(self, sample: int) -> float:
        """Return how much of what is not settled lies before a sample."""
        return (sample - self._begins_at) / RATE_HZ

    def _speech_since(self) -> bool:
        """Return whether anybody has spoken since the last settled text."""
        return self._finder.end > self._begins_at

    def _pause_ends(self, request: Request) -> bool:
        """Return whether the pause is long enough for what was said."""
        patience = PATIENCES.get(request.sensitivity, PATIENCES["default"])
        return self._finder.silence_s >= patience.after(self._whole_text())

    def _guess_is_due(self) -> bool:
        """Return whether enough new speech came for another guess."""
        new_s = (self._length - max(self._tried_until, self._begins_at)) / RATE_HZ
        if self._guess is None:
            return new_s >= FIRST_GUESS_S
        return new_s >= max(NEXT_GUESS_S, self._cost_s / GUESS_SHARE)

    def _start(self, *, final: bool) -> None:
        """Begin a guess of what is not settled, in a thread of its own."""
        request = self._request
        assert request is not None
        until = self._length
        sound = self._window(until)
        self._jobs += 1
        self._job = _Job(number=self._jobs, until=until, final=final, started_s=self._clock())
        future = self._threads.submit(self._decode, sound, request, final=final)
        future.add_done_callback(partial(self._report, self._jobs))

    def _report(self, number: int, future: Future[Guess]) -> None:
        """Bring a finished guess to the thread that waits for events."""
        if (error := future.exception()) is not None:
            self._inbox.put(Event("guessed", {"job": number, "error": str(error)[:200]}))
        else:
            self._inbox.put(Event("guessed", {"job": number, **asdict(future.result())}))

    def _take_guess(self, event: Event) -> None:
        """Take a guess and tell what it settles; one that was overtaken is dropped."""
        job = self._job
        if job is None or job.number != event.data["job"]:
            return
        self._job = None
        if "error" in event.data:
            raise SpeechError(f"The recogniser failed: {event.data['error']}")
        self._note_cost(job)
        self._tried_until = job.until
        if not (job.final or event.data["sure"]):
            return
        self._guess = Guess(text=event.data["text"], language=event.data["language"])
        self._guessed_until, self._guess_is_final = job.until, job.final
        settled = self._agreement.add(self._guess.text)
        self._tell("partial", settled)

    def _note_cost(self, job: _Job) -> None:
        """Remember what a guess has taken."""
        took_s = self._clock() - job.started_s
        if job.final:
            self._final_cost_s = took_s
        else:
            self._cost_s = took_s

    def _tell(self, kind: str, settled: str) -> None:
        """Send the text so far, and the part of it that will not change."""
        language = self._guess.language if self._guess else None
        paused = self._guess_is_final and self._guessed_until >= self._finder.end
        data = {
            "text": self._whole_text(),
            "settled": settled,
            "language": language,
            "paused": paused,
        }
        self._send(Event(kind, data))

    def _whole_text(self) -> str:
        """Return the utterance so far."""
        parts = [*self._settled, self._guess.text if self._guess else ""]
        return " ".join(part for part in parts if part)

    def _settle(self) -> None:
        """Close a part of a long dictation: its text stands, its sound is dropped."""
        rest = self._agreement.rest(self._guess.text if self._guess else "")
        self._settled = [self._whole_text()]
        language = self._guess.language if self._guess else None
        self._guess = None
        self._guess_is_final = False
        self._agreement = Agreement()
        self._send(
            Event(
                "partial",
                {"text": self._settled[0], "settled": rest or "", "language": language},
            )
        )
        self._drop_before(self._guessed_until)

    def _finish(self) -> None:
        """Send the final text and be ready for the next utterance."""
        rest = self._agreement.rest(self._guess.text) if self._guess else ""
        self._tell("final", rest or "")
        self._request = None

    def _drop_silence(self) -> None:
        """Forget all but the last second of a silence that nothing came before."""
        if self._window_s > 2.0:
            self._drop_before(self._length - RATE_HZ)

    def _drop_before(self, sample: int) -> None:
        """Forget the sound before a sample."""
        kept = self._window_sound(sample, self._length)
        self._sound = [kept]
        self._begins_at = sample
        self._finder.forget_before(sample)

    def _window(self, until: int) -> Sound:
        """Return what is not settled, without its long pauses."""
        parts = spoken_parts(self._finder.spans, self._begins_at, until)
        parts = parts or [Span(self._begins_at, until)]
        return np.concatenate([self._window_sound(part.start, part.end) for part in parts])

    def _window_sound(self, start: int, end: int) -> Sound:
        """Return the sound between two samples of the whole stream."""
        if len(self._sound) > 1:
            self._sound = [np.concatenate(self._sound)]
        first = self._length - sum(map(len, self._sound))
        return (
            self._sound[0][start - first : end - first] if self._sound else np.zeros(0, np.float32)
        )
