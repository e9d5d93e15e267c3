"""Which wake words this machine could listen for, so that Home Assistant can offer them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from . import microwakeword
from .base import WakeError
from .engines import REMOTE, check_spec
from .models import LICENCE, OWN_LICENCE, bundled_words

SUFFIXES: Final = {".onnx": "openwakeword", ".tflite": "microwakeword"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A word that could be listened for."""

    name: str
    spec: str
    """As in the configuration: `openwakeword:hey_jarvis`."""
    phrase: str
    engine: str
    licence: str


def catalogue(configured: Iterable[str], models: Path) -> dict[str, Known]:
    """Return the words by name: those of the configuration, of its engines, and of a folder.

    Other engines stay unloaded: onnxruntime alone doubles the memory of a small machine.
    """
    known: dict[str, Known] = {}
    specs = [spec for spec in configured if spec.partition(":")[0] != "none"]
    for spec in specs:
        check_spec(spec)
        word = _known(spec)
        known.setdefault(word.name, word)
    for engine in dict.fromkeys(spec.partition(":")[0] for spec in specs):
        for name in _built_in(engine):
            word = _known(f"{engine}:{name}")
            known.setdefault(word.name, word)
    for path in sorted(models.glob("*")):
        if path.suffix in SUFFIXES:
            known.setdefault(path.stem, _known(f"{SUFFIXES[path.suffix]}:{path}"))
    return known


def known_as(spec: str, known: Mapping[str, Known]) -> str:
    """Return the name under which a configured word is known."""
    return next((word.name for word in known.values() if word.spec == spec), spec)


def _known(spec: str) -> Known:
    """Return what is known of a word without loading it."""
    engine, _, word = spec.partition(":")
    name = word.rpartition(":")[2] if engine == REMOTE else word
    own = Path(name).suffix in SUFFIXES
    name = Path(name).stem if own else name
    licences = {"openwakeword": LICENCE, "microwakeword": microwakeword.LICENCE}
    return Known(
        name=name,
        spec=spec,
        phrase=name.replace("_", " "),
        engine=engine,
        licence=OWN_LICENCE if own or engine not in licences else licences[engine],
    )


def _built_in(engine: str) -> list[str]:
    """Return the words that come with an engine."""
    if engine == "microwakeword":
        return list(microwakeword.built_in_words())
    if engine != "openwakeword":
        return []
    try:
        return bundled_words()
    except WakeError:
        return []
