"""Wake words that are spoken into her speech, in the simulated room of the tests."""

from pathlib import Path
import sys

import numpy as np

from waifu_satellite.audio.wav import resample
from waifu_satellite.format import MIC_RATE_HZ
from waifu_satellite.wake.engines import make_engines

from .voices import VOICES, spoken

ROOM = Path(__file__).resolve().parents[3] / "tests" / "satellite" / "satellite"
LOUDNESS_DB = -6.0
"""The voice in the room, against her echo at the microphone."""
LOUD_DB = -12.0
"""Printed, not judged: she speaks very loudly, or somebody calls from afar."""
SPEECH = (
    "The weather will be mild tomorrow, with some clouds in the morning and a little sun in the "
    "afternoon. I put the milk on the shopping list, and your sister called to say that she comes "
    "on Sunday. There are three letters on the table, one of them from the bank. Shall I read them?"
)


OWN_VOICES = ("en-us+f2", "en-gb+f4", "en-us+m3", "en-gb-scotland+f2")
OWN_S = 120.0
"""For so long each of them speaks in an empty room."""
OWN_WORDS = (
    f"{SPEECH} You can call me whenever you like. Just say hey Jarvis, and I will listen."
    " Hey Jarvis is what wakes me."
)


def own_voice(folder: Path) -> dict[str, float]:
    """Return how often her own loud voice wakes her, and for how much of it she ducks."""
    sys.path.insert(0, str(ROOM))
    from barge_in import speak_alone  # noqa: PLC0415 - see above
    from echo_room import loudness  # noqa: PLC0415 - see above

    (engine,) = make_engines(("openwakeword:hey_jarvis",))
    near = loudness(np.concatenate([spoken(folder, "hey jarvis", voice) * 0.5 for voice in VOICES]))
    echo_rms = near / 10 ** (LOUDNESS_DB / 20)
    wakes, ducked = 0, []
    for voice in OWN_VOICES:
        engine.reset()
        far = resample(spoken(folder, OWN_WORDS, voice, 150).tobytes(), MIC_RATE_HZ, 22_050)
        alone = speak_alone(engine, far, echo_rms=echo_rms, seconds=OWN_S)
        wakes += alone.wakes
        ducked.append(alone.ducked_share)
    return {
        "self_wakes": float(wakes),
        "own_speech_min": len(OWN_VOICES) * OWN_S / 60,
        "self_ducked_share": round(sum(ducked) / len(ducked), 3),
    }


def barge_in(
    folder: Path, *, echo: bool, key: str = "barge_in", loudness_db: float = LOUDNESS_DB
) -> dict[str, float]:
    """Return how many of 27 are heard, with or without the canceller, and how soon it is silent."""
    sys.path.insert(0, str(ROOM))
    # The room belongs to the tests, which prove what is measured here.
    from barge_in import play_trials  # noqa: PLC0415 - see above

    (engine,) = make_engines(("openwakeword:hey_jarvis",))
    words = [spoken(folder, "hey jarvis", voice) * 0.5 for voice in VOICES[::2]]
    far = resample(spoken(folder, SPEECH * 3, "en-us+f2", 150).tobytes(), MIC_RATE_HZ, 22_050)
    played = play_trials(engine, words, far, near_over_echo_db=loudness_db, echo=echo)
    detected = float(sum(trial.detected for trial in played.trials))
    if not echo:
        return {f"{key}_detected_uncancelled": detected}
    return {
        f"{key}_detected": detected,
        f"{key}_trials": float(len(words)),
        f"{key}_false_accepts": float(played.false_accepts),
        f"{key}_silence_ms": max(trial.silence_ms or 0.0 for trial in played.trials),
        f"{key}_stale_sounds": float(sum(trial.stale for trial in played.trials)),
    }
