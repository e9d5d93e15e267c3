"""Try every installed voice and recogniser, and say what to do where one does not do its work."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from enum import StrEnum
import hashlib
from pathlib import Path
from typing import Final

from wyoming.asr import Transcribe
from wyoming.audio import AudioChunk, AudioChunkConverter
from wyoming.event import Event

from .engines import Engines, Line
from .errors import SpeechError
from .marks import Source, Spoken
from .models import PIPER, WHISPER, find_damaged
from .pool import start_worker
from .recognisers import POCKETSPHINX, Recogniser
from .stt.minimal import minimal_grammar
from .transcripts import start_data
from .tts.jobs import decode_spoken
from .voices import ENGINES, Voice
from .worker import split_payload

# Nearly every language reads digits, and the others Latin letters.
_SAID: Final = "1 2 3 a o"
_COMMAND: Final = "turn on the lights"
_RATE_HZ: Final = 16000
_SHORTEST_S: Final = 0.2
_QUIETEST: Final = 500
_SILENCE: Final = bytes(_RATE_HZ)
# A voice that sounds a word later than its mark says would move lips in silence.
_SLACK_MS: Final = 60
_ENOUGH_WORDS: Final = 0.75


class Light(StrEnum):
    """How well something is."""

    GREEN = "ok"
    AMBER = "WARN"
    RED = "FAIL"


_COLOURS: Final = {Light.GREEN: 32, Light.AMBER: 33, Light.RED: 31}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one trial showed."""

    subject: str
    light: Light
    said: str

    def line(self, *, colours: bool) -> str:
        """Return it as a line of the report."""
        light = f"{self.light:4}"
        if colours:
            light = f"\x1b[{_COLOURS[self.light]}m{light}\x1b[0m"
        return f"{light}  {self.subject}: {self.said}"


async def examine(engines: Engines, folder: Path) -> AsyncIterator[Finding]:
    """Yield what each voice and recogniser shows, and what is missing."""
    for path, problem in find_damaged(folder).items():
        said = f"is damaged ({problem}): delete it, or fetch it again with --download"
        yield Finding(subject=str(path), light=Light.RED, said=said)
    async for finding in _examine_voices(engines):
        yield finding
    for recogniser in engines.recognisers:
        yield await _try_recogniser(engines, recogniser)
    async for finding in _missing(engines):
        yield finding


async def _examine_voices(engines: Engines) -> AsyncIterator[Finding]:
    """Yield a finding for each voice with a model, and for each engine that brings many."""
    well: dict[str, int] = {}
    for voice in engines.catalog.voices:
        finding = await _try_voice(engines, voice)
        if voice.path is None and finding.light is Light.GREEN:
            well[voice.engine] = well.get(voice.engine, 0) + 1
        else:
            yield finding
    for engine, count in well.items():
        voices = "1 voice speaks" if count == 1 else f"{count} voices speak"
        yield Finding(subject=engine, light=Light.GREEN, said=f"{voices}, with the times of sounds")


async def _try_voice(engines: Engines, voice: Voice) -> Finding:
    """Let a voice speak and look at its sound and its marks."""
    subject = f"{voice.engine}:{voice.name}"
    try:
        spoken = await _speak(engines, voice, _SAID)
    except SpeechError as err:
        return Finding(subject=subject, light=Light.RED, said=str(err))
    if (problem := _problem_of(spoken)) is not None:
        again = "" if voice.path is None else "; fetch it again with --download"
        return Finding(subject=subject, light=Light.RED, said=f"{problem}{again}")
    if spoken.source is not Source.EXACT:
        said = f"speaks, but the times of its sounds are {spoken.source}: lips are less exact"
        return Finding(subject=subject, light=Light.AMBER, said=said)
    return Finding(subject=subject, light=Light.GREEN, said="speaks, with the times of its sounds")


def _problem_of(spoken: Spoken) -> str | None:
    """Return what is wrong with what a voice said."""
    length_ms = len(spoken.pcm) // 2 * 1000 / spoken.rate_hz
    if length_ms < _SHORTEST_S * 1000:
        return "says nothing"
    if max(map(abs, memoryview(spoken.pcm).cast("h"))) < _QUIETEST:
        return "delivers only silence"
    sounds = [mark for mark in spoken.marks if mark.phoneme]
    if not sounds:
        return "does not tell when it says what"
    if any(mark.end_ms < mark.start_ms for mark in sounds) or (
        sounds[-1].end_ms > length_ms + _SLACK_MS
    ):
        return "tells times that are not within its sound"
    return None


