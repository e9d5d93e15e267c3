"""Let each character speak a sentence, and let its ears understand what was just spoken."""

import array
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
import re
import sys
from time import monotonic

from homeassistant.components import stt
from homeassistant.core import HomeAssistant
from homeassistant.util import language as language_util

from ..cast.character import Character
from ..house import HOUSE
from ..speech.engines import Engine, ears_for, voice_for
from ..speech.home_grammar import async_home_grammar
from ..speech.speaking import VoiceError
from ..stage.timeline import Source, SpeechMarks
from ..voice.connection import WireError
from ..voice.service import SpeechService
from ..voice.speech import MICROPHONE
from ..voice.wav import AudioFormat
from .finding import Check, Finding, Part, State

LIMIT_S = 60.0
SLOW_S = 1.5
"""A voice that begins later leaves a gap that people hear."""
_CHUNK = MICROPHONE.rate_hz * MICROPHONE.width // 20
_QUIET_BEFORE_S, _QUIET_AFTER_S = 0.3, 0.8
# What time it is can be asked in every home, and is in every grammar of commands.
_SENTENCES = {
    "de": "Wie spät ist es",
    "en": "What time is it",
    "es": "Qué hora es",
    "fr": "Quelle heure est-il",
    "it": "Che ore sono",
    "nl": "Hoe laat is het",
    "pl": "Która jest godzina",
    "pt": "Que horas são",
}


@dataclass(slots=True)
class Spoken:
    """What a voice made of a sentence."""

    format: AudioFormat | None = None
    pcm: bytearray = field(default_factory=bytearray)
    marks: list[SpeechMarks] = field(default_factory=list)
    first_sound_s: float = 0.0


def speech_check(hass: HomeAssistant, character: Character) -> Check:
    """Return the check of a character's voice and ears."""

    async def run() -> list[Finding]:
        voice = voice_for(hass.data[HOUSE], character)
        language = _language(hass, voice.languages) if voice else None
        if voice is None or language is None:
            voiceless = _voice(character, State.AMBER, "voice_none")
            return [voiceless, _ears(character, *await _not_heard(hass, character))]
        sentence = _SENTENCES.get(language.partition("-")[0], _SENTENCES["en"])
        try:
            spoken = await _speak(voice, sentence, language)
        except (VoiceError, WireError) as err:
            broken = _voice(character, State.RED, "voice_lost", reason=str(err))
            return [broken, _ears(character, *await _not_heard(hass, character))]
        judged = _judge_voice(character, spoken)
        heard = await _hear(hass, character, sentence, language, spoken)
        return [judged, _ears(character, *heard)]

    return Check(
        parts=frozenset({Part.VOICE, Part.EARS}),
        subject=character.id,
        name=character.name,
        limit_s=LIMIT_S,
        run=run,
    )


type Judged = tuple[State, str, dict[str, str]]


async def _speak(voice: Engine, sentence: str, language: str) -> Spoken:
    """Return the sound and the times of a sentence."""

    async def text() -> AsyncGenerator[str]:
        yield f"{sentence}?"

    made, began_s = Spoken(), monotonic()
    async with aclosing(voice.speak(text(), language=language, voice=None)) as pieces:
        async for piece in pieces:
            if isinstance(piece, AudioFormat):
                made.format = piece
            elif isinstance(piece, SpeechMarks):
                made.marks.append(piece)
            else:
                made.first_sound_s = made.first_sound_s or monotonic() - began_s
                made.pcm.extend(piece)
    return made


def _judge_voice(character: Character, spoken: Spoken) -> Finding:
    """Return what a voice is worth: does it sound, when, and does it tell its times."""
    values = {"ms": f"{spoken.first_sound_s * 1000:.0f}"}
    if spoken.format is None or not any(spoken.pcm):
        return _voice(character, State.RED, "voice_silent")
    if not any(marks.marks for marks in spoken.marks):
        return _voice(character, State.AMBER, "voice_no_times", **values)
    if any(marks.source is Source.ESTIMATED for marks in spoken.marks):
        return _voice(character, State.AMBER, "voice_estimated", **values)
    if spoken.first_sound_s > SLOW_S:
        return _voice(character, State.AMBER, "voice_slow", **values)
    return _voice(character, State.GREEN, "voice_exact", **values)


async def _not_heard(hass: HomeAssistant, character: Character) -> Judged:
    """Return what can be said of ears that there is no sound for."""
    if ears_for(hass.data[HOUSE], character) is None:
        return State.AMBER, "ears_none", {}
    return State.AMBER, "ears_not_tried", {}


