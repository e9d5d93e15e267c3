"""The lorebooks of characters: that of a card, and those that were brought to a character."""

from dataclasses import dataclass
from pathlib import Path
import re

from homeassistant.core import HomeAssistant, callback

from ..actions.uploads import uploaded
from ..characters.cards.persona import lorebook_of
from ..characters.lorebook import Lorebook
from ..const import CONF_LOREBOOKS
from ..house import HOUSE
from .cards import book_library, companion_entry, read_file
from .character import Character
from .personas import card_of

_CARDS = ""
"""The id of the book inside a card: it comes and goes with the card."""
_DIGEST = re.compile(r"-[0-9a-f]{8}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnBook:
    """A lorebook of a character."""

    id: str
    """Empty for the one of its card."""
    name: str
    book: Lorebook


@callback
def books_of(hass: HomeAssistant, character: Character) -> list[OwnBook]:
    """Return the lorebooks of a character; one whose file is gone is empty and can be taken away."""
    house = hass.data[HOUSE]
    card = card_of(house, character)
    own = lorebook_of(card) if card else Lorebook()
    found = [OwnBook(id=_CARDS, name=character.name, book=own)] if own.entries else []
    current = house.characters.get(character.id, character)
    return found + [
        OwnBook(id=one, name=_DIGEST.sub("", one), book=house.books.get(one, Lorebook()))
        for one in current.lorebooks
    ]


async def async_import_upload(
    hass: HomeAssistant, file_id: str, name: str, character: Character
) -> int:
    """Give an uploaded lorebook to a character and return how many entries it has."""
    async with uploaded(hass, file_id) as path:
        return await async_import(hass, path, character, name=name)


async def async_import(
    hass: HomeAssistant, path: Path, character: Character, *, name: str = ""
) -> int:
    """Give a lorebook to a character; raise `CardError` and change nothing when the file is none."""
    data = await hass.async_add_executor_job(read_file, path)
    called = Path(name).stem or path.stem
    book_id, book = await hass.async_add_executor_job(book_library(hass).add_book, data, called)
    hass.data[HOUSE].books[book_id] = book
    _keep(hass, character, list(dict.fromkeys((*character.lorebooks, book_id))))
    return len(book.entries)


async def async_remove(hass: HomeAssistant, book_id: str, character: Character) -> None:
    """Take a lorebook away from a character, and its file where nobody else knows it."""
    _keep(hass, character, [one for one in character.lorebooks if one != book_id])
    everybody = hass.data[HOUSE].characters.values()
    others = (one for one in everybody if one.id != character.id)
    if any(book_id in one.lorebooks for one in others):
        return
    hass.data[HOUSE].books.pop(book_id, None)
    await hass.async_add_executor_job(book_library(hass).remove_book, book_id)


@callback
def _keep(hass: HomeAssistant, character: Character, lorebooks: list[str]) -> None:
    """Write down which lorebooks were brought to a character."""
    entry = companion_entry(hass)
    subentry = entry.subentries[character.subentry_id]
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, CONF_LOREBOOKS: lorebooks}
    )
