"""Words that say somebody may be about to harm themselves, and the calm answer to them.

It is no diagnosis: a short list of sentences in which a person speaks of their own death. Idioms
("dying to see it", "kill myself laughing") are taken out. Both languages are always looked for,
because a house may speak more than one.
"""

import re

from .english import IDIOMS as _EN_IDIOMS, SENTENCES as _EN_SENTENCES
from .german import IDIOMS as _DE_IDIOMS, SENTENCES as _DE_SENTENCES
from .helplines import Helpline, helpline_of

__all__ = ["Helpline", "calm_answer", "helpline_of", "is_distress"]

_NOT_WORDS = re.compile(r"[^\w\s']+")
_LANGUAGES = tuple(
    (re.compile("|".join(idioms)), re.compile("|".join(sentences)))
    for idioms, sentences in ((_EN_IDIOMS, _EN_SENTENCES), (_DE_IDIOMS, _DE_SENTENCES))
)
_ANSWERS = {
    "en": (
        "I put my role aside for this. What you say matters, and you don't have to be alone with it. "
        "I am only a computer program, so please talk to a person now. {line}"
        "If you are in danger right now, call {emergency}. Is there somebody near who can sit with you?"
    ),
    "de": (
        "Dafür lege ich meine Rolle ab. Was du sagst, ist wichtig, und du musst damit nicht allein sein. "
        "Ich bin nur ein Computerprogramm, bitte sprich jetzt mit einem Menschen. {line}"
        "Bist du gerade in Gefahr, ruf {emergency} an. Ist jemand in der Nähe, der sich zu dir setzen kann?"
    ),
}
_LINES = {
    "en": "{name} listens, free and in confidence: {number}. ",
    "de": "{name} hört zu, kostenlos und vertraulich: {number}. ",
}


def is_distress(text: str) -> bool:
    """Tell whether somebody says that they may harm themselves."""
    said = " ".join(_NOT_WORDS.sub(" ", text.replace("’", "'").casefold()).split())
    return any(sentences.search(idioms.sub(" ", said)) for idioms, sentences in _LANGUAGES)


def calm_answer(language: str, country: str | None) -> str:
    """Return the fixed answer with the help there is in a country (ISO 3166 code, or unknown)."""
    key = language.partition("-")[0].lower()
    key = key if key in _ANSWERS else "en"
    help_there = helpline_of(country)
    line = ""
    if help_there.number is not None:
        line = _LINES[key].format(name=help_there.name, number=help_there.number)
    return _ANSWERS[key].format(line=line, emergency=help_there.emergency)
