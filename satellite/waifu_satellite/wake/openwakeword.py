"""openWakeWord's models on our own runner: melspectrogram → embedding → one model per word."""

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from waifu_satellite.onnx import open_model

from .base import Score, WakeError, WakeWord
from .models import LICENCE, OWN_LICENCE, bundled_model, bundled_words

# The networks were trained on steps of 80 ms. Looking twice as often, at both halves of a step, finds
# words that fall between two looks, and finds every word 20 ms sooner on average.
HOP_SAMPLES: Final = 640
STEP_HOPS: Final = 2
# The spectrogram's windows reach so far back into the previous hop.
OVERLAP_SAMPLES: Final = 480
MEL_FRAMES: Final = 76
MEL_BINS: Final = 32
EMBEDDINGS: Final = 16
EMBEDDING_SIZE: Final = 96
# A score depends on 16 embeddings 80 ms apart, each on 76 spectra 10 ms apart: 2.04 s.
REACH_S: Final = 2.08
# The first scores after a start come from empty buffers and may be anything.
MASKED_HOPS: Final = 5 * STEP_HOPS
# "hey jarvis" by 54 synthetic voices: 53 and more clean and at 10 dB, as many as at 0.40.
DEFAULT_THRESHOLD: Final = 0.45

type Floats = npt.NDArray[np.float32]


class OpenWakeWord:
    """Scores several words on one chain of shared features."""

    def __init__(self, names: list[str], thresholds: dict[str, float] | None = None) -> None:
        """Load the named words, or models by the path of their `.onnx` file."""
        self._melspectrogram = open_model(bundled_model("melspectrogram.onnx"))
        self._embedding = open_model(bundled_model("embedding_model.onnx"))
        paths = {Path(name).stem: _model_path(name) for name in names}
        self._models = {name: open_model(path) for name, path in paths.items()}
        self._inputs = {name: model.get_inputs()[0] for name, model in self._models.items()}
        self.words = tuple(_word(name, thresholds or {}) for name in self._models)
        for name, model_input in self._inputs.items():
            if list(model_input.shape)[1:] != [EMBEDDINGS, EMBEDDING_SIZE]:
                raise WakeError(f"{name} is not a wake word model of openWakeWord")
        self.reset()

    @property
    def hop_samples(self) -> int:
        """Return 40 ms."""
        return HOP_SAMPLES

    def reset(self) -> None:
        """Start as if nothing had been heard."""
        self._audio: Floats = np.zeros(OVERLAP_SAMPLES + HOP_SAMPLES, dtype=np.float32)
        self._mels: Floats = np.ones((MEL_FRAMES, MEL_BINS), dtype=np.float32)
        self._embeddings: Floats = np.zeros(
            (EMBEDDINGS * STEP_HOPS, EMBEDDING_SIZE), dtype=np.float32
        )
        self._masked = MASKED_HOPS

    def accepted(self) -> None:
        """Go on: a second word is heard as well as the first."""

    def skip(self, _pcm: bytes) -> bool:
        """Hear everything; a gate in front of it spares silence."""
        return False

    def process(self, pcm: bytes) -> list[Score]:
        """Return each word's score after 40 ms more."""
        self._hear(np.frombuffer(pcm, dtype="<i2").astype(np.float32))
        steps = self._embeddings[STEP_HOPS - 1 :: STEP_HOPS]
        values = [self._score(word.name, steps) for word in self.words]
        if self._masked > 0:
            self._masked -= 1
            values = [0.0] * len(values)
        return [
            Score(word=word, value=value) for word, value in zip(self.words, values, strict=True)
        ]

    def _hear(self, samples: Floats) -> None:
        """Move the features on by one hop."""
        self._audio = np.concatenate((self._audio[-OVERLAP_SAMPLES:], samples))
        (mels,) = self._melspectrogram.run(None, {"input": self._audio[None]})
        # The embedding was trained on a scaled spectrogram: x / 10 + 2.
        self._mels = np.concatenate((self._mels, mels.reshape(-1, MEL_BINS) / 10.0 + 2.0))
        self._mels = self._mels[-MEL_FRAMES:]
        (embedding,) = self._embedding.run(None, {"input_1": self._mels[None, :, :, None]})
        self._embeddings = np.concatenate((self._embeddings[1:], embedding.reshape(1, -1)))

    def _score(self, name: str, steps: Floats) -> float:
        """Return one model's score of the last 16 steps."""
        (value,) = self._models[name].run(None, {self._inputs[name].name: steps[None]})
        return float(value.max())


def _model_path(name: str) -> Path:
    """Return the file of a bundled word or of a user's model."""
    if name.endswith(".onnx"):
        path = Path(name).expanduser()
        if not path.is_file():
            raise WakeError(f"There is no wake word model at {path}")
        return path
    known = bundled_words()
    if name not in known:
        raise WakeError(f"openWakeWord has no word {name}; it has {', '.join(known)}")
    return bundled_model(f"{name}_v0.1.onnx")


def _word(name: str, thresholds: dict[str, float]) -> WakeWord:
    """Return what is said of a word in `info`."""
    return WakeWord(
        name=name,
        phrase=name.replace("_", " "),
        engine="openwakeword",
        licence=LICENCE if name in bundled_words() else OWN_LICENCE,
        threshold=thresholds.get(name, DEFAULT_THRESHOLD),
    )
