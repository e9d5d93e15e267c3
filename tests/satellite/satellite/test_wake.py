"""The real wake engines on spoken words."""

from collections.abc import Callable
from pathlib import Path
import sys

import numpy as np
import pytest

from waifu_satellite.audio.wav import read_for_microphone
from waifu_satellite.wake.base import Score, Wake, WakeEngine, WakeError
from waifu_satellite.wake.engines import make_engines
from waifu_satellite.wake.gate import SilenceGate
from waifu_satellite.wake.listener import WakeListener
from waifu_satellite.wake.openwakeword import HOP_SAMPLES, MASKED_HOPS, REACH_S, OpenWakeWord

SILENCE = bytes(2 * 16_000)
NEAR_MISSES = ("Jarvis Cocker sings", "a Lexus", "okay, now boo", "are you nervous, Harvey?")


def heard(engine: WakeEngine, pcm: bytes) -> list[Wake]:
    """Return the wake words in a sound, as the listener tells them."""
    wakes: list[Wake] = []
    listener = WakeListener(engine, wakes.append)
    for at in range(0, len(pcm), 640):
        frame = pcm[at : at + 640]
        listener.feed(frame, (at + len(frame)) // 2)
    return wakes


@pytest.mark.parametrize(
    ("voice", "speed"), [("en-us", 135), ("en-gb", 165), ("en-gb-scotland+f2", 135)]
)
def test_openwakeword_hears_its_word_once(
    spoken: Callable[..., Path], voice: str, speed: int
) -> None:
    """Soon after the phrase, and only then."""
    (engine,) = make_engines(("openwakeword:hey_jarvis",))
    word = read_for_microphone(spoken("hey jarvis", voice, speed))
    wakes = heard(engine, 2 * SILENCE + word + 2 * SILENCE)
    assert [wake.word.phrase for wake in wakes] == ["hey jarvis"]
    late_s = (wakes[0].at_sample - (2 * len(SILENCE) + len(word)) / 2) / 16_000
    assert -0.6 < late_s < 0.4


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_openwakeword_does_not_hear_what_only_sounds_alike(
    spoken: Callable[..., Path], text: str
) -> None:
    """A near miss is a miss."""
    (engine,) = make_engines(("openwakeword:hey_jarvis",))
    assert heard(engine, 2 * SILENCE + read_for_microphone(spoken(text)) + SILENCE) == []


def test_microwakeword_hears_its_word(spoken: Callable[..., Path]) -> None:
    """The light engine works through the same door."""
    (engine,) = make_engines(("microwakeword:alexa",))
    word = read_for_microphone(spoken("alexa", "en-gb", 135))
    assert [wake.word.name for wake in heard(engine, 2 * SILENCE + word + SILENCE)] == ["alexa"]


def test_microwakeword_hears_words_in_quick_succession(
    spoken: Callable[..., Path],
) -> None:
    """Its front end must not take the last word for the room's noise."""
    (engine,) = make_engines(("microwakeword:alexa",))
    said = [
        read_for_microphone(spoken("alexa", voice, 165))
        for voice in ("en-gb", "en-us", "en-gb-scotland+f2", "en-us+f2", "en-gb-x-rp")
    ]
    pause = bytes(2 * 6_400)
    room = 2 * SILENCE + b"".join(word + pause for word in 2 * said)
    assert len(heard(engine, room)) == 2 * len(said)


class Counted:
    """An engine that counts how often it works."""

    def __init__(self) -> None:
        self.engine = OpenWakeWord(["hey_jarvis"])
        self.words, self.hop_samples = self.engine.words, self.engine.hop_samples
        self.calls = 0
        self.scores: list[float] = []

    def accepted(self) -> None:
        """Pass it on."""
        self.engine.accepted()

    def skip(self, _pcm: bytes) -> bool:
        """Hear everything."""
        return False

    def process(self, pcm: bytes) -> list[Score]:
        """Count and work."""
        self.calls += 1
        scores = self.engine.process(pcm)
        self.scores.append(scores[0].value)
        return scores

    def reset(self) -> None:
        """Forget."""
        self.engine.reset()


@pytest.mark.parametrize("noise", [0.0, 6.0, 300.0])
def test_silent_room_costs_nothing_and_changes_nothing(
    spoken: Callable[..., Path], noise: float
) -> None:
    """An engine that was spared a minute of noise gives the scores of one that was not."""
    word = np.frombuffer(read_for_microphone(spoken("hey jarvis", "en-gb", 135)), dtype="<i2")
    room = np.random.default_rng(3).normal(0, noise, 16_000 * 60)
    room[-len(word) - 16_000 : -16_000] += word
    pcm = room.clip(-32768, 32767).astype("<i2")
    spared, always = Counted(), Counted()
    gate = SilenceGate(spared, REACH_S)
    gated: list[float] = []
    for at in range(0, len(pcm) - HOP_SAMPLES + 1, HOP_SAMPLES):
        hop = pcm[at : at + HOP_SAMPLES].tobytes()
        gated.append(0.0 if gate.skip(hop) else gate.process(hop)[0].value)
        always.process(hop)
    assert max(gated) > 0.5
    loud = [at for at, value in enumerate(gated) if value > 0.0]
    assert [gated[at] for at in loud] == pytest.approx([always.scores[at] for at in loud], abs=0.02)
    assert np.argmax(gated) == np.argmax(always.scores)
    assert spared.calls < always.calls / 6


def test_first_scores_are_masked() -> None:
    """Empty buffers may look like a wake word."""
    engine = OpenWakeWord(["hey_jarvis", "alexa"])
    noise = (
        np.random.default_rng(1).normal(0, 3000, HOP_SAMPLES * MASKED_HOPS).astype("<i2").tobytes()
    )
    for at in range(MASKED_HOPS):
        hop = noise[at * 2 * HOP_SAMPLES : (at + 1) * 2 * HOP_SAMPLES]
        assert [score.value for score in engine.process(hop)] == [0.0, 0.0]


def test_gap_in_the_audio_resets_the_engine(spoken: Callable[..., Path]) -> None:
    """Half a word before the gap and half behind it are no word."""
    (engine,) = make_engines(("openwakeword:hey_jarvis",))
    wakes: list[Wake] = []
    listener = WakeListener(engine, wakes.append)
    word = read_for_microphone(spoken("hey jarvis"))
    half = len(word) // 4 * 2
    listener.feed(2 * SILENCE + word[:half], len(SILENCE) + half // 2)
    listener.feed(word[half:] + 2 * SILENCE, 10_000_000)
    assert wakes == []


def test_models_are_found_without_importing_the_package() -> None:
    """The package itself would cost 200 MB."""
    OpenWakeWord(["hey_jarvis"])
    assert "openwakeword" not in sys.modules
    assert "scipy" not in sys.modules


def test_every_word_is_named_with_its_licence() -> None:
    """The models are not ours, and not everybody may use them for everything."""
    (word,) = OpenWakeWord(["hey_jarvis"]).words
    assert word.licence == "CC BY-NC-SA 4.0"


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (("openwakeword:nobody",), "has no word nobody; it has alexa, hey_jarvis"),
        (("openwakeword:/nowhere.onnx",), "no wake word model at /nowhere.onnx"),
        (("openwakeword",), "There is no wake word openwakeword"),
        (("microwakeword:nobody",), "microWakeWord has no word nobody"),
        (("wyoming:host",), "There is no wake word wyoming:host"),
        (("microwakeword:/nowhere.tflite",), "no description of the wake word model"),
    ],
)
def test_unknown_words_get_a_sentence(names: tuple[str, ...], sentence: str) -> None:
    """What can't be listened for is said."""
    with pytest.raises(WakeError, match=sentence):
        make_engines(names)
