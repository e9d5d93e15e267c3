"""Her own voice in the microphone: cancelled, so that she can be interrupted."""

from collections.abc import Callable
from pathlib import Path

from barge_in import play_trials, speak_alone
import numpy as np
import pytest

from waifu_satellite.audio.channels import Channels
from waifu_satellite.audio.wav import read_for_microphone, resample
from waifu_satellite.echo.canceller import Echo, NearSpeech
from waifu_satellite.echo.reference import LEAD_SAMPLES, EchoReference
from waifu_satellite.echo.speex import SpeexCanceller
from waifu_satellite.echo.timebase import SampleClock
from waifu_satellite.format import FRAME_BYTES, FRAME_SAMPLES, MIC_RATE_HZ
from waifu_satellite.hearing.vad import loudness_db
from waifu_satellite.wake.engines import make_engines

FAR = (
    "The weather will be mild tomorrow, with some clouds in the morning and a little sun in the "
    "afternoon. I put the milk on the shopping list, and your sister called to say that she comes "
    "on Sunday. There are three letters on the table, one of them from the bank."
)


def test_barge_in_is_heard_over_her_own_louder_voice(spoken: Callable[..., Path]) -> None:
    """6 dB below her voice a wake word stops it, at once and for good; uncancelled it does not."""
    (engine,) = make_engines(("openwakeword:hey_jarvis",))
    far = resample(read_for_microphone(spoken(FAR, "en-us+f2", 150)), MIC_RATE_HZ, 22_050) * 2
    voices = ("en-us", "en-gb+m3", "en-gb-scotland")
    words = [
        np.frombuffer(read_for_microphone(spoken("hey jarvis", voice, 165)), "<i2") * 0.5
        for voice in voices
    ]
    cancelled = play_trials(engine, words, far, near_over_echo_db=-6.0, echo=True)
    engine.reset()
    raw = play_trials(engine, words, far, near_over_echo_db=-6.0, echo=False)
    assert sum(trial.detected for trial in cancelled.trials) == len(words)
    assert sum(trial.detected for trial in raw.trials) < len(words)
    assert cancelled.false_accepts == 0
    assert all(trial.silence_ms is not None for trial in cancelled.trials)
    assert max(trial.silence_ms or 0.0 for trial in cancelled.trials) <= 50
    assert not any(trial.stale for trial in cancelled.trials)


def test_her_own_voice_neither_wakes_nor_ducks_her(spoken: Callable[..., Path]) -> None:
    """She speaks loudly in an empty room, and names her wake word: once she knows the room, that is hers."""
    (engine,) = make_engines(("openwakeword:hey_jarvis",))
    told = f"{FAR} When you want me, say hey jarvis."
    far = resample(read_for_microphone(spoken(told, "en-us+f2", 150)), MIC_RATE_HZ, 22_050) * 2
    alone = speak_alone(engine, far, echo_rms=5000.0, seconds=30.0)
    assert alone.wakes == 0
    assert alone.ducked_share < 0.5


def test_wake_word_of_her_own_is_not_heard() -> None:
    """What the filter leaves of her own voice wakes nobody, however much it sounds like the word."""
    echo = Echo(SpeexCanceller())
    assert not echo.only_hers
    assert np.mean(_echoes(echo, device=False)[-50:]) < -20
    assert echo.only_hers
    assert not echo.near_speech


def test_without_sound_the_microphone_is_left_alone() -> None:
    """A silent loudspeaker costs nothing and changes nothing."""
    echo = Echo(SpeexCanceller())
    frame = np.random.default_rng(0).normal(0, 3000, FRAME_SAMPLES).astype("<i2").tobytes()
    assert echo.clean(frame, 0, 0.0) == frame


def _echoes(echo: Echo, *, device: bool) -> list[float]:
    """Return how much of her voice is left, frame by frame (dB), while she speaks for 4 s."""
    rng = np.random.default_rng(1)
    said = rng.normal(0, 4000, MIC_RATE_HZ * 4).astype("<i2")
    heard = np.concatenate((np.zeros(800, dtype="<i2"), said // 2))
    channels = Channels(reference=1, on_reference=echo.device_reference)
    left = []
    echo.clean(bytes(FRAME_BYTES), 0, 0.0)
    echo.reference.begin(MIC_RATE_HZ)
    for at in range(0, len(said) - FRAME_SAMPLES, FRAME_SAMPLES):
        part = slice(at, at + FRAME_SAMPLES)
        index = FRAME_SAMPLES + at
        echo.reference.take(said[part].tobytes(), index * 1000 / MIC_RATE_HZ + 20.0)
        frame = heard[part].astype("<i2")
        if device:
            pcm = channels.split(np.stack((frame, said[part]), axis=1).astype("<i2").tobytes())
        else:
            pcm = frame.tobytes()
        cleaned = echo.clean(pcm, index, index * 1000 / MIC_RATE_HZ)
        left.append(loudness_db(cleaned) - loudness_db(pcm))
    return left


@pytest.mark.parametrize("device", [False, True])
def test_echo_is_cancelled_by_either_reference(*, device: bool) -> None:
    """By what was given to the loudspeaker, or by a loopback channel of the device."""
    left = _echoes(Echo(SpeexCanceller()), device=device)
    assert np.mean(left[-50:]) < -20


def test_she_is_ducked_only_when_somebody_else_speaks() -> None:
    """What the filter leaves of her own voice is no voice in the room."""
    near = NearSpeech()
    rng = np.random.default_rng(2)
    for _ in range(500):
        near.hear(-55 + rng.normal(0, 2), -30 + rng.normal(0, 3))
        assert not near.heard
    for _ in range(10):
        near.hear(-38, -30)
    assert near.heard
    for _ in range(100):
        near.hear(-55, -30)
    assert not near.heard


def test_reference_stands_where_the_sound_is_heard() -> None:
    """Samples whose time comes late are put where they belonged; a stopped sound never was."""
    clock = SampleClock()
    clock.note(0, 1000.0)
    reference = EchoReference(clock)
    reference.begin(MIC_RATE_HZ)
    reference.take(np.full(320, 1, dtype="<i2").tobytes(), None)
    reference.take(np.full(320, 2, dtype="<i2").tobytes(), 1100.0)
    # 3 ms of jitter are no gap.
    reference.take(np.full(320, 3, dtype="<i2").tobytes(), 1123.0)
    begin = 1600 - LEAD_SAMPLES
    said = reference.read(begin - 320, 960)
    assert said is not None
    assert said.tolist() == [1] * 320 + [2] * 320 + [3] * 320
    reference.take(np.full(3200, 4, dtype="<i2").tobytes(), 1140.0)
    reference.cut(1150.0)
    said = reference.read(begin + 640, 640)
    assert said is not None
    assert said.tolist() == [4] * 160 + [0] * 480


def test_clock_follows_the_earliest_frame_and_a_jump() -> None:
    """Late deliveries do not move it, slow drift and a reopened device do."""
    clock = SampleClock()
    assert clock.index_at(0.0) is None
    for number in range(500):
        clock.note(number * 320, number * 20.0 + (number * 7 % 15))
    assert clock.index_at(10_000.0) == pytest.approx(160_000, abs=40)
    clock.note(160_320, 30_000.0)
    assert clock.index_at(30_000.0) == 160_320
