"""What every speech server of the house is and does, whatever protocol it speaks."""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterable, Sequence
from dataclasses import dataclass, field

from wyoming.event import Event
from wyoming.info import Info

from ..stage.cues import Cue
from ..stage.timeline import SpeechMarks
from .grammar import Grammar
from .health import Health
from .wav import AudioFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A voice that a server has installed."""

    name: str
    description: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerInfo:
    """What a server says that it is (event `info`)."""

    id: str | None
    """Stable id of our own servers, nothing for others."""
    name: str
    role: str | None
    version: str | None
    speech_marks: bool
    grammar: bool
    feelings: bool
    """Whether a voice can sound happy or sad."""
    endpoint: bool
    """Whether it hears by itself that somebody has finished."""
    voices: tuple[Voice, ...]
    listen_languages: tuple[str, ...]
    aligns: tuple[str, ...] = ()
    """Languages in which it finds a text in a sound that somebody else made."""
    downloads: tuple[str, ...] = ()
    """Engines for which it fetches models when it is asked."""
    area: str | None = None
    """The room that a satellite says it stands in."""
    refused: object = None
    """What it tells of attempts with wrong keys, as it came."""

    @property
    def languages(self) -> list[str]:
        """Return the languages that it speaks, sorted."""
        return sorted({language for voice in self.voices for language in voice.languages})

    @classmethod
    def from_event(cls, event: Event) -> ServerInfo:
        """Read the standard part and our own object beside it."""
        info = Info.from_event(event)
        own = event.data.get("waifu_rt3d")
        own = own if isinstance(own, dict) else {}
        programs = [program for program in info.tts if program.installed]
        models = [
            model for asr in info.asr if asr.installed for model in asr.models if model.installed
        ]
        return cls(
            id=own.get("id"),
            name=_name(info),
            role=own.get("role"),
            version=own.get("version"),
            speech_marks=bool(own.get("speech_marks")),
            grammar=bool(own.get("grammar")),
            feelings=bool(own.get("feelings")),
            endpoint=bool(own.get("endpoint")),
            voices=tuple(
                Voice(
                    name=voice.name,
                    description=voice.description or voice.name,
                    languages=tuple(voice.languages),
                )
                for program in programs
                for voice in program.voices
                if voice.installed
            ),
            listen_languages=tuple(
                sorted({language for model in models for language in model.languages})
            ),
            aligns=_texts(own.get("align")),
            downloads=_texts(own.get("download")),
            area=info.satellite.area if info.satellite else None,
            refused=own.get("refused"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcription:
    """What was understood so far, or in the end."""

    text: str
    final: bool
    paused: bool = False
    """Whether the voice has fallen silent behind these words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What helps a recogniser of free speech."""

    names: tuple[str, ...] = ()
    """Words that are likely: the things and rooms of the house."""
    finds_end: bool = False
    """Whether the server may end the listening at a pause."""


NO_HINTS = Hints()


@dataclass(slots=True, kw_only=True)
class SpeechService(ABC):
    """A server that speaks, listens, or both."""

    host: str
    info: ServerInfo
    health: Health = field(default_factory=Health)
    order: int = 1
    """The owner's: the smallest is asked first."""

    @abstractmethod
    async def refresh(self) -> None:
        """Ask again what it is. Raises WireError when it still can't be used."""

    @abstractmethod
    def speak(
        self,
        text: AsyncGenerator[str],
        *,
        language: str,
        voice: str | None,
        cues: Sequence[Cue] = (),
    ) -> AsyncGenerator[AudioFormat | SpeechMarks | bytes]:
        """Speak a text that may still be written; closing the generator stops the server.

        `cues` are those of the text and grow with it; where the server can, its emotions are heard.
        Yields the format once, then for each segment its marks before its PCM. Raises WireError.
        """

    @abstractmethod
    def listen(
        self,
        audio: AsyncIterable[bytes],
        *,
        language: str,
        grammar: Grammar | None,
        hints: Hints = NO_HINTS,
    ) -> AsyncGenerator[Transcription]:
        """Understand 16 kHz mono 16 bit PCM: guesses, then the final text. Raises WireError.

        A server that does not know what a hint means leaves it.
        """


def _texts(value: object) -> tuple[str, ...]:
    """Return a list of texts of the wire, nothing where it is none."""
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def _name(info: Info) -> str:
    """Return the name of the first thing that is installed."""
    if info.satellite is not None:
        return info.satellite.name
    programs = [program.name for program in (*info.tts, *info.asr) if program.installed]
    return programs[0] if programs else "Wyoming"
