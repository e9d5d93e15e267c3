"""Add and change a character (a subentry of the companion)."""

from typing import Any

from homeassistant.config_entries import ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.helpers import selector
from homeassistant.util.ulid import ulid_now
import probatio as vol

from ..character import DEFAULT_AVATAR, DEFAULT_CHARACTER_NAME
from ..const import CONF_AVATAR, CONF_EARS, CONF_MODEL, CONF_VOICE

HOME_ASSISTANT_AGENT = "conversation.home_assistant"


def character_schema(defaults: dict[str, Any]) -> vol.Schema:
    """Return the form of a character."""
    suggested = {key: {"suggested_value": value} for key, value in defaults.items()}
    return vol.Schema(
        {
            vol.Required(CONF_NAME, default=defaults.get(CONF_NAME, DEFAULT_CHARACTER_NAME)): (
                selector.TextSelector()
            ),
            vol.Required(CONF_MODEL, default=defaults.get(CONF_MODEL, HOME_ASSISTANT_AGENT)): (
                selector.EntitySelector(selector.EntitySelectorConfig(domain="conversation"))
            ),
            vol.Optional(CONF_VOICE, description=suggested.get(CONF_VOICE)): (
                selector.EntitySelector(selector.EntitySelectorConfig(domain="tts"))
            ),
            vol.Optional(CONF_EARS, description=suggested.get(CONF_EARS)): (
                selector.EntitySelector(selector.EntitySelectorConfig(domain="stt"))
            ),
        }
    )


def character_data(user_input: dict[str, Any]) -> dict[str, Any]:
    """Return the data of a subentry from the form's input; the name is its title."""
    data = {key: value for key, value in user_input.items() if key != CONF_NAME}
    return {CONF_AVATAR: DEFAULT_AVATAR, **data}


class CharacterFlow(ConfigSubentryFlow):
    """Add or change a character; the companion follows without a reload."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the new character."""
        if user_input is not None:
            return self.async_create_entry(
                title=user_input[CONF_NAME],
                data=character_data(user_input),
                unique_id=ulid_now(),
            )
        return self.async_show_form(step_id="user", data_schema=character_schema({}))

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for changes."""
        subentry = self._get_reconfigure_subentry()
        if user_input is not None:
            kept = {
                key: value
                for key, value in subentry.data.items()
                if key not in (CONF_VOICE, CONF_EARS)
            }
            return self.async_update_and_abort(
                self._get_entry(),
                subentry,
                title=user_input[CONF_NAME],
                data={**kept, **{k: v for k, v in user_input.items() if k != CONF_NAME}},
            )
        defaults = {CONF_NAME: subentry.title, **subentry.data}
        return self.async_show_form(step_id="reconfigure", data_schema=character_schema(defaults))
