"""A Whisper made of arithmetic that really decodes: high tones into the words of a sentence.

Each word has a tone of its own above 3.8 kHz, where a telephone's speech has nothing, so that tones
can lie over real speech. The decoder says the words whose tones are heard, in the order of WORDS:
one attention head looks for each tone, one layer finds the first word after the last one said.
`layers` and `width` of a real model give it a real model's cost.
"""

import json
from pathlib import Path
from typing import Any

from ctranslate2.specs import whisper_spec
from faster_whisper.feature_extractor import FeatureExtractor
import numpy as np
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers

WORDS = "please turn on all the kitchen lights then play music".split()
RATE_HZ = 16000
HEADS = 16
_MELS = 80
_FIRST_BIN = 60
_SIGNS = ["!", '"', "-", "'"]
_SPECIAL = [
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|en|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
]
_TIMES = [f"<|{number * 0.02:.2f}|>" for number in range(1501)]
_TOKENS = [*_SIGNS, *(f" {word}" for word in WORDS), *_SPECIAL, *_TIMES]
_ID = {token: number for number, token in enumerate(_TOKENS)}


def _bins() -> list[int]:
    """Return the mel bin of each word's tone; every other one, so that none hears its neighbour."""
    return [_FIRST_BIN + 2 * number for number in range(len(WORDS))]


def tone_hz(word: str) -> float:
    """Return the frequency of a word."""
    mel = FeatureExtractor(feature_size=_MELS).mel_filters
    best = int(np.argmax(mel[_bins()[WORDS.index(word)]]))
    return float(np.fft.rfftfreq(400, 1 / RATE_HZ)[best])


def sung(words: list[str], seconds: float, speech: np.ndarray | None = None) -> np.ndarray:
    """Return the words' tones one after the other, over speech, as 16-bit sound."""
    length = int(seconds * RATE_HZ)
    out = np.zeros(length)
    if speech is not None:
        spectrum = np.fft.rfft(np.resize(speech.astype(float), length))
        spectrum[int(3500 * seconds) :] = 0
        out += np.fft.irfft(spectrum, length)
    step = length // len(words)
    time_s = np.arange(step) / RATE_HZ
    fade = np.minimum(1.0, np.minimum(np.arange(step), np.arange(step)[::-1]) / 400)
    for number, word in enumerate(words):
        out[number * step : number * step + step] += (
            900 * fade * np.sin(2 * np.pi * tone_hz(word) * time_s)
        )
    return np.clip(out, -32768, 32767).astype(np.int16)


