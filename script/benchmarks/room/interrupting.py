"""Wake words that are spoken into her speech, in the simulated room of the tests."""

from pathlib import Path
import sys

from waifu_satellite.audio.wav import resample
from waifu_satellite.format import MIC_RATE_HZ
from waifu_satellite.wake.engines import make_engines

from .voices import VOICES, spoken

ROOM = Path(__file__).resolve().parents[3] / "tests" / "satellite" / "satellite"
LOUDNESS_DB = -6.0
"""The voice in the room, against her echo at the microphone."""
SPEECH = (
    "The weather will be mild tomorrow, with some clouds in the morning and a little sun in the "
    "afternoon. I put the milk on the shopping list, and your sister called to say that she comes "
    "on Sunday. There are three letters on the table, one of them from the bank. Shall I read them?"
)


def barge_in(folder: Path, *, echo: bool) -> dict[str, float]:
    """Return how many of 27 are heard, with or without the canceller, and how soon it is silent."""
    sys.path.insert(0, str(ROOM))
    # The room belongs to the tests, which prove what is measured here.
    from barge_in import play_trials  # noqa: PLC0415 - see above

    (engine,) = make_engines(("openwakeword:hey_jarvis",))
    words = [spoken(folder, "hey jarvis", voice) * 0.5 for voice in VOICES[::2]]
    far = resample(spoken(folder, SPEECH * 3, "en-us+f2", 150).tobytes(), MIC_RATE_HZ, 22_050)
    played = play_trials(engine, words, far, near_over_echo_db=LOUDNESS_DB, echo=echo)
    detected = float(sum(trial.detected for trial in played.trials))
    if not echo:
        return {"barge_in_detected_uncancelled": detected}
    return {
        "barge_in_detected": detected,
        "barge_in_trials": float(len(words)),
        "barge_in_false_accepts": float(played.false_accepts),
        "barge_in_silence_ms": max(trial.silence_ms or 0.0 for trial in played.trials),
        "barge_in_stale_sounds": float(sum(trial.stale for trial in played.trials)),
    }
