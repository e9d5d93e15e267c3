"""Happy, sad and surprised are heard in every engine's sound, measured on the sound itself."""

from typing import Any

import numpy as np
import pytest
from speech_server import Server
from test_speaking import answer, marks_of, sound_of
from wyoming.event import Event

TEXT = "We are all in the garden now, and the moon is over the lake."
LEAST = 1.10
"""By so much each measure differs from neutral at least, in the direction that the feeling names."""
RAISED = ("happy", "surprised")
BENDING = ("espeak:en-us", "flite:slt", "flite:awb", "flite:rms")


async def said(
    server: Server, voice: str, feeling: str | None, rate: float = 1.0
) -> tuple[np.ndarray, int, float]:
    """Return samples, rate and spoken time (s) of the sentence."""
    context: dict[str, Any] = {"speech_marks": True, "rate": rate}
    if feeling:
        context["feeling"] = {"name": feeling, "intensity": 1.0}
    async with server.client() as client:
        data = {"text": TEXT, "voice": {"name": voice}, "context": context}
        await client.write_event(Event("synthesize", data))
        events = await answer(client, streamed=False)
    rate_hz, samples = sound_of(events)
    times = [mark for segment in marks_of(events) for mark in segment["marks"] if mark["phoneme"]]
    spoken_s = sum(mark["end_ms"] - mark["start_ms"] for mark in times) / 1000
    return samples.astype(float), rate_hz, spoken_s


def level(samples: np.ndarray, rate_hz: int) -> float:
    """Return the mean amplitude of the loud half of the frames."""
    size = rate_hz // 50
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    loudness = np.sort(np.sqrt((frames**2).mean(axis=1)))
    return float(loudness[len(loudness) // 2 :].mean())


def pitch_hz(samples: np.ndarray, rate_hz: int) -> float:
    """Return the median pitch, by autocorrelation of voiced frames."""
    size, low, high = rate_hz // 20, rate_hz // 400, rate_hz // 60
    found = []
    for at in range(0, len(samples) - size, size // 2):
        frame = samples[at : at + size] - samples[at : at + size].mean()
        alike = np.correlate(frame, frame, "full")[size - 1 :]
        best = low + int(alike[low:high].argmax())
        if np.sqrt((frame**2).mean()) > 500 and alike[best] > 0.5 * alike[0]:
            found.append(rate_hz / best)
    return float(np.median(found))


def differs(felt: float, neutral: float, feeling: str) -> bool:
    """Return whether a measure went the way of the feeling, far enough."""
    return felt >= LEAST * neutral if feeling in RAISED else felt <= neutral / LEAST


@pytest.mark.parametrize("feeling", ["happy", "sad", "surprised"])
@pytest.mark.parametrize("voice", BENDING)
async def test_feeling_is_in_pitch_rate_and_level(server: Server, voice: str, feeling: str) -> None:
    """Joy and surprise are higher, faster and louder, sadness lower, slower and softer."""
    plain, rate_hz, plain_s = await said(server, voice, None)
    felt, _, felt_s = await said(server, voice, feeling)
    assert differs(pitch_hz(felt, rate_hz), pitch_hz(plain, rate_hz), feeling)
    assert differs(1 / felt_s, 1 / plain_s, feeling)
    assert differs(level(felt, rate_hz), level(plain, rate_hz), feeling)


@pytest.mark.parametrize("feeling", ["happy", "sad", "surprised"])
async def test_feeling_is_in_rate_and_level_of_piper(model_server: Server, feeling: str) -> None:
    """The toy voice sings one note for each sound: its pitch is held in the tests of Piper."""
    # Its lengths are whole frames, and VITS rounds up: only both a little slow can be compared.
    plain, rate_hz, plain_s = await said(model_server, "en_US-toy-medium", None, 0.97)
    felt, _, felt_s = await said(model_server, "en_US-toy-medium", feeling, 0.97)
    assert differs(1 / felt_s, 1 / plain_s, feeling)
    assert differs(level(felt, rate_hz), level(plain, rate_hz), feeling)
