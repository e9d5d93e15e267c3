"""Voices and ears behind OpenAI's `/v1/audio/speech` and `/v1/audio/transcriptions`.

Kokoro-FastAPI, XTTS, Bark and Tortoise servers, whisper.cpp's server and OpenAI itself speak it. No
such server tells times, so they are guessed from each phrase; the house improves them (`timing.py`).
"""

from collections.abc import AsyncGenerator, AsyncIterable, Sequence
from dataclasses import dataclass
import io
from typing import Any, override
from urllib.parse import urlsplit
import wave

from ..providers.errors import UnavailableError, translated
from ..stage.cues import Cue
from ..stage.estimating import estimate_marks
from ..stage.timeline import SpeechMarks
from .connection import UnreachableError, WireError
from .grammar import Grammar
from .phrases import phrases
from .service import NO_HINTS, Hints, ServerInfo, SpeechService, Transcription, Voice
from .wav import AudioFormat, WavReader

LISTEN_LIMIT_S = 60
_MICROPHONE = AudioFormat(rate_hz=16000, width=2, channels=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSettings:
    """What the owner entered; without a model that part is not there."""

    url: str
    languages: tuple[str, ...]
    speak_model: str = ""
    voice: str = ""
    listen_model: str = ""


@dataclass(slots=True, kw_only=True)
class ApiSpeech(SpeechService):
    """A server with OpenAI's audio endpoints, through the `openai` SDK."""

    client: Any
    settings: ApiSettings

    @classmethod
    def of(cls, client: Any, settings: ApiSettings) -> ApiSpeech:
        """Return the server; nothing is asked yet."""
        host = urlsplit(settings.url).hostname or settings.url
        name = settings.voice or settings.speak_model
        voice = Voice(name=name, description=name, languages=settings.languages)
        return cls(
            host=host,
            client=client,
            settings=settings,
            info=ServerInfo(
                id=None,
                name=host,
                role=None,
                version=None,
                speech_marks=False,
                grammar=False,
                feelings=False,
                endpoint=False,
                voices=(voice,) if settings.speak_model else (),
                listen_languages=settings.languages if settings.listen_model else (),
            ),
        )

    @override
    async def refresh(self) -> None:
        """Ask for its models: any answer, also a refusal, shows that it is there."""
        try:
            await self.client.models.list()
        except Exception as error:
            if isinstance(translated(error), UnavailableError):
                raise UnreachableError(f"Nothing answers at {self.settings.url}") from error
        self.health.found()

    @override
    async def speak(
        self,
        text: AsyncGenerator[str],
        *,
        language: str,
        voice: str | None,
        cues: Sequence[Cue] = (),
    ) -> AsyncGenerator[AudioFormat | SpeechMarks | bytes]:
        """Speak phrase by phrase; the next one is asked for while the last one plays."""
        offset, start_ms = 0, 0.0
        told: AudioFormat | None = None
        async for phrase in phrases(text):
            audio, pcm = await self._say(phrase.strip(), voice)
            if told is None:
                yield audio
                told = audio
            elif audio != told:
                raise WireError(f"{self.host} changed the format of its sound")
            end_ms = start_ms + audio.duration_ms(len(pcm))
            yield estimate_marks(phrase, offset, round(start_ms), round(end_ms), language=language)
            yield pcm
            offset, start_ms = offset + len(phrase), end_ms

    async def _say(self, phrase: str, voice: str | None) -> tuple[AudioFormat, bytes]:
        """Return the sound of a phrase."""
        reader = WavReader()
        request = {
            "model": self.settings.speak_model,
            "voice": voice or self.settings.voice or "alloy",
            "input": phrase,
            "response_format": "wav",
        }
        try:
            answer = await self.client.audio.speech.create(**request)
            pcm = reader.feed(answer.content)
        except Exception as error:
            raise self._explained(error) from error
        self.health.found()
        if reader.format is None:
            raise WireError(f"{self.host} made no sound")
        return reader.format, pcm

    @override
    async def listen(
        self,
        audio: AsyncIterable[bytes],
        *,
        language: str,
        grammar: Grammar | None,
        hints: Hints = NO_HINTS,
    ) -> AsyncGenerator[Transcription]:
        """Understand a whole utterance: these servers give no guesses on the way."""
        pcm = bytearray()
        limit = int(LISTEN_LIMIT_S * _MICROPHONE.rate_hz * _MICROPHONE.width)
        async for chunk in audio:
            pcm += chunk[: limit - len(pcm)]
        try:
            heard = await self.client.audio.transcriptions.create(
                model=self.settings.listen_model,
                file=("speech.wav", _wav(bytes(pcm)), "audio/wav"),
                language=language.partition("-")[0].lower(),
                response_format="json",
            )
        except Exception as error:
            raise self._explained(error) from error
        self.health.found()
        yield Transcription(text=str(heard.text).strip(), final=True)

    def _explained(self, error: Exception) -> WireError:
        """Return our error for one of the SDK or of a broken sound; a fault of ours is raised."""
        known = translated(error)
        if known is None:
            raise error
        if isinstance(known, UnavailableError):
            self.health.lost(f"{self.host} does not answer")
            return UnreachableError(f"{self.host} does not answer")
        return WireError(f"{self.host}: {known}")


def _wav(pcm: bytes) -> bytes:
    """Return a WAV file of what a microphone heard."""
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(_MICROPHONE.channels)
        file.setsampwidth(_MICROPHONE.width)
        file.setframerate(_MICROPHONE.rate_hz)
        file.writeframes(pcm)
    return target.getvalue()
