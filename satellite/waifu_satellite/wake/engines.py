"""Make the wake engines that a configuration names."""

from typing import Final

from .base import WakeEngine, WakeError
from .gate import SilenceGate

ENGINES: Final = (
    "openwakeword:WORD, openwakeword:FILE.onnx, microwakeword:WORD, microwakeword:FILE.tflite, "
    "wyoming:HOST:PORT:WORD or none"
)
REMOTE: Final = "wyoming"
LOCAL: Final = frozenset({"openwakeword", "microwakeword"})


def make_engines(
    names: tuple[str, ...], thresholds: dict[str, float] | None = None
) -> list[WakeEngine]:
    """Return the engines for all named words; remote services are not among them."""
    by_engine: dict[str, list[str]] = {}
    for name in names:
        check_spec(name)
        engine, _, word = name.partition(":")
        if engine in LOCAL:
            by_engine.setdefault(engine, []).append(word)
    return [_make(engine, words, thresholds or {}) for engine, words in by_engine.items()]


def check_spec(spec: str) -> None:
    """Raise WakeError where a configuration names no wake word."""
    engine, _, word = spec.partition(":")
    host, _, rest = word.partition(":")
    remote = engine == REMOTE and host and rest.partition(":")[0].isdecimal() and ":" in rest
    if engine != "none" and not remote and (engine not in LOCAL or not word):
        raise WakeError(f"There is no wake word {spec}; choose {ENGINES}")


def _make(engine: str, words: list[str], thresholds: dict[str, float]) -> WakeEngine:
    """Return one engine behind a gate that spares it silence."""
    if engine == "microwakeword":
        # Each engine's library is loaded only where it is used.
        from .microwakeword import REACH_S, MicroWakeWords  # noqa: PLC0415 - see above

        return SilenceGate(MicroWakeWords(words, thresholds), REACH_S)
    try:
        from .openwakeword import REACH_S as LONGER_S, OpenWakeWord  # noqa: PLC0415 - see above
    except ImportError:
        raise WakeError(
            "openWakeWord is not installed; install waifu-satellite[room] or choose another engine"
        ) from None
    return SilenceGate(OpenWakeWord(words, thresholds), LONGER_S)
