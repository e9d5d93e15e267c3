"""The persons who are written here: who there is, what they look like, and how they are at heart."""

from collections.abc import Mapping
from dataclasses import dataclass

from .ember.english import EMBER as _EMBER_EN
from .ember.german import EMBER as _EMBER_DE
from .mira.english import MIRA as _MIRA_EN
from .mira.german import MIRA as _MIRA_DE
from .mood import Pad, temperament
from .plain.english import PLAIN as _PLAIN_EN
from .plain.german import PLAIN as _PLAIN_DE
from .rowan.english import ROWAN as _ROWAN_EN
from .rowan.german import ROWAN as _ROWAN_DE
from .written import Written

DEFAULT_PERSON = "mira"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A written person in all languages."""

    id: str
    avatar: str
    """The figure that was drawn for this person."""
    temperament: Pad
    languages: Mapping[str, Written]

    @property
    def name(self) -> str:
        """Return the name that the person was written with."""
        return self.languages["en"].name

    def written(self, language: str) -> Written:
        """Return the person in a language, in English where it was not written."""
        return self.languages.get(language.partition("-")[0].lower(), self.languages["en"])


CAST: Mapping[str, Sheet] = {
    sheet.id: sheet
    for sheet in (
        Sheet(
            id="mira",
            avatar="companion",
            temperament=temperament(
                openness=0.5, extraversion=0.3, agreeableness=0.6, stability=0.5
            ),
            languages={"en": _MIRA_EN, "de": _MIRA_DE},
        ),
        Sheet(
            id="rowan",
            avatar="steward",
            temperament=temperament(
                openness=-0.2, extraversion=-0.2, agreeableness=0.3, stability=0.9
            ),
            languages={"en": _ROWAN_EN, "de": _ROWAN_DE},
        ),
        Sheet(
            id="ember",
            avatar="spirit",
            temperament=temperament(
                openness=0.8, extraversion=0.6, agreeableness=0.9, stability=0.2
            ),
            languages={"en": _EMBER_EN, "de": _EMBER_DE},
        ),
    )
}
PLAIN = Sheet(
    id="plain",
    avatar="companion",
    temperament=Pad(),
    languages={"en": _PLAIN_EN, "de": _PLAIN_DE},
)
"""The words of somebody who was imported: short and without a manner of their own."""


def sheet_of(person: str) -> Sheet:
    """Return the sheet of a person; who was not written here speaks plainly."""
    return CAST.get(person, PLAIN)


def person_with_avatar(avatar: str | None) -> str:
    """Return who was drawn as this figure, Mira where nobody was."""
    return next((sheet.id for sheet in CAST.values() if sheet.avatar == avatar), DEFAULT_PERSON)
