"""The installed voices, and which one a request means."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from wyoming.event import Event

from .errors import EngineMissingError, UnknownVoiceError
from .models import PIPER, Model
from .pool import WorkerPool

ESPEAK: Final = "espeak"
FLITE: Final = "flite"
ENGINES: Final = (FLITE, ESPEAK)
# From the pleasantest.
_ORDER: Final = (PIPER, FLITE, ESPEAK)
RATES_HZ: Final = {ESPEAK: 22050, FLITE: 16000}
DEFAULT_FLITE: Final = "slt"
DEFAULT_ESPEAK: Final = "en-us"
# espeak-ng names languages by ISO 639-3 where Home Assistant does by 639-1.
_LANGUAGES: Final = {"cmn": "zh-CN", "yue": "zh-HK", "nb": "nb", "en-gb-x-rp": "en-GB"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """An installed voice."""

    engine: str
    name: str
    language: str
    """BCP 47 tag."""
    description: str
    rate_hz: int
    path: Path | None = None
    """Where a voice's model is; None for an engine that brings its voices."""
    speakers: tuple[str, ...] = ()


class VoiceCatalog:
    """All installed voices, the default first."""

    def __init__(self, voices: list[Voice], default: Voice) -> None:
        """Take the voices; `load_catalog` is the door."""
        self.default = default
        self.voices = [default, *(voice for voice in voices if voice != default)]

    def find(self, name: str | None, language: str | None) -> Voice:
        """Return the voice of that name, else the best for the language, else the default."""
        if name:
            return self._named(name)
        if language:
            return self._speaking(language)
        return self.default

    def _named(self, name: str) -> Voice:
        """Return a voice by `name` or `engine:name`."""
        engine, _, rest = name.partition(":")
        for voice in self.voices:
            if voice.name == name or (voice.engine == engine and voice.name == rest):
                return voice
        raise UnknownVoiceError(
            f"There is no voice named {name!r}; `waifu-speech --list` shows all"
        )

    def _speaking(self, language: str) -> Voice:
        """Return the best voice for a language: the default, then Piper, flite, espeak-ng."""
        wanted = language.replace("_", "-").lower()
        family = wanted.split("-")[0]
        exact = [voice for voice in self.voices if voice.language.lower() == wanted]
        alike = [voice for voice in self.voices if voice.language.lower().split("-")[0] == family]
        # A pleasant American voice is a better answer to "en-GB" than a British robot.
        if self.default in alike:
            return self.default
        if not alike:
            raise UnknownVoiceError(f"No installed voice speaks {language!r}")
        return min(
            exact or alike,
            key=lambda voice: (_ORDER.index(voice.engine), voice.name != family),
        )


async def load_catalog(
    pools: dict[str, WorkerPool], models: list[Model], wanted: str | None
) -> VoiceCatalog:
    """Return the voices of all installed engines; `wanted` is the default as `engine:name`."""
    voices = [_piper_voice(model) for model in models if model.engine == PIPER]
    missing: dict[str, EngineMissingError] = {}
    # Side by side: each waits for a process of its own.
    found = await asyncio.gather(
        *(_voices(engine, pools[engine]) for engine in ENGINES), return_exceptions=True
    )
    for engine, result in zip(ENGINES, found, strict=True):
        if isinstance(result, EngineMissingError):
            missing[engine] = result
        elif isinstance(result, BaseException):
            raise result
        else:
            voices += result
    if wanted is not None and (err_ := missing.get(wanted.partition(":")[0])):
        raise err_
    if not voices:
        raise missing[ESPEAK]
    preferred = wanted.split(":", 1) if wanted else None
    return VoiceCatalog(voices, _default(voices, preferred))


def _piper_voice(model: Model) -> Voice:
    """Return a model on the disk as a voice."""
    return Voice(
        engine=PIPER,
        name=model.name,
        language=model.languages[0],
        description=model.description,
        rate_hz=model.rate_hz,
        path=model.path,
        speakers=model.speakers,
    )


async def _voices(engine: str, pool: WorkerPool) -> list[Voice]:
    """Return an engine's voices, which its worker tells."""
    async with pool.worker() as worker:
        await worker.send(Event("voices"))
        answer = await worker.receive()
    return [
        Voice(
            engine=engine,
            name=name,
            language="en-US" if engine == FLITE else _language(name),
            description=description,
            rate_hz=RATES_HZ[engine],
        )
        for name, description in answer.data["voices"]
    ]


def _default(voices: list[Voice], wanted: list[str] | None) -> Voice:
    """Return the wanted voice, else the pleasantest that is installed, English first."""
    if wanted:
        for voice in voices:
            if [voice.engine, voice.name] == wanted:
                return voice
        raise UnknownVoiceError(f"There is no voice {':'.join(wanted)}; `--list` shows all")
    english = [
        voice for voice in voices if voice.engine == PIPER and voice.language.startswith("en")
    ]
    if english:
        return min(english, key=lambda voice: voice.language != "en-US")
    for choice in ((FLITE, DEFAULT_FLITE), (ESPEAK, DEFAULT_ESPEAK)):
        for voice in voices:
            if (voice.engine, voice.name) == choice:
                return voice
    return voices[0]


def _language(name: str) -> str:
    """Return the BCP 47 tag of an espeak-ng voice."""
    if name in _LANGUAGES:
        return _LANGUAGES[name]
    language, *rest = name.split("-")
    region = rest[0].upper() if rest and (len(rest[0]) == 2 or rest[0].isdigit()) else ""
    return f"{language}-{region}" if region else language
