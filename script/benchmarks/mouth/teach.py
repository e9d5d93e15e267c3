"""Teach the card's ear which mouth shape a sound has: writes `lovelace/src/audio/ear-weights.json`.

    PYTHONPATH=script/benchmarks:script script/python satellite -m mouth.teach

The ear is a net of one hidden layer over mel cepstra (see `ear.ts`, which computes the same
features). Voices and sentences of the benchmark's measured set are not used.
"""

import base64
from concurrent.futures import ProcessPoolExecutor
import json
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from waifu_speech.marks import Spoken
from waifu_speech.tts.espeak import EspeakEngine
from waifu_speech.tts.flite import FliteEngine

from .phones import Phone

OUT = Path(__file__).resolve().parents[3] / "lovelace" / "src" / "audio" / "ear-weights.json"
SHAPES = ("sil", "PP", "FF", "aa", "E", "I", "O", "U", "DD", "SS", "CH", "RR")
_LIKE = {"kk": "DD", "nn": "DD", "TH": "DD"}
STEP_S, WINDOW_S = 0.010, 0.025
BANDS, CEPSTRA = 20, 12
LOWEST_HZ, HIGHEST_HZ = 80, 5500
AROUND = (-8, -4, -2, 0, 2, 4, 8)
"""Steps of 10 ms that the net hears besides the one it names."""
HIDDEN = 32
FLOOR_DB = -60.0
VOICES = (
    ("flite", "slt"), ("flite", "rms"), ("flite", "awb"), ("flite", "kal16"),
    ("espeak", "en-us"), ("espeak", "en-gb-x-rp"), ("espeak", "en-us+f3"), ("espeak", "en-us+m3"),
    ("espeak", "en-us+f2"), ("espeak", "en-gb-scotland"), ("espeak", "de"), ("espeak", "de+f2"),
)  # fmt: skip
SENTENCES = (
    "Please put a purple book by the big blue box.",
    "My mother made five pumpkin pies before the movie.",
    "Would you like me to turn the heating down before you go to bed?",
    "The quick brown fox jumps over the lazy dog.",
    "She had your dark suit in greasy wash water all year.",
    "A cup of tea and a biscuit would be lovely right now.",
    "There are seven messages waiting, two of them are from your sister.",
    "How about we watch a film together after dinner tonight?",
    "The front door is locked and every window is closed.",
    "Oh no, the oven has been on for more than two hours!",
    "I wish you a very happy birthday, may all your wishes come true.",
    "Our house uses less power than usual, well done everybody.",
    "Vera gave Peter four fluffy feather pillows for Christmas.",
    "You should leave now, the bus arrives at a quarter past eight.",
    "He took a long look out of the small round window.",
    "Their boys enjoy noisy toys, but the girl prefers reading.",
)


