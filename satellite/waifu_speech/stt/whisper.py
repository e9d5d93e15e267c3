"""Recognise free speech with Whisper models (faster-whisper 1.2)."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
import copy
from dataclasses import dataclass
import os
from pathlib import Path
from typing import Any, Final, override

from ..errors import EngineMissingError, ModelBrokenError

# Its threads would turn in circles for 200 ms after each piece of work (libiomp5).
os.environ.setdefault("KMP_BLOCKTIME", "0")

try:
    import ctranslate2
    import faster_whisper
    import numpy as np

    from .vad import RATE_HZ, Sound, open_silero
except ImportError as err:
    raise EngineMissingError(
        "faster-whisper is not installed: run `pip install 'waifu-satellite[whisper]'`"
    ) from err

from ..host_worker import Inbox, Outbox
from .listening import Guess, Listening, Request

_MAX_THREADS: Final = 4
# Two clients are heard at once; more wait for a place.
_AT_ONCE: Final = 2
# Each may have a guess under way that a final text has overtaken.
_THREADS: Final = 2 * _AT_ONCE
# A guess that repeats itself or is very unsure is made again with more chance in it.
_TEMPERATURES: Final = (0.0, 0.2, 0.4, 0.6)
# Names and terms share a prompt with the text, which has room for 448 tokens (Whisper).
_MAX_HINT_TOKENS: Final = 180
# Whisper was trained on 30 s, of which most is padding here: half the window, or this much padding
# behind the sound, is understood as well in nearly every case, at a fifth of the cost.
_FRAMES_PER_S: Final = 100
_SHORT_WINDOW: Final = 15 * _FRAMES_PER_S
_PADDING: Final = 5 * _FRAMES_PER_S
# Where it is not, the text is improbable, goes round in circles or does not end: then the whole
# window is asked. Whisper itself gives up at -1.0 and 2.4.
_SURE_LOG_PROBABILITY: Final = -0.7
_SURE_COMPRESSION: Final = 2.0
_TOKENS_AT_LEAST: Final = 24
_TOKENS_PER_S: Final = 12
_TOKENS_AT_MOST: Final = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hints:
    """Words that are likely, as the model takes them."""

    hotwords: str | None
    prompt: str | None


class _FittedModel(faster_whisper.WhisperModel):  # type: ignore[misc] # it has no types
    """A model that looks at little more than the sound, not always at 30 s."""

    @classmethod
    def of(cls, model: Any) -> Any:
        """Return another view of a loaded model; the weights are shared."""
        fitted = copy.copy(model)
        fitted.__class__ = cls
        return fitted

    @override
    def encode(self, features: Any) -> Any:
        """Encode a window without most of its padding, which faster-whisper makes of zeros."""
        filled = np.flatnonzero(features.any(axis=0))
        frames = int(filled[-1]) + 1 if len(filled) else 0
        window = max(_SHORT_WINDOW, frames + _PADDING)
        return super().encode(np.ascontiguousarray(features[:, :window]))


class WhisperModel:
    """A loaded model and what finds speech for it."""

    def __init__(self, path: Path) -> None:
        """Load a model's folder; nothing is fetched from anywhere."""
        self._gpu = gpu = ctranslate2.get_cuda_device_count() > 0
        try:
            self.loaded = faster_whisper.WhisperModel(
                str(path),
                device="cuda" if gpu else "cpu",
                compute_type="auto" if gpu else "int8",
                cpu_threads=min(_MAX_THREADS, os.cpu_count() or 1),
                num_workers=_AT_ONCE,
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as err:
            raise ModelBrokenError(f"The Whisper model {path.name} can't be read: {err}") from err
        self.fitted = _FittedModel.of(self.loaded)
        # Distilled models were trained without a prompt and get worse by one.
        self._takes_hints = "distil" not in path.name
        self._silero = open_silero()
        self._threads = ThreadPoolExecutor(_THREADS, "whisper")

    def serve(self, inbox: Inbox, send: Outbox) -> None:
        """Listen to one client's utterances, one after the other."""
        Listening(self.decode, self._silero, self._threads, inbox, send).run()

    def decode(self, sound: Sound, request: Request, *, final: bool) -> Guess:
        """Return what is said in up to 30 s of sound; a final text is as sure as it can be."""
        # A graphics card has no need to save.
        if not final or not (request.whole_window or self._gpu):
            guess = self._guess(sound, request, final=final)
            if guess.sure or not final:
                return guess
        return self._transcribe(
            self.loaded, sound, request, beam_size=request.beam, temperature=_TEMPERATURES
        )

    def _guess(self, sound: Sound, request: Request, *, final: bool) -> Guess:
        """Return what a fitted window understands, and whether that can be trusted."""
        seconds = len(sound) / RATE_HZ
        return self._transcribe(
            self.fitted,
            sound,
            request,
            beam_size=request.beam if final else 1,
            temperature=0.0,
            max_new_tokens=min(_TOKENS_AT_MOST, _TOKENS_AT_LEAST + int(seconds * _TOKENS_PER_S)),
        )

    def _transcribe(self, model: Any, sound: Sound, request: Request, **how: Any) -> Guess:
        """Return what a view of the model understands."""
        hints = self._hints(request)
        found, info = model.transcribe(
            sound,
            language=request.language,
            condition_on_previous_text=False,
            without_timestamps=True,
            hotwords=hints.hotwords,
            initial_prompt=hints.prompt,
            **how,
        )
        segments = list(found)
        words = " ".join(segment.text for segment in segments).split()
        return Guess(
            text=" ".join(words),
            language=info.language,
            sure=_is_sure(segments, words, how.get("max_new_tokens")),
        )

    def _hints(self, request: Request) -> _Hints:
        """Return the names and terms of a request."""
        if not self._takes_hints:
            return _Hints(hotwords=None, prompt=None)
        terms = self._joined(request.terms, _MAX_HINT_TOKENS // 2)
        left = _MAX_HINT_TOKENS - self._tokens(terms)
        return _Hints(hotwords=self._joined(request.names, left) or None, prompt=terms or None)

    def _joined(self, words: Sequence[str], limit: int) -> str:
        """Return words as one text of so many tokens at most."""
        kept = ""
        for word in words:
            longer = f"{kept}, {word}" if kept else word
            if self._tokens(longer) > limit:
                break
            kept = longer
        return kept

    def _tokens(self, text: str) -> int:
        """Return how many tokens a text takes."""
        return len(self.loaded.hf_tokenizer.encode(text, add_special_tokens=False).ids)


def _is_sure(segments: Sequence[Any], words: Sequence[str], most: int | None) -> bool:
    """Return whether a text shows none of the signs of a model that lost its way."""
    if not words or goes_in_circles(words):
        return False
    return all(
        segment.avg_logprob >= _SURE_LOG_PROBABILITY
        and segment.compression_ratio <= _SURE_COMPRESSION
        and (most is None or len(segment.tokens) < most)
        for segment in segments
    )


def goes_in_circles(words: Sequence[str]) -> bool:
    """Return whether three words or more come twice in a row."""
    plain = [word.casefold().strip(".,!?;:") for word in words]
    return any(
        plain[at : at + length] == plain[at + length : at + 2 * length]
        for length in range(3, len(plain) // 2 + 1)
        for at in range(len(plain) - 2 * length + 1)
    )
