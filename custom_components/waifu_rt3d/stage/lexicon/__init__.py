"""Words with feelings, a language a file: `*` ends a stem, the first number of a line is its weight."""

from .english import NEGATIONS as _EN_NEGATIONS, WORDS as _EN_WORDS
from .german import NEGATIONS as _DE_NEGATIONS, WORDS as _DE_WORDS

LEXICONS = {"en": (_EN_WORDS, _EN_NEGATIONS), "de": (_DE_WORDS, _DE_NEGATIONS)}