async def _try_recogniser(engines: Engines, recogniser: Recogniser) -> Finding:
    """Let the best English voice say a command, and compare what is heard."""
    subject = f"{recogniser.engine}:{recogniser.name}"
    if not recogniser.knows("en"):
        said = "was not tried: the sentence for it is English"
        return Finding(subject=subject, light=Light.AMBER, said=said)
    try:
        voice = engines.catalog.find(None, "en-US")
        spoken = await _speak(engines, voice, _COMMAND)
        async with engines.recogniser(recogniser) as line:
            await (_start_commands(line) if recogniser.commands_only else _start(line, engines))
            heard = await _hear(line, _at_16_khz(spoken))
    except SpeechError as err:
        return Finding(subject=subject, light=Light.RED, said=str(err))
    return _judge_heard(subject, heard, voice)


def _judge_heard(subject: str, heard: str, voice: Voice) -> Finding:
    """Return how well a command was understood."""
    words = "".join(char if char.isalnum() else " " for char in heard.lower()).split()
    wanted = _COMMAND.split()
    share = sum(word in words for word in wanted) / len(wanted)
    by = f"{voice.engine}:{voice.name}"
    if share == 1:
        return Finding(subject=subject, light=Light.GREEN, said=f"understands {by}")
    if share >= _ENOUGH_WORDS:
        said = f"understands {by} almost: {heard!r} for {_COMMAND!r}; a larger model hears more"
        return Finding(subject=subject, light=Light.AMBER, said=said)
    said = f"hears {heard!r} where {by} says {_COMMAND!r}; fetch it again, or take another"
    return Finding(subject=subject, light=Light.RED, said=said)


async def _speak(engines: Engines, voice: Voice, text: str) -> Spoken:
    """Return what a voice says."""
    async with engines.voice(voice) as line:
        await line.send(Event("speak", {"text": text, "voice": voice.name, "delivery": {}}))
        head = await line.receive()
        pieces = [await line.receive() for _ in range(head.data["pieces"])]
    return decode_spoken(head.data, b"".join(piece.payload or b"" for piece in pieces))


def _at_16_khz(spoken: Spoken) -> bytes:
    """Return a sentence with half a second of silence on both sides."""
    convert = AudioChunkConverter(rate=_RATE_HZ, width=2, channels=1)
    chunk = AudioChunk(rate=spoken.rate_hz, width=2, channels=1, audio=spoken.pcm)
    return _SILENCE + convert.convert(chunk).audio + _SILENCE


async def _hear(line: Line, pcm: bytes) -> str:
    """Return what a recogniser understands."""
    for piece in split_payload(pcm):
        await line.send(Event("audio", payload=piece))
    await line.send(Event("stop"))
    while (event := await line.receive()).type != "final":
        pass
    return str(event.data["text"])


async def _start(line: Line, engines: Engines) -> None:
    """Begin an utterance of free speech, heard as the owner has set it."""
    request = Transcribe(language="en")
    data = start_data(request, beam=engines.beam, whole_window=engines.whole_window)
    await line.send(Event("start", data))


async def _start_commands(line: Line) -> None:
    """Begin an utterance with the grammar that every home has."""
    document = minimal_grammar().encode()
    digest = hashlib.sha256(document).hexdigest()
    await line.send(Event("grammar", {"hash": digest, "last": True}, document))
    await line.receive()
    await line.send(Event("start", {"hash": digest}))
    await line.receive()


async def _missing(engines: Engines) -> AsyncIterator[Finding]:
    """Yield what is not installed and would be of use."""
    voices = {voice.engine for voice in engines.catalog.voices}
    recognisers = {one.engine for one in engines.recognisers}
    for engine in _without((*ENGINES, POCKETSPHINX), voices | recognisers):
        try:
            await (await start_worker(engine)).end()
        except SpeechError as err:
            yield Finding(subject=engine, light=Light.AMBER, said=str(err))
    for engine, choice, what in (
        (PIPER, "piper:en_US-lessac-medium", "a natural voice"),
        (WHISPER, "faster-whisper:base", "free speech"),
    ):
        if engine not in voices | recognisers:
            said = f"no model is here; for {what}: waifu-speech --download {choice}"
            yield Finding(subject=engine, light=Light.AMBER, said=said)


def _without(names: Iterable[str], there: set[str]) -> list[str]:
    """Return the names that are not there."""
    return [name for name in names if name not in there]
