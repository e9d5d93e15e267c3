"""Who a character is for a model: the person that was written here, or the card that was imported."""

from dataclasses import dataclass
from random import Random

from homeassistant.util import dt as dt_util

from ..characters.cards.card import Card
from ..characters.cards.persona import greeting_of, lorebook_of, persona_of, recalled_lore
from ..characters.cast import sheet_of
from ..characters.library import card_id_of
from ..characters.macros import Names
from ..characters.prompt import Persona
from ..house import House
from .character import Character

_SOMEBODY = {"en": "the person", "de": "die Person"}


def persona_for(
    house: House, character: Character, language: str, *, user: str = "", rules: str = ""
) -> Persona:
    """Return who answers; nothing in it changes from turn to turn.

    `user` is who speaks, `rules` are what the house adds (tools, the caller's own prompt).
    """
    card = card_of(house, character)
    if card is None:
        text = sheet_of(character.person).written(language).persona(character.name)
        return Persona(
            name=character.name,
            text=text,
            language=language,
            rules=rules,
            untrusted=character.untrusted,
        )
    names = Names(
        char=character.name,
        user=user or _somebody(language),
        now=None,
        random=Random(character.id),
    )
    return persona_of(card, names, language=language, trusted=not character.untrusted, rules=rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lore:
    """What comes to a character's mind: of its own card, and of books that were brought to it."""

    own: tuple[str, ...] = ()
    brought: tuple[str, ...] = ()
    """Nobody has vouched for a book: it is a stranger's text, whoever plays the character."""

    @property
    def all(self) -> tuple[str, ...]:
        """Return both."""
        return (*self.own, *self.brought)


def lore_for(
    house: House, character: Character, said: tuple[str, ...], *, user: str, language: str
) -> Lore:
    """Return what comes to the character's mind when it hears this, the newest words last."""
    card, names = card_of(house, character), _names(character, user, language)
    own = recalled_lore(lorebook_of(card), names, said) if card else ()
    books = [house.books[book] for book in character.lorebooks if book in house.books]
    brought = [lore for book in books for lore in recalled_lore(book, names, said, whole=True)]
    return Lore(own=tuple(own), brought=tuple(brought))


def greeting_for(house: House, character: Character, *, user: str, language: str) -> str:
    """Return the first words of an imported character, empty where it has none that may be said."""
    card = card_of(house, character)
    return greeting_of(card, _names(character, user, language), language=language) if card else ""


def card_of(house: House, character: Character) -> Card | None:
    """Return the card of a character that was imported."""
    card_id = card_id_of(character.person)
    return house.cards.get(card_id) if card_id else None


def _names(character: Character, user: str, language: str) -> Names:
    """Return what macros stand for at this moment."""
    return Names(
        char=character.name,
        user=user or _somebody(language),
        now=dt_util.now(),
        random=Random(),
    )


def _somebody(language: str) -> str:
    """Return what a person is called whose name is not known."""
    return _SOMEBODY.get(language.partition("-")[0].lower(), _SOMEBODY["en"])
