"""Make the wake engine that a configuration names."""

from typing import Final

from .base import WakeEngine, WakeError
from .gate import SilenceGate

ENGINES: Final = "openwakeword:WORD, openwakeword:FILE.onnx, microwakeword:WORD or none"


def make_engine(names: tuple[str, ...], threshold: float | None = None) -> WakeEngine | None:
    """Return an engine for all named words, None for a satellite without a wake word."""
    by_engine: dict[str, list[str]] = {}
    for name in names:
        engine, _, word = name.partition(":")
        if engine != "none":
            by_engine.setdefault(engine, []).append(word)
    if not by_engine:
        return None
    if len(by_engine) > 1:
        raise WakeError("All wake words of a satellite must be of the same engine")
    ((engine, words),) = by_engine.items()
    if "" in words or engine not in {"openwakeword", "microwakeword"}:
        raise WakeError(f"There is no wake word {_named(engine, words)}; choose {ENGINES}")
    thresholds = {} if threshold is None else dict.fromkeys(words, threshold)
    if engine == "microwakeword":
        # Each engine's library is loaded only where it is used.
        from .microwakeword import MicroWakeWords  # noqa: PLC0415 - see above

        return MicroWakeWords(words, thresholds)
    from .openwakeword import REACH_S, OpenWakeWord  # noqa: PLC0415 - see above

    return SilenceGate(OpenWakeWord(words, thresholds), REACH_S)


def _named(engine: str, words: list[str]) -> str:
    """Return the words as they were typed."""
    return ", ".join(f"{engine}:{word}".rstrip(":") for word in words)
