"""Recognise free speech with Whisper models (faster-whisper 1.2)."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
import os
from pathlib import Path
from typing import Any, Final

from ..errors import EngineMissingError, ModelBrokenError

# Its threads would turn in circles for 200 ms after each piece of work (libiomp5).
os.environ.setdefault("KMP_BLOCKTIME", "0")

try:
    import ctranslate2
    import faster_whisper

    from .vad import Sound, open_silero
except ImportError as err:
    raise EngineMissingError(
        "faster-whisper is not installed: run `pip install 'waifu-satellite[whisper]'`"
    ) from err

from ..host_worker import Inbox, Outbox
from .listening import Guess, Listening, Request

_MAX_THREADS: Final = 4
# Two clients are heard at once; more wait for a place.
_AT_ONCE: Final = 2
# A guess that repeats itself or is very unsure is made again with more chance in it.
_TEMPERATURES: Final = (0.0, 0.2, 0.4, 0.6)
_MAX_PROMPT: Final = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hints:
    """Words that are likely, as the model takes them."""

    hotwords: str | None
    prompt: str | None


class WhisperModel:
    """A loaded model and what finds speech for it."""

    def __init__(self, path: Path) -> None:
        """Load a model's folder; nothing is fetched from anywhere."""
        gpu = ctranslate2.get_cuda_device_count() > 0
        try:
            self._model = faster_whisper.WhisperModel(
                str(path),
                device="cuda" if gpu else "cpu",
                compute_type="auto" if gpu else "int8",
                cpu_threads=min(_MAX_THREADS, os.cpu_count() or 1),
                num_workers=_AT_ONCE,
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as err:
            raise ModelBrokenError(f"The Whisper model {path.name} can't be read: {err}") from err
        # Distilled models were trained without a prompt and get worse by one.
        self._takes_hints = "distil" not in path.name
        self._silero = open_silero()
        self._threads = ThreadPoolExecutor(_AT_ONCE, "whisper")

    def serve(self, inbox: Inbox, send: Outbox) -> None:
        """Listen to one client's utterances, one after the other."""
        Listening(self._decode, self._silero, self._threads, inbox, send).run()

    def _decode(self, sound: Sound, request: Request, *, final: bool) -> Guess:
        """Return what is said in up to 30 s of sound."""
        hints = self._hints(request)
        segments, info = self._model.transcribe(
            sound,
            language=request.language,
            beam_size=request.beam if final else 1,
            temperature=_TEMPERATURES if final else 0.0,
            condition_on_previous_text=False,
            without_timestamps=True,
            hotwords=hints.hotwords,
            initial_prompt=hints.prompt,
        )
        text = " ".join(segment.text.strip() for segment in segments)
        return Guess(text=" ".join(text.split()), language=info.language)

    def _hints(self, request: Request) -> _Hints:
        """Return the names and terms of a request."""
        if not self._takes_hints:
            return _Hints(hotwords=None, prompt=None)
        return _Hints(hotwords=_joined(request.names), prompt=_joined(request.terms))


def _joined(words: Sequence[str]) -> str | None:
    """Return words as one text that fits beside a transcript."""
    kept: list[Any] = []
    for word in words:
        if sum(map(len, kept)) + 2 * len(kept) + len(word) > _MAX_PROMPT:
            break
        kept.append(word)
    return ", ".join(kept) or None
