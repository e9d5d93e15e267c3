"""How many voices wake it, what else does, and what a stop word is worth."""

from pathlib import Path

import numpy as np

from waifu_satellite.format import MIC_RATE_HZ
from waifu_satellite.wake.base import Wake, WakeEngine
from waifu_satellite.wake.engines import make_engines
from waifu_satellite.wake.keyword import make_stop_engine
from waifu_satellite.wake.listener import WakeListener

from .voices import SPEED_WPM, VOICES, Samples, pink, spoken

WAKE_WORDS = {"openwakeword": "hey_jarvis", "microwakeword": "alexa"}
NEAR_MISSES = (
    "Jarvis Cocker sings tonight",
    "a Lexus stands before the house",
    "okay, now boo",
    "are you nervous, Harvey?",
    "my craft is better than yours",
    "they harvest in the garden this week",
    "hey, put the jam into the jar",
    "the journey starts at half past seven",
    "he drives a jaguar to the office",
    "have you heard of the jazz festival?",
    "the weather will be mild tomorrow with some clouds in the morning",
    "please put milk and butter on the shopping list",
)
SOUND_ALIKES = ("hey, Charlie, the car is here", "hey Travis, dinner is ready", "hey, jar this jam")
"""What they do is printed, not judged: seven of 27 score 0.89 and more, for as long as the word itself
does, so that no threshold and no patience tells them apart and still hears 53 of 54 voices."""
NEAR_MISS_S = 600.0
SLOW_WPM = 135
STOP_WORD = "stop it"
OTHER_WORDS = ("top", "shop", "step", "start it", "what is it", "come on", "a stop sign", "stock")


def wake_rate(
    folder: Path, *, key: str, snr_db: float | None, speed_wpm: int = SPEED_WPM
) -> dict[str, float]:
    """Return in how many of 54 voices "hey jarvis" is heard, clean or over pink noise."""
    (engine,) = make_engines(("openwakeword:hey_jarvis",))
    rng = np.random.default_rng(1)
    heard = 0.0
    for voice in VOICES:
        phrase = spoken(folder, "hey jarvis", voice, speed_wpm).astype(np.float64)
        quiet = np.zeros(3 * MIC_RATE_HZ)
        room = np.concatenate((quiet, phrase, quiet[: MIC_RATE_HZ * 3 // 2]))
        if snr_db is not None:
            noise = pink(len(room), rng)
            loudness = np.sqrt(np.mean(phrase**2) / np.mean(noise**2))
            room += noise * loudness * 10 ** (-snr_db / 20)
        heard += bool(_hits(engine, room.clip(-32768, 32767).astype("<i2")))
    return {key: heard}


def sound_alikes(folder: Path) -> dict[str, float]:
    """Return how often names that are hardly another word wake it, of how many."""
    (engine,) = make_engines(("openwakeword:hey_jarvis",))
    quiet = np.zeros(MIC_RATE_HZ, dtype=np.int16)
    spoken_ones = [spoken(folder, text, voice) for text in SOUND_ALIKES for voice in VOICES[::6]]
    woken = [_hits(engine, np.concatenate((quiet, each, quiet))) > 0 for each in spoken_ones]
    return {"sound_alike_accepts": float(sum(woken)), "sound_alike_phrases": float(len(woken))}


def near_misses(folder: Path, *, engine: str, word: str) -> dict[str, float]:
    """Return how often ten minutes of phrases that sound alike wake an engine."""
    (listening,) = make_engines((f"{engine}:{word}",))
    pieces: list[Samples] = []
    seconds, number = 0.0, 0
    pause = np.zeros(MIC_RATE_HZ // 2, dtype=np.int16)
    while seconds < NEAR_MISS_S:
        text = NEAR_MISSES[number % len(NEAR_MISSES)]
        voice = VOICES[number * 7 % len(VOICES)]
        pieces += [spoken(folder, text, voice, 130 + number % 5 * 12), pause]
        seconds += (len(pieces[-2]) + len(pause)) / MIC_RATE_HZ
        number += 1
    accepts = _hits(listening, np.concatenate(pieces))
    return {f"near_miss_accepts_{engine}": float(accepts)}


def stop_word(folder: Path) -> dict[str, float]:
    """Return in how many voices the stop word is found, and how often other words are taken for it."""
    engine = make_stop_engine(f"pocketsphinx:{STOP_WORD}")
    quiet = np.zeros(MIC_RATE_HZ, dtype=np.int16)

    def found(text: str, voice: str) -> bool:
        engine.reset()
        return bool(_hits(engine, np.concatenate((quiet, spoken(folder, text, voice), quiet))))

    wrong = [found(text, voice) for text in OTHER_WORDS for voice in VOICES[::7]]
    return {
        "stop_word_found_of_54": float(sum(found(STOP_WORD, voice) for voice in VOICES)),
        "stop_word_false_accepts": float(sum(wrong)),
        "stop_word_other_phrases": float(len(wrong)),
    }


def _hits(engine: WakeEngine, room: Samples) -> int:
    """Return how often an engine wakes in a sound; it begins as if nothing had been heard."""
    wakes: list[Wake] = []
    listener = WakeListener(engine, wakes.append)
    pcm = room.astype("<i2").tobytes()
    end = 1_000_000_000
    for at in range(0, len(pcm), 64_000):
        piece = pcm[at : at + 64_000]
        end += len(piece) // 2
        listener.feed(piece, end)
    return len(wakes)
