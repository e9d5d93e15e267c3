"""Open pocketsphinx (5.1) with the model that its wheel brings."""

from pathlib import Path
from typing import Any, Final

from pocketsphinx import Config, Decoder, get_model_path

RATE_HZ: Final = 16000
SAMPLES_PER_FRAME: Final = RATE_HZ // 100
_MODEL: Final = Path(get_model_path()) / "en-us"
DICTIONARY: Final = _MODEL / "cmudict-en-us.dict"
PHONES: Final = _MODEL / "en-us-phone.lm.bin"
# Twice the default: in noise more of the model's densities have a say.
_DENSITIES: Final = 8


def open_decoder(dictionary: str | None, **options: Any) -> Decoder:
    """Return a decoder; the same sound always gives the same text."""
    config = Config(
        hmm=str(_MODEL / "en-us"),
        dict=dictionary,
        loglevel="FATAL",
        dither=True,
        seed=1,
        **{"topn": _DENSITIES, **options},
    )
    return Decoder(config)
