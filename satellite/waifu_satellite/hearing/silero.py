"""Silero's voice activity network, as the openwakeword wheel carries it (MIT)."""

from typing import Final

import numpy as np

from waifu_satellite.format import MIC_RATE_HZ, mic_samples
from waifu_satellite.onnx import open_model
from waifu_satellite.wake.models import bundled_model

SILERO_SAMPLES: Final = mic_samples(0.03)
MEMORY_SHAPE: Final = (2, 1, 64)


class SileroVad:
    """The network with its memory of one utterance."""

    def __init__(self) -> None:
        """Load the model."""
        self._model = open_model(bundled_model("silero_vad.onnx"))
        self._rate = np.array(MIC_RATE_HZ, dtype=np.int64)
        self._h = self._c = np.zeros(MEMORY_SHAPE, dtype=np.float32)

    @property
    def samples(self) -> int:
        """Return 30 ms."""
        return SILERO_SAMPLES

    def probability(self, pcm: bytes) -> float:
        """Return the network's opinion of 30 ms."""
        samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / 32768.0
        value, self._h, self._c = self._model.run(
            None, {"input": samples[None], "sr": self._rate, "h": self._h, "c": self._c}
        )
        return float(value[0][0])

    def reset(self) -> None:
        """Start from an empty memory."""
        self._h = self._c = np.zeros(MEMORY_SHAPE, dtype=np.float32)
