"""Add and change a character (a subentry of the companion)."""

from typing import Any

from homeassistant.components.assist_satellite import DOMAIN as SATELLITE_DOMAIN
from homeassistant.config_entries import ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er, llm, selector
from homeassistant.util.ulid import ulid_now
import probatio as vol

from ..avatar_files import AVATARS
from ..character import DEFAULT_AVATAR, DEFAULT_CHARACTER_NAME, OWN_AVATARS
from ..const import (
    CONF_AVATAR,
    CONF_EARS,
    CONF_FALLBACK,
    CONF_HOUSE_TOOLS,
    CONF_MODEL,
    CONF_ROOMS,
    CONF_VOICE,
    DOMAIN,
)
from ..model_servers import MODEL_SERVERS
from ..preflight.after_change import async_check_saved

HOME_ASSISTANT_AGENT = "conversation.home_assistant"
_MAY_BE_EMPTY = (CONF_VOICE, CONF_EARS, CONF_FALLBACK, CONF_HOUSE_TOOLS)


@callback
def character_schema(hass: HomeAssistant, defaults: dict[str, Any]) -> vol.Schema:
    """Return the form of a character; fields of own models come when there are any."""
    suggested = {key: {"suggested_value": value} for key, value in defaults.items()}
    providers, avatars = _providers(hass), _avatars(hass)
    return vol.Schema(
        {
            vol.Required(CONF_NAME, default=defaults.get(CONF_NAME, DEFAULT_CHARACTER_NAME)): (
                selector.TextSelector()
            ),
            vol.Required(CONF_MODEL, default=defaults.get(CONF_MODEL, HOME_ASSISTANT_AGENT)): (
                _choice(providers + _agents(hass), custom=True)
            ),
            **(_own_model_fields(hass, providers, suggested) if providers else {}),
            vol.Required(CONF_AVATAR, default=_worn(avatars, defaults)): _choice(avatars),
            vol.Optional(CONF_VOICE, description=suggested.get(CONF_VOICE)): (
                selector.EntitySelector(selector.EntitySelectorConfig(domain="tts"))
            ),
            vol.Optional(CONF_EARS, description=suggested.get(CONF_EARS)): (
                selector.EntitySelector(selector.EntitySelectorConfig(domain="stt"))
            ),
            vol.Optional(CONF_ROOMS): selector.EntitySelector(
                selector.EntitySelectorConfig(domain=SATELLITE_DOMAIN, multiple=True)
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
            character_id, data = ulid_now(), character_data(user_input)
            async_check_saved(self.hass, character_id, None, data)
            return self.async_create_entry(
                title=user_input[CONF_NAME], data=data, unique_id=character_id
            )
        return self.async_show_form(step_id="user", data_schema=character_schema(self.hass, {}))

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for changes."""
        subentry = self._get_reconfigure_subentry()
        if user_input is not None:
            kept = {key: v for key, v in subentry.data.items() if key not in _MAY_BE_EMPTY}
            data = {**kept, **{k: v for k, v in user_input.items() if k != CONF_NAME}}
            character_id = subentry.unique_id or subentry.subentry_id
            async_check_saved(self.hass, character_id, subentry.data, data)
            return self.async_update_and_abort(
                self._get_entry(), subentry, title=user_input[CONF_NAME], data=data
            )
        defaults = {CONF_NAME: subentry.title, **subentry.data}
        return self.async_show_form(
            step_id="reconfigure", data_schema=character_schema(self.hass, defaults)
        )


@callback
def _own_model_fields(
    hass: HomeAssistant,
    providers: list[selector.SelectOptionDict],
    suggested: dict[str, dict[str, Any]],
) -> dict[Any, Any]:
    """Return the fields that only a model of the owner's needs."""
    tools = [
        selector.SelectOptionDict(value=api.id, label=api.name) for api in llm.async_get_apis(hass)
    ]
    house_tools = suggested.get(CONF_HOUSE_TOOLS, {"suggested_value": [llm.LLM_API_ASSIST]})
    return {
        vol.Optional(CONF_FALLBACK, description=suggested.get(CONF_FALLBACK)): _choice(providers),
        vol.Optional(CONF_HOUSE_TOOLS, description=house_tools): selector.SelectSelector(
            selector.SelectSelectorConfig(options=tools, multiple=True)
        ),
    }


def _choice(
    options: list[selector.SelectOptionDict], *, custom: bool = False
) -> selector.SelectSelector:
    """Return a drop-down list."""
    return selector.SelectSelector(
        selector.SelectSelectorConfig(
            options=options, custom_value=custom, mode=selector.SelectSelectorMode.DROPDOWN
        )
    )


@callback
def _avatars(hass: HomeAssistant) -> list[selector.SelectOptionDict]:
    """Return our own figures and the users' files (the first form comes before our setup)."""
    library = hass.data.get(AVATARS)
    files = [(one.id, one.name) for one in (library.all() if library else ()) if one.kind.is_figure]
    return [
        selector.SelectOptionDict(value=value, label=label)
        for value, label in (*OWN_AVATARS.items(), *files)
    ]


def _worn(avatars: list[selector.SelectOptionDict], defaults: dict[str, Any]) -> str:
    """Return the figure that is worn, ours where it is gone."""
    worn: str = defaults.get(CONF_AVATAR, DEFAULT_AVATAR)
    return worn if any(avatar["value"] == worn for avatar in avatars) else DEFAULT_AVATAR


@callback
def _providers(hass: HomeAssistant) -> list[selector.SelectOptionDict]:
    """Return the owner's own models."""
    servers = hass.data.get(MODEL_SERVERS)
    return [
        selector.SelectOptionDict(value=server.id, label=server.name)
        for server in (servers.all() if servers else ())
    ]


@callback
def _agents(hass: HomeAssistant) -> list[selector.SelectOptionDict]:
    """Return all agents of Home Assistant but our own: a character can't think with itself."""
    registry = er.async_get(hass)
    own = {entry.entity_id for entry in registry.entities.values() if entry.platform == DOMAIN}
    return [
        selector.SelectOptionDict(value=state.entity_id, label=state.name)
        for state in hass.states.async_all("conversation")
        if state.entity_id not in own
    ]