def make_whisper(
    folder: Path, *, layers: int = 1, width: int = 256, quantization: str = "float16"
) -> Path:
    """Write a model's folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    spec = whisper_spec.WhisperSpec(layers, HEADS, layers, HEADS)
    maker = _Maker(width)
    maker.encoder(spec.encoder)
    maker.decoder(spec.decoder)
    spec.register_vocabulary(_TOKENS)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.lang_ids = [_ID["<|en|>"]]
    spec.config.alignment_heads = [[0, 0]]
    spec.validate()
    spec.optimize(quantization=quantization)
    spec.save(str(folder))
    _tokenizer().save(str(folder / "tokenizer.json"))
    features = {"feature_size": _MELS, "sampling_rate": RATE_HZ, "hop_length": 160, "n_fft": 400}
    (folder / "preprocessor_config.json").write_text(json.dumps({**features, "chunk_length": 30}))
    return folder


class _Maker:
    """Fill the specification with weights."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._ffn = 4 * width

    def _zeros(self, *shape: int) -> np.ndarray:
        return np.zeros(shape, np.float32)

    def _linear(self, spec: Any, out: int, into: int, weight: Any = None, bias: Any = None) -> None:
        spec.weight = self._zeros(out, into) if weight is None else weight
        spec.bias = self._zeros(out) if bias is None else bias

    def _norm(self, spec: Any) -> None:
        spec.gamma = np.ones(self._width, np.float32)
        spec.beta = self._zeros(self._width)

    def _self_attention(self, layer: Any) -> None:
        """Attend to nothing, at the cost of attending."""
        self._norm(layer.self_attention.layer_norm)
        self._linear(layer.self_attention.linear[0], 3 * self._width, self._width)
        self._linear(layer.self_attention.linear[1], self._width, self._width)

    def _idle_ffn(self, layer: Any) -> None:
        """Change nothing."""
        self._norm(layer.ffn.layer_norm)
        self._linear(layer.ffn.linear_0, self._ffn, self._width)
        self._linear(layer.ffn.linear_1, self._width, self._ffn)

    def encoder(self, encoder: Any) -> None:
        """Let one dimension rise with each tone."""
        width = self._width
        conv1, bias1 = self._zeros(width, _MELS, 3), self._zeros(width)
        conv2 = self._zeros(width, width, 3)
        for number, place in enumerate(_bins()):
            conv1[number, place, 1] = 10
            bias1[number] = -4.0
            conv2[number, number, 1] = 1
        encoder.conv1.weight, encoder.conv1.bias = conv1, bias1
        encoder.conv2.weight, encoder.conv2.bias = conv2, self._zeros(width)
        encoder.position_encodings.encodings = self._zeros(1500, width)
        for layer in encoder.layer:
            self._self_attention(layer)
            self._idle_ffn(layer)
        self._norm(encoder.layer_norm)

    def decoder(self, decoder: Any) -> None:
        """Say the first heard word after the last one said, else the end."""
        width, count = self._width, len(WORDS)
        # Dimensions: which words are heard, which was said last (0 is none), which comes next.
        said, following = count, 2 * count + 1
        silence = following + count
        # Each rise has its fall: a norm takes the mean away, which must not depend on the words.
        against = self._width // 2
        embedding = self._zeros(len(_TOKENS), width)
        for token, number in _ID.items():
            word = token[1:] if token.startswith(" ") else None
            embedding[number, said + (WORDS.index(word) + 1 if word else 0)] = 8.0
            embedding[number, against + count] = -8.0
        embedding[_ID["<|startoftranscript|>"], silence] = 8.0
        embedding[_ID["<|startoftranscript|>"], against + count + 1] = -8.0
        decoder.embeddings.weight = embedding
        decoder.position_encodings.encodings = self._zeros(448, width)
        self._norm(decoder.layer_norm)
        for number, layer in enumerate(decoder.layer):
            self._self_attention(layer)
            self._cross_attention(layer, active=number == 0)
            if number == 0:
                self._choosing_ffn(layer, said, following)
            else:
                self._idle_ffn(layer)
        projection, bias = self._zeros(len(_TOKENS), width), self._zeros(len(_TOKENS))
        for number, word in enumerate(WORDS):
            projection[_ID[f" {word}"], following + number] = 20.0
        bias[_ID["<|endoftext|>"]] = 40.0
        projection[_ID["<|0.00|>"], said] = 1.0
        projection[_ID["<|nospeech|>"], silence] = 6.0
        decoder.projection.weight, decoder.projection.bias = projection, bias

    def _cross_attention(self, layer: Any, *, active: bool) -> None:
        """Let head `k` look for frames with tone `k`, and bring whether there is one."""
        width, attention = self._width, layer.attention
        per_head = width // HEADS
        query = self._zeros(width)
        keys_values, out = self._zeros(2 * width, width), self._zeros(width, width)
        if active:
            for number in range(len(WORDS)):
                query[number * per_head] = 60.0
                keys_values[number * per_head, number] = 1.0
                keys_values[width + number * per_head, number] = 1.0
                # A frame with one tone has the height √width after the norm.
                out[number, number * per_head] = 2.0 / np.sqrt(width)
                out[width // 2 + number, number * per_head] = -2.0 / np.sqrt(width)
        self._norm(attention.layer_norm)
        self._linear(attention.linear[0], width, width, bias=query)
        self._linear(attention.linear[1], 2 * width, width, keys_values)
        self._linear(attention.linear[2], width, width, out)

    def _choosing_ffn(self, layer: Any, said: int, following: int) -> None:
        """Raise the words that are heard and come after the one said last, the first the most."""
        first, bias = self._zeros(self._ffn, self._width), self._zeros(self._ffn)
        second = self._zeros(self._width, self._ffn)
        scale = np.sqrt(256 / self._width)
        for number in range(len(WORDS)):
            first[number, number] = 10.0 * scale
            first[number, said + number + 1 : said + len(WORDS) + 1] = -40.0
            bias[number] = -15.0
            second[following + number, number] = 2.0 * (1 - 0.04 * number)
        self._norm(layer.ffn.layer_norm)
        self._linear(layer.ffn.linear_0, self._ffn, self._width, first, bias)
        self._linear(layer.ffn.linear_1, self._width, self._ffn, second)


def _tokenizer() -> Tokenizer:
    """Return a tokenizer of whole words."""
    words = {token: _ID[token] for token in [*_SIGNS, *(f" {word}" for word in WORDS)]}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="!"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r" ?[^ ]+"), "isolated")
    tokenizer.decoder = decoders.Fuse()
    tokenizer.add_special_tokens(
        [AddedToken(token, special=True, normalized=False) for token in _SPECIAL]
    )
    tokenizer.add_tokens([AddedToken(token, special=False, normalized=False) for token in _TIMES])
    return tokenizer
