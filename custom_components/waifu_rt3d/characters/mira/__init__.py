"""Mira, the first companion of every house."""

from ..written import Written
from .english import MIRA as _ENGLISH
from .german import MIRA as _GERMAN

_LANGUAGES = {"en": _ENGLISH, "de": _GERMAN}


def mira(language: str) -> Written:
    """Return Mira in a language, in English where she was not written."""
    return _LANGUAGES.get(language.partition("-")[0].lower(), _ENGLISH)
