"""The end of speech."""

from collections.abc import Callable
from pathlib import Path

from hypothesis import given, strategies as st
from satellite_room import LoudVad, voice

from waifu_satellite.audio.wav import read_for_microphone
from waifu_satellite.format import mic_samples
from waifu_satellite.hearing.endpoint import Endpointer, Patience, Verdict
from waifu_satellite.hearing.silero import SileroVad
from waifu_satellite.hearing.vad import EnergyVad

FRAME_S = 0.03


def silence(seconds: float) -> bytes:
    """Return silence."""
    return bytes(2 * mic_samples(seconds))


def ended_after(endpointer: Endpointer, *parts: bytes) -> tuple[Verdict | None, float]:
    """Return the verdict that ends the parts (without the start of speech), and when."""
    pcm = b"".join(parts)
    step = 2 * mic_samples(FRAME_S)
    for at in range(0, len(pcm), step):
        verdict = endpointer.feed(pcm[at : at + step])
        if verdict not in {None, Verdict.STARTED}:
            return verdict, (at + step) / 32_000
    return None, len(pcm) / 32_000


def test_ordinary_speech_ends_with_ordinary_silence() -> None:
    """A sentence of more than a word needs 0.7 s."""
    verdict, at_s = ended_after(Endpointer(LoudVad()), voice(1.5), silence(3))
    assert verdict is Verdict.ENDED
    assert 2.15 <= at_s <= 2.3


def test_single_word_is_given_more_time() -> None:
    """Who said one word may still be thinking."""
    _, at_s = ended_after(Endpointer(LoudVad()), voice(0.4), silence(3))
    assert 1.25 <= at_s <= 1.4


def test_who_pauses_is_given_more_time() -> None:
    """A pause inside the sentence makes the next one longer."""
    parts = (voice(1.0), silence(0.6), voice(1.0), silence(3))
    _, at_s = ended_after(Endpointer(LoudVad()), *parts)
    assert 3.4 <= at_s <= 3.6


def test_fluent_speech_ends_sooner() -> None:
    """Two seconds without a pause: what stops is done."""
    _, at_s = ended_after(Endpointer(LoudVad()), voice(3.0), silence(3))
    assert 3.45 <= at_s <= 3.6


def test_clicks_are_no_speech() -> None:
    """Two clicks far apart do not add up to a word."""
    clicks = (silence(0.5), voice(0.06)) * 8
    verdict, at_s = ended_after(Endpointer(LoudVad()), *clicks, silence(5))
    assert verdict is Verdict.NO_SPEECH
    assert 4.95 <= at_s <= 5.1


def test_endless_noise_ends_at_the_maximum() -> None:
    """A television does not keep the microphone open."""
    patience = Patience(maximum_s=10)
    verdict, at_s = ended_after(Endpointer(LoudVad(), patience), voice(30))
    assert verdict is Verdict.ENDED
    assert 9.9 <= at_s <= 10.1


@given(st.lists(st.tuples(st.floats(0, 3), st.floats(0, 3)), max_size=20))
def test_it_always_ends(story: list[tuple[float, float]]) -> None:
    """Whatever is said, a verdict comes within the maximal length."""
    parts = [part for said, pause in story for part in (voice(said), silence(pause))]
    verdict, at_s = ended_after(Endpointer(LoudVad()), *parts, silence(30))
    assert verdict is not None
    assert at_s <= Patience().maximum_s + 0.1


def test_real_networks_find_the_end_of_real_speech(spoken: Callable[..., Path]) -> None:
    """Silero and the one by loudness agree on a spoken command."""
    command = read_for_microphone(spoken("turn on the kitchen light"))
    for vad in (SileroVad(), EnergyVad()):
        verdict, at_s = ended_after(Endpointer(vad), silence(0.5), command, silence(3))
        assert verdict is Verdict.ENDED
        spoken_s = 0.5 + len(command) / 32_000
        assert spoken_s <= at_s + 0.5
        assert at_s <= spoken_s + 1.2
