"""Let the speech server's engines say sentences, in a process of their own."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from waifu_speech.marks import Spoken
from waifu_speech.tts.espeak import EspeakEngine
from waifu_speech.tts.flite import FliteEngine

VOICES = (("flite", "slt"), ("flite", "rms"), ("flite", "awb"), ("espeak", "en-us"))


def spoken(sentences: tuple[str, ...]) -> dict[str, list[Spoken]]:
    """Return what each voice says."""
    # flite's and Sphinx's libraries share names of functions: one process holds only one of them.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as engines:
        return engines.submit(_speak, sentences).result()


def _speak(sentences: tuple[str, ...]) -> dict[str, list[Spoken]]:
    """Say everything."""
    engines = {"flite": FliteEngine(), "espeak": EspeakEngine()}
    return {
        f"{engine} {voice}": [engines[engine].speak(text, voice) for text in sentences]
        for engine, voice in VOICES
    }