async def _hear(
    hass: HomeAssistant, character: Character, sentence: str, language: str, spoken: Spoken
) -> Judged:
    """Let the character's ears hear what was spoken."""
    ears = ears_for(hass.data[HOUSE], character)
    if ears is None:
        return State.AMBER, "ears_none", {}
    known = (
        ears.info.listen_languages if isinstance(ears, SpeechService) else ears.supported_languages
    )
    hearing = next(iter(language_util.matches(language, list(known))), None)
    if hearing is None or spoken.format is None or not spoken.pcm:
        return State.AMBER, "ears_not_tried", {}
    pcm = await hass.async_add_executor_job(for_microphone, bytes(spoken.pcm), spoken.format)
    began_s = monotonic()
    try:
        text = await _transcribe(hass, ears, pcm, hearing)
    except WireError as err:
        return State.RED, "ears_lost", {"reason": str(err)}
    values = {"text": text, "sentence": sentence, "ms": f"{(monotonic() - began_s) * 1000:.0f}"}
    return _judge_words(sentence, text, values)


def _judge_words(sentence: str, text: str, values: dict[str, str]) -> Judged:
    """Return what was understood of a sentence: all, some or nothing."""
    wanted, found = _words(sentence), _words(text)
    if found == wanted:
        return State.GREEN, "ears_understand", values
    if set(found) & set(wanted):
        return State.AMBER, "ears_mishear", values
    return State.RED, "ears_deaf", values


async def _transcribe(
    hass: HomeAssistant, ears: SpeechService | stt.SpeechToTextEntity, pcm: bytes, language: str
) -> str:
    """Return what an engine understands of 16 kHz mono PCM."""
    if isinstance(ears, SpeechService):
        grammar = await async_home_grammar(hass, language) if ears.info.grammar else None
        text = ""
        listening = ears.listen(_microphone(pcm), language=language, grammar=grammar)
        async with aclosing(listening) as heard:
            async for part in heard:
                text = part.text
        return text
    metadata = stt.SpeechMetadata(
        language=language,
        format=stt.AudioFormats.WAV,
        codec=stt.AudioCodecs.PCM,
        bit_rate=stt.AudioBitRates.BITRATE_16,
        sample_rate=stt.AudioSampleRates.SAMPLERATE_16000,
        channel=stt.AudioChannels.CHANNEL_MONO,
    )
    result = await ears.internal_async_process_audio_stream(metadata, _microphone(pcm))
    return result.text or ""


async def _microphone(pcm: bytes) -> AsyncGenerator[bytes]:
    """Yield sound in the pieces that a microphone gives (50 ms)."""
    for start in range(0, len(pcm), _CHUNK):
        yield pcm[start : start + _CHUNK]


def for_microphone(pcm: bytes, audio: AudioFormat) -> bytes:
    """Return sound as a microphone would give it: 16 kHz, mono, 16 bit, with quiet around it.

    Straight lines between samples are good enough for a test, and need no library.
    """
    if audio.width != MICROPHONE.width:
        return b""
    samples = array.array("h", pcm[: len(pcm) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    mono = samples[:: audio.channels]
    step = audio.rate_hz / MICROPHONE.rate_hz
    count = max(0, int((len(mono) - 1) / step))
    out = array.array("h", bytes(2 * count))
    for index in range(count):
        place = index * step
        left = int(place)
        share = place - left
        out[index] = round(mono[left] * (1 - share) + mono[left + 1] * share)
    if sys.byteorder == "big":
        out.byteswap()
    frame = MICROPHONE.width
    before = bytes(int(_QUIET_BEFORE_S * MICROPHONE.rate_hz) * frame)
    after = bytes(int(_QUIET_AFTER_S * MICROPHONE.rate_hz) * frame)
    return before + out.tobytes() + after


def _words(text: str) -> list[str]:
    """Return the words of a text, without case and signs."""
    return re.findall(r"\w+", text.casefold().replace("what's", "what is"))


def _language(hass: HomeAssistant, languages: list[str]) -> str | None:
    """Return the language among these that is nearest to Home Assistant's."""
    found = language_util.matches(hass.config.language, languages, country=hass.config.country)
    return next(iter(found), None)


def _voice(character: Character, state: State, key: str, **values: str) -> Finding:
    """Return a light of a voice."""
    return _light(Part.VOICE, character, state, key, values)


def _ears(character: Character, state: State, key: str, values: dict[str, str]) -> Finding:
    """Return a light of ears."""
    return _light(Part.EARS, character, state, key, values)


def _light(
    part: Part, character: Character, state: State, key: str, values: dict[str, str]
) -> Finding:
    """Return a light of one part of a character."""
    return Finding(
        part=part,
        subject=character.id,
        name=character.name,
        state=state,
        key=key,
        values={"name": character.name} | values,
    )
