"""The cards that were imported, each kept as the file it came as: nothing of it is lost."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
import re
from typing import Final
import unicodedata

from .cards.card import Card
from .cards.errors import CardError, CardProblem
from .cards.files import read_card, suffix_of
from .lorebook import Lorebook
from .lorebook_files import read_lorebook

CARD_PREFIX: Final = "card:"
"""Before the id of a card where a person may be named."""
_NAME_LETTERS = 40


def card_id_of(person: str) -> str | None:
    """Return the id of the card that a person is played from, if it is one."""
    return person.removeprefix(CARD_PREFIX) if person.startswith(CARD_PREFIX) else None


class CardLibrary:
    """A folder of cards. Every method reads or writes files: not for the event loop."""

    def __init__(self, folder: Path) -> None:
        """Keep the cards in `folder`, which is made with the first of them."""
        self._folder = folder

    def add(self, data: bytes) -> tuple[str, Card]:
        """Keep the file of a card and return its id; raise `CardError` and keep nothing if it is none.

        The same file gives the same id.
        """
        card = read_card(data)
        card_id = f"{file_name(card.name)}-{sha256(data).hexdigest()[:8]}"
        if self._path(card_id) is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            target = self._folder / f"{card_id}{suffix_of(data)}"
            unfinished = target.with_suffix(".new")
            unfinished.write_bytes(data)
            unfinished.replace(target)
        return card_id, card

    def read(self, card_id: str) -> Card:
        """Return a card with its picture and files; raise `CardError` when it is not there."""
        path = self._path(card_id)
        if path is None:
            raise CardError(CardProblem.GONE)
        return read_card(path.read_bytes())

    def all(self) -> Mapping[str, Card]:
        """Return what every readable card says, by id, without pictures and files."""
        cards: dict[str, Card] = {}
        for path in sorted(self._folder.glob("*.*")) if self._folder.is_dir() else ():
            if path.suffix == ".new":
                continue
            try:
                cards[path.stem] = replace(read_card(path.read_bytes()), image=None, assets={})
            except CardError, OSError:
                continue  # one damaged file must not take the others away
        return cards

    def add_book(self, data: bytes, name: str) -> tuple[str, Lorebook]:
        """Keep a lorebook and return its id; raise `CardError` and keep nothing if it is none."""
        book = read_lorebook(data)
        book_id = f"{file_name(name)}-{sha256(data).hexdigest()[:8]}"
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = self._folder / f"{book_id}.new"
        unfinished.write_bytes(data)
        unfinished.replace(self._folder / f"{book_id}.json")
        return book_id, book

    def remove_book(self, book_id: str) -> None:
        """Delete the file of a lorebook; one that is gone already is no error."""
        if re.fullmatch(r"[\w-]+", book_id):
            (self._folder / f"{book_id}.json").unlink(missing_ok=True)

    def all_books(self) -> Mapping[str, Lorebook]:
        """Return every readable lorebook by its id."""
        books: dict[str, Lorebook] = {}
        for path in sorted(self._folder.glob("*.json")) if self._folder.is_dir() else ():
            try:
                books[path.stem] = read_lorebook(path.read_bytes())
            except CardError, OSError:
                continue
        return books

    def _path(self, card_id: str) -> Path | None:
        """Return the file of a card."""
        if not re.fullmatch(r"[\w-]+", card_id):
            return None
        found = (path for path in self._folder.glob(f"{card_id}.*") if path.suffix != ".new")
        return next(found, None)


def file_name(name: str) -> str:
    """Return a name as a part of a file's name, in letters that every system takes."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    slug = re.sub(r"\W+", "-", plain).strip("-_")[:_NAME_LETTERS]
    return slug or "card"