def ceps(samples: NDArray[np.float64], rate_hz: int) -> NDArray[np.float64]:
    """Return for each step twelve cepstra and the level below the loudest so far (dB / 20)."""
    width, step = round(WINDOW_S * rate_hz), STEP_S * rate_hz
    size = 1 << (width - 1).bit_length()
    count = int((len(samples) - width) / step) + 1
    hann = np.hanning(width)
    bands = mel_bands(size // 2 + 1, rate_hz)
    places = np.arange(BANDS) + 0.5
    basis = np.cos(np.pi / BANDS * np.outer(np.arange(1, CEPSTRA + 1), places))
    loudest = FLOOR_DB / 2
    rows = []
    for at in range(max(0, count)):
        part = samples[round(at * step) : round(at * step) + width]
        level = 10 * np.log10(float(np.mean(part**2)) + 1e-9)
        loudest = max(level, loudest - 0.02)
        power = np.abs(np.fft.rfft(part * hann, size)) ** 2 / width
        mel = np.log(bands @ power + 1e-7)
        rows.append([*(basis @ mel / BANDS), max(-3.0, (level - loudest) / 20)])
    return np.array(rows)


def mel_bands(bins: int, rate_hz: int) -> NDArray[np.float64]:
    """Return triangular bands, even on the mel scale."""

    def mel(hz: float) -> float:
        return float(2595 * np.log10(1 + hz / 700))

    edges = 700 * (10 ** (np.linspace(mel(LOWEST_HZ), mel(HIGHEST_HZ), BANDS + 2) / 2595) - 1)
    hz = np.linspace(0, rate_hz / 2, bins)
    rise = (hz - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - hz) / (edges[2:] - edges[1:-1])[:, None]
    bands = np.clip(np.minimum(rise, fall), 0, None)
    return np.asarray(bands / np.maximum(1e-9, bands.sum(axis=1, keepdims=True)))


def stacked(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each step with its surroundings."""
    last = len(rows) - 1
    index = np.clip(np.arange(len(rows))[:, None] + np.array(AROUND), 0, last)
    return rows[index].reshape(len(rows), -1)


def labels(reply: Spoken, count: int) -> NDArray[np.int64]:
    """Return the shape of each step, -1 where any will do."""
    found = np.zeros(count, dtype=np.int64)
    for mark in reply.marks:
        phone = Phone(ipa=mark.phoneme, start_ms=mark.start_ms, end_ms=mark.end_ms)
        shapes = sorted(phone.shapes)
        name = _LIKE.get(shapes[0], shapes[0]) if len(shapes) == 1 else ""
        first, last = (round((ms - 12.5) / 10) for ms in (mark.start_ms, mark.end_ms))
        found[max(0, first) : max(0, last)] = SHAPES.index(name) if name in SHAPES else -1
    return found


def speak() -> list[Spoken]:
    """Say everything with every voice."""
    engines = {"flite": FliteEngine(), "espeak": EspeakEngine()}
    return [engines[engine].speak(text, voice) for engine, voice in VOICES for text in SENTENCES]


def teach(x: NDArray[np.float64], y: NDArray[np.int64]) -> list[NDArray[np.float64]]:
    """Return the layers of a net that names y (Adam on the cross entropy; the same each time)."""
    chance = np.random.default_rng(1)
    shapes = [(x.shape[1], HIDDEN), (HIDDEN,), (HIDDEN, len(SHAPES)), (len(SHAPES),)]
    layers = [
        chance.normal(0, 0.5 / np.sqrt(s[0]), s) if len(s) > 1 else np.zeros(s) for s in shapes
    ]
    means = [[np.zeros(s), np.zeros(s)] for s in shapes]
    for turn in range(1, 6001):
        pick = chance.integers(0, len(x), 512)
        a = x[pick] + chance.normal(0, 0.12, (512, x.shape[1]))
        hidden = np.tanh(a @ layers[0] + layers[1])
        scores = hidden @ layers[2] + layers[3]
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(512), y[pick]] -= 1
        back = (p / 512) @ layers[2].T * (1 - hidden**2)
        slopes = [a.T @ back, back.sum(axis=0), hidden.T @ p / 512, (p / 512).sum(axis=0)]
        rate = 0.004 * (1 - turn / 6200)
        for layer, slope, (first, second) in zip(layers, slopes, means, strict=True):
            first += 0.1 * (slope - first)
            second += 0.001 * (slope**2 - second)
            layer -= rate * (
                first / (1 - 0.9**turn) / (np.sqrt(second / (1 - 0.999**turn)) + 1e-8)
                + 0.0005 * layer
            )
    return layers


def packed(layer: NDArray[np.float64]) -> dict[str, object]:
    """Return a layer as bytes and their scale."""
    scale = float(np.abs(layer).max()) / 127
    bytes_ = np.round(layer / scale).astype(np.int8).tobytes()
    return {"scale": round(scale, 8), "bytes": base64.b64encode(bytes_).decode()}


def main() -> None:
    """Teach, tell how well it hears its own lessons, and write."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as engines:
        replies = engines.submit(speak).result()
    xs, ys = [], []
    for reply in replies:
        rows = ceps(np.frombuffer(reply.pcm, dtype="<i2") / 32768, reply.rate_hz)
        xs.append(stacked(rows))
        ys.append(labels(reply, len(rows)))
    x, y = np.concatenate(xs), np.concatenate(ys)
    x, y = x[y >= 0], y[y >= 0]
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-6
    layers = teach((x - mean) / spread, y)
    hidden = np.tanh((x - mean) / spread @ layers[0] + layers[1])
    right = float(np.mean(np.argmax(hidden @ layers[2] + layers[3], axis=1) == y))
    print(f"{len(x)} steps of sound, {right:.1%} named right")
    # the scaling of the input goes into the first layer
    first = layers[0] / spread[:, None]
    bias = layers[1] - mean @ first
    document = {
        "shapes": SHAPES,
        "bands": BANDS,
        "cepstra": CEPSTRA,
        "lowest_hz": LOWEST_HZ,
        "highest_hz": HIGHEST_HZ,
        "around": AROUND,
        "hidden": packed(first),
        "hidden_bias": [round(float(one), 4) for one in bias],
        "output": packed(layers[2]),
        "output_bias": [round(float(one), 4) for one in layers[3]],
    }
    OUT.write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    main()
