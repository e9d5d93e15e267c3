"""microWakeWord through pymicro-wakeword: a sixth of the power, for small machines."""

from typing import Final

from waifu_satellite.format import mic_samples

from .base import Score, WakeError, WakeWord

HOP_S: Final = 0.06
LICENCE: Final = "Apache-2.0"


class MicroWakeWords:
    """Scores several built-in words on shared features."""

    def __init__(self, names: list[str], thresholds: dict[str, float] | None = None) -> None:
        """Load the named words."""
        try:
            # An extra: only homes that choose it have it.
            import pymicro_wakeword  # noqa: PLC0415 - see above
        except ImportError:
            raise WakeError(
                "microWakeWord is not installed; install waifu-satellite[small] "
                "or choose another engine"
            ) from None
        known = {model.value: model for model in pymicro_wakeword.Model}
        if unknown := [name for name in names if name not in known]:
            raise WakeError(
                f"microWakeWord has no word {unknown[0]}; it has {', '.join(sorted(known))}"
            )
        self._features = pymicro_wakeword.MicroWakeWordFeatures()
        self._models = [pymicro_wakeword.MicroWakeWord.from_builtin(known[n]) for n in names]
        self.words = tuple(
            WakeWord(
                name=name,
                phrase=name.replace("_", " "),
                engine="microwakeword",
                licence=LICENCE,
                threshold=(thresholds or {}).get(name, float(model.probability_cutoff)),
            )
            for name, model in zip(names, self._models, strict=True)
        )

    @property
    def hop_samples(self) -> int:
        """Return 60 ms, two strides of the models."""
        return mic_samples(HOP_S)

    def process(self, pcm: bytes) -> list[Score]:
        """Return each word's best score within the hop."""
        best = [0.0] * len(self._models)
        for features in self._features.process_streaming(pcm):
            for at, model in enumerate(self._models):
                best[at] = max(best[at], float(model.process_streaming_prob(features) or 0.0))
        return [Score(word=word, value=value) for word, value in zip(self.words, best, strict=True)]

    def reset(self) -> None:
        """Start as if nothing had been heard."""
        for model in self._models:
            model.reset()
