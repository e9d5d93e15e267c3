"""Add and change a character (a subentry of the companion)."""

from typing import Any

from homeassistant.config_entries import ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.helpers import selector
from homeassistant.util.ulid import ulid_now
import probatio as vol

from ..actions.uploads import UploadMissing
from ..cast.cards import ImportedCard, async_import_upload
from ..cast.character import Character
from ..characters.cards.errors import CardError
from ..characters.cast import sheet_of
from ..const import CONF_AVATAR, CONF_HOUSE_TOOLS, CONF_PERSON, CONF_UNTRUSTED
from ..preflight.after_change import async_check_saved
from .character_form import (
    FROM_A_FILE,
    MAY_BE_EMPTY,
    character_data,
    character_schema,
    character_title,
    tools_field,
)

_CARD_FILES = ".json,.png,.apng,.charx,.jpg,.jpeg,.yaml,.yml,.byaf"
_SHOWN_LETTERS = 400
_FILE = "file"


class CharacterFlow(ConfigSubentryFlow):
    """Add or change a character; the companion follows without a reload."""

    def __init__(self) -> None:
        """Start with nothing asked."""
        self._asked: dict[str, Any] = {}
        self._imported: ImportedCard | None = None

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the new character."""
        if user_input is None:
            schema = character_schema(self.hass, {}, may_import=True)
            return self.async_show_form(step_id="user", data_schema=schema)
        if user_input[CONF_PERSON] == FROM_A_FILE:
            self._asked = user_input
            return await self.async_step_card()
        return self._create(user_input)

    async def async_step_card(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the file of a character card."""
        errors: dict[str, str] = {}
        detail = ""
        if user_input is not None:
            try:
                self._imported = await async_import_upload(self.hass, user_input[_FILE])
            except UploadMissing:
                errors[_FILE] = "upload_missing"
            except CardError as err:
                errors[_FILE], detail = f"card_{err.problem}", err.detail
            else:
                return await self.async_step_read()
        files = selector.FileSelector(selector.FileSelectorConfig(accept=_CARD_FILES))
        return self.async_show_form(
            step_id="card",
            data_schema=vol.Schema({vol.Required(_FILE): files}),
            errors=errors,
            description_placeholders={"detail": detail},
        )

    async def async_step_read(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Show what is in the card, and ask what its character may do in the house."""
        imported = self._imported
        assert imported is not None
        if user_input is None:
            name = vol.Required(
                CONF_NAME, default=self._asked.get(CONF_NAME) or imported.card.called
            )
            return self.async_show_form(
                step_id="read",
                data_schema=vol.Schema(
                    {name: selector.TextSelector(), **tools_field(self.hass, [])}
                ),
                description_placeholders=_shown(imported),
            )
        return self._create(
            {
                **({CONF_AVATAR: imported.avatar} if imported.avatar else {}),
                **self._asked,
                CONF_NAME: user_input[CONF_NAME],
                CONF_PERSON: imported.person,
                CONF_UNTRUSTED: True,
                CONF_HOUSE_TOOLS: user_input.get(CONF_HOUSE_TOOLS, []),
            }
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for changes."""
        subentry = self._get_reconfigure_subentry()
        before = Character.from_subentry(subentry)
        if user_input is not None:
            kept = {key: v for key, v in subentry.data.items() if key not in MAY_BE_EMPTY}
            data = {**kept, **character_data(user_input)}
            async_check_saved(self.hass, before.id, subentry.data, data)
            title = character_title(self.hass, user_input)
            return self.async_update_and_abort(self._get_entry(), subentry, title=title, data=data)
        defaults = {CONF_NAME: subentry.title, **subentry.data, CONF_PERSON: before.person}
        if before.avatar == sheet_of(before.person).avatar:
            # not an owner's choice: the next person brings another figure along
            defaults.pop(CONF_AVATAR, None)
        return self.async_show_form(
            step_id="reconfigure", data_schema=character_schema(self.hass, defaults)
        )

    def _create(self, user_input: dict[str, Any]) -> SubentryFlowResult:
        """Make the character."""
        character_id, data = ulid_now(), character_data(user_input)
        async_check_saved(self.hass, character_id, None, data)
        title = character_title(self.hass, user_input)
        return self.async_create_entry(title=title, data=data, unique_id=character_id)


def _shown(imported: ImportedCard) -> dict[str, str]:
    """Return what the owner should see of a card before it moves in."""
    card = imported.card
    about = card.text("creator_notes") or card.text("description")
    about = " ".join(about.split())
    return {
        "name": card.name,
        "creator": card.text("creator") or "?",
        "about": about if len(about) <= _SHOWN_LETTERS else f"{about[:_SHOWN_LETTERS]}…",
        "lore": str(imported.lore_entries),
        "greetings": str(len(card.greetings)),
    }
