"""A command is understood in the pause behind it, and anew where somebody goes on."""

from collections.abc import Callable
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from spoken import spoken
from wyoming.event import Event

from waifu_speech.stt.jobs import PocketsphinxJobs

RATE_HZ = 16000
PIECE_BYTES = 3200
DOCUMENT = json.dumps(
    {
        "v": 1,
        "language": "en",
        "lists": {"place": ["kitchen", "bedroom"]},
        "rules": {},
        "sentences": ["turn (on|off) the {place} light [and the {place} light]"],
    }
).encode()
DIGEST = hashlib.sha256(DOCUMENT).hexdigest()


@pytest.fixture(scope="module")
def jobs() -> PocketsphinxJobs:
    """Return what the worker does, with a small grammar."""
    jobs = PocketsphinxJobs()
    grammar = Event("grammar", {"hash": DIGEST, "last": True}, DOCUMENT)
    assert [event.type for event in jobs.handle(grammar)] == ["built"]
    return jobs


@pytest.fixture(scope="module")
def say(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., bytes]:
    """Return what says a sentence in a quiet room, with silence around it."""
    folder: Path = tmp_path_factory.mktemp("said")

    def said(text: str, after_s: float) -> bytes:
        voice = spoken(folder, text).astype(float)
        quiet = np.zeros(round(after_s * RATE_HZ))
        sound = np.concatenate([np.zeros(RATE_HZ // 4), voice, quiet])
        sound += np.random.default_rng(4).normal(0, 20, len(sound))
        return np.clip(sound, -32768, 32767).astype(np.int16).tobytes()

    return said


def start(jobs: PocketsphinxJobs) -> None:
    """Begin an utterance."""
    (started,) = jobs.handle(Event("start", {"hash": DIGEST}))
    assert started.data["known"]


def hear(jobs: PocketsphinxJobs, pcm: bytes) -> list[dict[str, Any]]:
    """Return the guesses while a sound comes."""
    pieces = [pcm[at : at + PIECE_BYTES] for at in range(0, len(pcm), PIECE_BYTES)]
    events = [event for piece in pieces for event in jobs.handle(Event("audio", {}, piece))]
    assert {event.type for event in events} <= {"partial"}
    return [event.data for event in events]


def final(jobs: PocketsphinxJobs) -> str:
    """End the utterance and return its text."""
    (event,) = jobs.handle(Event("stop"))
    assert event.type == "final"
    return str(event.data["text"])


def test_command_is_known_in_the_pause(jobs: PocketsphinxJobs, say: Callable[..., bytes]) -> None:
    """Guesses grow while it is said; the last one will stand, and it is the final text."""
    start(jobs)
    *growing, last = hear(jobs, say("turn on the kitchen light", 0.6))
    assert growing
    assert not any(guess["paused"] for guess in growing)
    assert last == {"text": "turn on the kitchen light", "paused": True}
    assert final(jobs) == "turn on the kitchen light"


def test_who_goes_on_is_heard_on(jobs: PocketsphinxJobs, say: Callable[..., bytes]) -> None:
    """What was understood in the first pause is taken back with the next word."""
    start(jobs)
    first = hear(jobs, say("turn on the kitchen light", 0.6))
    assert first[-1] == {"text": "turn on the kitchen light", "paused": True}
    more = hear(jobs, say("and the bedroom light", 0.6))
    assert not more[0]["paused"]
    whole = "turn on the kitchen light and the bedroom light"
    assert more[-1] == {"text": whole, "paused": True}
    assert final(jobs) == whole


def test_command_without_a_pause_is_known_at_its_end(
    jobs: PocketsphinxJobs, say: Callable[..., bytes]
) -> None:
    """Whoever ends the utterance at once gets the same text."""
    start(jobs)
    assert not any(guess["paused"] for guess in hear(jobs, say("turn off the bedroom light", 0.0)))
    assert final(jobs) == "turn off the bedroom light"


def test_other_speech_is_never_settled(jobs: PocketsphinxJobs, say: Callable[..., bytes]) -> None:
    """A guess at what is no command may be sent, but not as one that will stand."""
    start(jobs)
    guesses = hear(jobs, say("I had a really long day at work today", 0.6))
    assert not any(guess["paused"] for guess in guesses)
    assert final(jobs) == ""


def test_same_sound_is_heard_the_same(jobs: PocketsphinxJobs, say: Callable[..., bytes]) -> None:
    """Whatever was heard before: only the first guesses know of it."""
    pcm, found = say("turn on the bedroom light", 0.6), []
    for _ in range(2):
        start(jobs)
        found.append((hear(jobs, pcm)[-1], final(jobs)))
    assert found[0] == found[1]
