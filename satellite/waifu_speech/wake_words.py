"""The wake words that this machine can listen for: those of the satellite's engines."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final

from waifu_satellite.wake import microwakeword
from waifu_satellite.wake.base import WakeError
from waifu_satellite.wake.models import LICENCE, bundled_words

WAKE: Final = "wake"
OPEN: Final = "openwakeword"
MICRO: Final = "microwakeword"


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeWord:
    """An installed wake word."""

    name: str
    engine: str
    licence: str

    @property
    def phrase(self) -> str:
        """Return what one says."""
        return self.name.replace("_", " ")

    @property
    def spec(self) -> str:
        """Return it as the satellite's engines name it."""
        return f"{self.engine}:{self.name}"


def installed_words() -> list[WakeWord]:
    """Return the words of the installed engines, each once: openWakeWord hears more voices."""
    words = [WakeWord(name=name, engine=OPEN, licence=LICENCE) for name in _open_words()]
    known = {word.name for word in words}
    words += [
        WakeWord(name=name, engine=MICRO, licence=microwakeword.LICENCE)
        for name in microwakeword.built_in_words()
        if name not in known
    ]
    return words


def _open_words() -> list[str]:
    """Return the words in openWakeWord's wheel, none where nothing runs them."""
    if find_spec("onnxruntime") is None:
        return []
    try:
        return bundled_words()
    except WakeError:
        return []
