"""microWakeWord through pymicro-wakeword: a sixth of the power, for small machines."""

from pathlib import Path
from types import ModuleType
from typing import Any, Final

from waifu_satellite.format import mic_samples

from .base import Score, WakeError, WakeWord
from .models import OWN_LICENCE

HOP_S: Final = 0.06
# Streaming layers and feature noise estimates reach back about so far.
REACH_S: Final = 3.0
LICENCE: Final = "Apache-2.0"
SUFFIX: Final = ".tflite"


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
        self._make_features = pymicro_wakeword.MicroWakeWordFeatures
        self._features = self._make_features()
        self._fresh = False
        self._models = [_load(pymicro_wakeword, name) for name in names]
        self.words = tuple(
            WakeWord(
                name=Path(name).stem,
                phrase=model.wake_word.lower(),
                engine="microwakeword",
                licence=OWN_LICENCE if name.endswith(SUFFIX) else LICENCE,
                threshold=(thresholds or {}).get(Path(name).stem, float(model.probability_cutoff)),
            )
            for name, model in zip(names, self._models, strict=True)
        )

    @property
    def hop_samples(self) -> int:
        """Return 60 ms, two strides of the models."""
        return mic_samples(HOP_S)

    def skip(self, _pcm: bytes) -> bool:
        """Hear everything; a gate in front of it spares silence."""
        return False

    def process(self, pcm: bytes) -> list[Score]:
        """Return each word's best score within the hop."""
        if self._fresh:
            self._features, self._fresh = self._make_features(), False
        best = [0.0] * len(self._models)
        for features in self._features.process_streaming(pcm):
            for at, model in enumerate(self._models):
                best[at] = max(best[at], float(model.process_streaming_prob(features) or 0.0))
        return [Score(word=word, value=value) for word, value in zip(self.words, best, strict=True)]

    def accepted(self) -> None:
        """Begin anew with the next hop, in the worker.

        The front end takes a word for the room's noise and subtracts it from the next: said again
        within a second, one voice in six was not heard.
        """
        self._fresh = True

    def reset(self) -> None:
        """Start as if nothing had been heard."""
        self._fresh = True
        for model in self._models:
            model.reset()


def built_in_words() -> dict[str, str]:
    """Return the words of the installed wheel with their phrases; none where it is missing."""
    try:
        import pymicro_wakeword  # noqa: PLC0415 - an extra that others do without
    except ImportError:
        return {}
    return {model.value: model.value.replace("_", " ") for model in pymicro_wakeword.Model}


def _load(library: ModuleType, name: str) -> Any:
    """Return a built-in model, or a user's: its `.tflite` with the `.json` beside it."""
    if name.endswith(SUFFIX):
        path = Path(name).expanduser().with_suffix(".json")
        if not path.is_file():
            raise WakeError(f"There is no description of the wake word model at {path}")
        try:
            return library.MicroWakeWord.from_config(path)
        except (OSError, KeyError, TypeError, ValueError) as err:
            raise WakeError(f"{path} describes no model of microWakeWord: {err}") from err
    known = {model.value: model for model in library.Model}
    if name not in known:
        raise WakeError(f"microWakeWord has no word {name}; it has {', '.join(sorted(known))}")
    return library.MicroWakeWord.from_builtin(known[name])
