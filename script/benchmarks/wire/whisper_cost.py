"""What Whisper's real dimensions cost here: models of chance, made on this machine."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
import statistics
import time
from typing import Any

import ctranslate2
from ctranslate2.specs import whisper_spec
import numpy as np

SIZES = {"tiny": (4, 384, 6), "base": (6, 512, 8)}
VOCABULARY = 51865
TOKENS = 15
_SPECIAL = ["<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|translate|>", "<|transcribe|>"]
_SPECIAL += ["<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"]
_TIMES = [f"<|{number * 0.02:.2f}|>" for number in range(1501)]
_WORDS = VOCABULARY - len(_SPECIAL) - len(_TIMES)
_PROMPT = [_WORDS + 1, _WORDS + len(_SPECIAL) - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a model takes (s), each the middle of some runs."""

    whole_s: float
    """Hearing a window of 30 s."""
    fitted_s: float
    """Hearing one of 15 s, which is enough for a sentence."""
    writing_s: float
    """Writing 15 tokens."""


def cost_s(folder: Path, name: str) -> Cost:
    """Return what a model of Whisper's dimensions costs."""
    model = ctranslate2.models.Whisper(
        str(_make(folder / name, *SIZES[name])), compute_type="int8", intra_threads=2
    )
    whole = np.random.default_rng(1).normal(0, 1, (1, 80, 3000)).astype(np.float32)
    fitted = np.ascontiguousarray(whole[:, :, :1500])
    encoded = model.encode(ctranslate2.StorageView.from_array(whole))
    return Cost(
        whole_s=_median_s(lambda: model.encode(ctranslate2.StorageView.from_array(whole))),
        fitted_s=_median_s(lambda: model.encode(ctranslate2.StorageView.from_array(fitted))),
        writing_s=_median_s(
            lambda: model.generate(
                encoded, [_PROMPT], beam_size=1, max_length=TOKENS + 2, suppress_tokens=[_WORDS]
            )
        ),
    )


def _median_s(work: Callable[[], Any]) -> float:
    """Return how long something takes."""
    times = []
    for _ in range(4):
        began_s = time.perf_counter()
        work()
        times.append(time.perf_counter() - began_s)
    return statistics.median(times[1:])


def _make(folder: Path, layers: int, width: int, heads: int) -> Path:
    """Write a model of weights of chance."""
    chance = np.random.default_rng(0)
    spec = whisper_spec.WhisperSpec(layers, heads, layers, heads)

    def weights(*shape: int) -> np.ndarray:
        return chance.normal(0, 0.02, shape).astype(np.float32)

    def linear(one: Any, out: int, into: int) -> None:
        one.weight, one.bias = weights(out, into), weights(out)

    def norm(one: Any) -> None:
        one.gamma, one.beta = np.ones(width, np.float32), np.zeros(width, np.float32)

    def block(layer: Any, *, crossed: bool) -> None:
        attentions = [layer.self_attention, *([layer.attention] if crossed else [])]
        for attention in attentions:
            norm(attention.layer_norm)
            shares = [3, 1] if attention is layer.self_attention else [1, 2, 1]
            for one, share in zip(attention.linear, shares, strict=True):
                linear(one, share * width, width)
        norm(layer.ffn.layer_norm)
        linear(layer.ffn.linear_0, 4 * width, width)
        linear(layer.ffn.linear_1, width, 4 * width)

    encoder, decoder = spec.encoder, spec.decoder
    encoder.conv1.weight, encoder.conv1.bias = weights(width, 80, 3), weights(width)
    encoder.conv2.weight, encoder.conv2.bias = weights(width, width, 3), weights(width)
    encoder.position_encodings.encodings = weights(1500, width)
    for layer in encoder.layer:
        block(layer, crossed=False)
    norm(encoder.layer_norm)
    decoder.embeddings.weight = weights(VOCABULARY, width)
    decoder.position_encodings.encodings = weights(448, width)
    for layer in decoder.layer:
        block(layer, crossed=True)
    norm(decoder.layer_norm)
    decoder.projection.weight = weights(VOCABULARY, width)
    decoder.projection.bias = weights(VOCABULARY)
    spec.register_vocabulary([*(f"t{number}" for number in range(_WORDS)), *_SPECIAL, *_TIMES])
    spec.config.suppress_ids = spec.config.suppress_ids_begin = []
    spec.config.lang_ids, spec.config.alignment_heads = [_WORDS + 2], [[0, 0]]
    spec.validate()
    spec.optimize(quantization="int8")
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    return folder
