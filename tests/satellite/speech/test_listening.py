"""When a text is made and which one counts, with a recogniser that is finished by hand."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from typing import Any, override

import numpy as np
from wyoming.event import Event

from waifu_speech.host_worker import Inbox
from waifu_speech.stt.listening import Guess, Listening

RATE_HZ = 16000
PIECE_S = 0.1


class Energy:
    """A network that takes loud for speech, in place of Silero's."""

    def run(self, _names: None, inputs: dict[str, Any]) -> tuple[Any, Any, Any]:
        """Return probabilities and a memory."""
        loud = np.abs(inputs["input"]).max(axis=1) > 0.01
        return loud.astype(np.float32)[:, None], inputs["h"], inputs["c"]


class ByHand(Executor):
    """Work that is done when the test says so."""

    def __init__(self) -> None:
        self.jobs: list[tuple[Future[Any], float, bool]] = []

    @override
    def submit(self, work: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Take a job: a sound's length (s) and whether its text is a final one."""
        future: Future[Any] = Future()
        self.jobs.append((future, len(args[0]) / RATE_HZ, kwargs["final"]))
        return future

    @property
    def finals(self) -> list[bool]:
        """Return of each job whether it is a final text."""
        return [final for _, _, final in self.jobs]

    def done(self, number: int, text: str, *, sure: bool = True) -> Callable[[], None]:
        """Return a step that ends a job."""
        return lambda: self.jobs[number][0].set_result(Guess(text=text, language="en", sure=sure))


class Script(Inbox):
    """Events and steps of a test, one after the other."""

    def __init__(self, steps: Sequence[Event | Callable[[], None]]) -> None:
        super().__init__()
        self._steps = deque(steps)
        self._came: deque[Event] = deque()

    @override
    def put(self, event: Event) -> None:
        """Take what a job reports."""
        self._came.append(event)

    @override
    def get(self) -> Event | None:
        """Return what is next."""
        while not self._came:
            if not self._steps:
                return None
            step = self._steps.popleft()
            if isinstance(step, Event):
                return step
            step()
        return self._came.popleft()


def sound(seconds: float, *, loud: bool) -> list[Event]:
    """Return speech or silence in pieces."""
    piece = np.full(int(PIECE_S * RATE_HZ), 3000 if loud else 10, np.int16).tobytes()
    return [Event("audio", payload=piece)] * round(seconds / PIECE_S)


def heard(work: ByHand, *steps: Event | Callable[[], None], endpoint: bool = False) -> list[Event]:
    """Return what is said of an utterance."""
    said: list[Event] = []
    begin = Event("start", {"language": "en", "beam": 3, "endpoint": endpoint})
    Listening(
        lambda *_args, **_more: Guess(text="", language="en"),
        Energy(),
        work,
        Script([begin, *steps]),
        said.append,
        clock=lambda: 0.0,
    ).run()
    return said


def final_of(said: list[Event]) -> str:
    """Return the final text."""
    (final,) = [event.data["text"] for event in said if event.type == "final"]
    return str(final)


def test_text_is_ready_when_the_client_stops() -> None:
    """It is made in the silence, so that the stop finds it there."""
    work = ByHand()
    said = heard(
        work,
        *sound(1.5, loud=True),
        work.done(0, "turn on"),
        *sound(0.2, loud=False),
        work.done(1, "turn on the light"),
        *sound(0.3, loud=False),
        Event("stop"),
    )
    assert work.finals == [False, True]
    assert final_of(said) == "turn on the light"


def test_final_text_overtakes_a_guess() -> None:
    """A guess under way when the voice falls silent is not waited for, and changes nothing."""
    work = ByHand()
    said = heard(
        work,
        *sound(1.5, loud=True),
        *sound(0.2, loud=False),
        work.done(1, "turn on the light"),
        work.done(0, "burn on"),
        Event("stop"),
    )
    assert work.finals == [False, True]
    assert final_of(said) == "turn on the light"
    assert all(event.data["text"] != "burn on" for event in said)


def test_speech_after_a_pause_is_part_of_the_text() -> None:
    """What was made of the first half is not taken for the whole."""
    work = ByHand()
    said = heard(
        work,
        *sound(1.5, loud=True),
        work.done(0, "turn"),
        *sound(0.3, loud=False),
        work.done(1, "turn on"),
        *sound(0.5, loud=True),
        *sound(0.2, loud=False),
        Event("stop"),
        work.done(2, "turn on the light"),
    )
    assert work.finals == [False, True, True]
    assert work.jobs[2][1] > 2.0
    guesses = [(one.data["text"], one.data["paused"]) for one in said if one.type == "partial"]
    assert guesses == [("turn", False), ("turn on", True), ("turn on the light", True)]
    assert final_of(said) == "turn on the light"


def test_stop_does_not_wait_for_a_text_that_was_spoken_over() -> None:
    """A slow recogniser that still writes the first half is left to itself."""
    work = ByHand()
    said = heard(
        work,
        *sound(1.5, loud=True),
        work.done(0, "turn"),
        *sound(0.2, loud=False),
        *sound(0.5, loud=True),
        Event("stop"),
        work.done(2, "turn on the light"),
        work.done(1, "turn on"),
    )
    assert work.finals == [False, True, True]
    assert final_of(said) == "turn on the light"


def test_doubtful_guess_is_not_shown() -> None:
    """A model that goes in circles is not quoted; the final text counts whatever it is."""
    work = ByHand()
    said = heard(
        work,
        *sound(1.5, loud=True),
        work.done(0, "so so so so so so", sure=False),
        *sound(0.2, loud=False),
        work.done(1, "so", sure=False),
        Event("stop"),
    )
    assert [event.data["text"] for event in said if event.type == "partial"] == ["so"]
    assert final_of(said) == "so"


def test_endless_speech_is_settled_without_a_pause() -> None:
    """More than Whisper hears at once never grows beyond it."""
    work = ByHand()

    def finish() -> None:
        for future, length_s, final in work.jobs:
            assert length_s < 29.5
            if not future.done():
                future.set_result(Guess(text="la" if final else "l", language="en"))

    steps = [part for piece in sound(60, loud=True) for part in (piece, finish)]
    said = heard(work, *steps, Event("stop"), finish)
    assert final_of(said).split() == ["la"] * 3


def test_pause_ends_an_utterance_that_is_complete() -> None:
    """With `endpoint` a finished sentence waits less than one that goes on."""
    lengths = {}
    for text in ("Turn on the light.", "Turn on the light and"):
        work = ByHand()
        silence = sound(3, loud=False)
        said = heard(
            work,
            *sound(1.5, loud=True),
            work.done(0, "Turn"),
            *silence[:2],
            work.done(1, text),
            *[part for piece in silence[2:] for part in (piece, Event("tick"))],
            endpoint=True,
        )
        assert final_of(said) == text
        lengths[text] = len(work.jobs)
    assert set(lengths.values()) == {2}
