"""Characters that come from a card: taken in with suspicion, and given back as they came."""

from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.ulid import ulid_now

from ..actions.uploads import uploaded
from ..characters.cards.card import Card, Spec
from ..characters.cards.errors import CardError, CardProblem
from ..characters.cards.files import MAX_FILE, write_card
from ..characters.cards.ours import card_of_written
from ..characters.cards.persona import lorebook_of
from ..characters.cast import sheet_of
from ..characters.library import CARD_PREFIX, CardLibrary, card_id_of
from ..const import (
    CONF_AVATAR,
    CONF_HOUSE_TOOLS,
    CONF_KIND,
    CONF_MODEL,
    CONF_PERSON,
    CONF_UNTRUSTED,
    DOMAIN,
    KIND_COMPANION,
    LOGGER,
    SUBENTRY_CHARACTER,
)
from ..house import HOUSE
from .avatar_files import AvatarRefusal, async_add_avatar
from .character import Character, plain_name

FOLDER = "cards"
BOOKS = "lorebooks"
DEFAULT_MODEL = "conversation.home_assistant"


class CardRefusal(HomeAssistantError):
    """Say why a card was not taken, or can't be given."""

    def __init__(self, key: str, reason: str = "", *, detail: str = "") -> None:
        """Name the sentence; `reason` or `detail` is what it names."""
        super().__init__(
            translation_domain=DOMAIN,
            translation_key=key,
            translation_placeholders={"reason": reason, "detail": detail},
        )

    @classmethod
    def of(cls, err: CardError) -> Self:
        """Return the translated sentence of what is wrong with a file."""
        return cls(f"card_{err.problem}", detail=err.detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedCard:
    """A card that is in the library now."""

    id: str
    card: Card
    avatar: str | None
    """The figure that came with it, by its id among the avatars."""
    refusal: AvatarRefusal | None = None
    """Why the figure that came with it was not taken."""

    @property
    def person(self) -> str:
        """Return how a character names whom it plays."""
        return f"{CARD_PREFIX}{self.id}"

    @property
    def lore_entries(self) -> int:
        """Return how many entries its lorebook has."""
        return len(lorebook_of(self.card).entries)


async def async_open_cards(hass: HomeAssistant) -> None:
    """Read the cards of the house."""
    house = hass.data[HOUSE]
    house.cards = dict(await hass.async_add_executor_job(_library(hass).all))
    house.books = dict(await hass.async_add_executor_job(book_library(hass).all_books))


async def async_import_upload(hass: HomeAssistant, file_id: str) -> ImportedCard:
    """Take in a file that was sent to core's `/api/file_upload`."""
    async with uploaded(hass, file_id) as path:
        return await async_import_file(hass, path)


async def async_import_file(hass: HomeAssistant, path: Path) -> ImportedCard:
    """Take in the file of a card; raise `CardError` with a sentence and change nothing if it is none."""
    return await async_import_card(hass, await hass.async_add_executor_job(read_file, path))


async def async_import_card(hass: HomeAssistant, data: bytes) -> ImportedCard:
    """Take in a card, and the figure that may be in it."""
    card_id, card = await hass.async_add_executor_job(_library(hass).add, data)
    hass.data[HOUSE].cards[card_id] = replace(card, image=None, assets={})
    avatar, refusal = None, None
    if card.avatar is not None:
        try:
            avatar = (await async_add_avatar(hass, card.avatar[1], name=card.name)).id
        except AvatarRefusal as err:
            LOGGER.warning("The figure of the card %s was not taken: %s", card.name, err)
            refusal = err
    return ImportedCard(id=card_id, card=card, avatar=avatar, refusal=refusal)


def title_of(imported: ImportedCard, name: str = "") -> str:
    """Return what a card's character is called: as was typed, else as the card calls it."""
    return plain_name(name, imported.card.called, sheet_of(imported.person).name)


@callback
def async_add_character(
    hass: HomeAssistant, imported: ImportedCard, *, name: str = "", model: str = DEFAULT_MODEL
) -> str:
    """Make a character of a card and return its id; it may use nothing in the house yet."""
    data: dict[str, Any] = {
        CONF_PERSON: imported.person,
        CONF_MODEL: model,
        CONF_UNTRUSTED: True,
        CONF_HOUSE_TOOLS: [],
    }
    if imported.avatar is not None:
        data[CONF_AVATAR] = imported.avatar
    character_id = ulid_now()
    subentry = ConfigSubentry(
        data=MappingProxyType(data),
        subentry_type=SUBENTRY_CHARACTER,
        title=title_of(imported, name),
        unique_id=character_id,
    )
    hass.config_entries.async_add_subentry(companion_entry(hass), subentry)
    return character_id


async def async_export_card(
    hass: HomeAssistant, character: Character, suffix: str, spec: Spec | None = None
) -> bytes:
    """Return the card of a character as a file: an imported one as it came, ours as it is written."""
    library, language = _library(hass), hass.config.language
    card_id = card_id_of(character.person)

    def write() -> bytes:
        card = library.read(card_id) if card_id else _written(character, language)
        return write_card(card, suffix, spec)

    return await hass.async_add_executor_job(write)


def _written(character: Character, language: str) -> Card:
    """Return a person that was written here as a card."""
    return card_of_written(sheet_of(character.person).written(language), character.name)


def read_file(path: Path) -> bytes:
    """Return the bytes of a file that is not too large."""
    if path.stat().st_size > MAX_FILE:
        raise CardError(CardProblem.TOO_LARGE)
    return path.read_bytes()


def book_library(hass: HomeAssistant) -> CardLibrary:
    """Return where lorebooks are kept."""
    return CardLibrary(Path(hass.config.path(DOMAIN, BOOKS)))


def _library(hass: HomeAssistant) -> CardLibrary:
    """Return where cards are kept."""
    return CardLibrary(Path(hass.config.path(DOMAIN, FOLDER)))


@callback
def companion_entry(hass: HomeAssistant) -> ConfigEntry:
    """Return the entry whose characters they are."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        if entry.data.get(CONF_KIND) == KIND_COMPANION:
            return entry
    raise CardRefusal("companion_missing")
