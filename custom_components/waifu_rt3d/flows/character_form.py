"""The form of a character: who it is, who thinks for it, how it looks and sounds."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.components.assist_satellite import DOMAIN as SATELLITE_DOMAIN
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er, llm, selector
import probatio as vol

from ..cast.avatar_files import AVATARS
from ..cast.character import OWN_AVATARS, plain_name
from ..characters.cast import CAST, DEFAULT_PERSON, sheet_of
from ..characters.library import CARD_PREFIX, card_id_of
from ..const import (
    CONF_AVATAR,
    CONF_EARS,
    CONF_FALLBACK,
    CONF_HOUSE_TOOLS,
    CONF_MODEL,
    CONF_PERSON,
    CONF_ROOMS,
    CONF_UNTRUSTED,
    CONF_VOICE,
    DOMAIN,
)
from ..house import HOUSE
from ..minds.model_servers import MODEL_SERVERS

HOME_ASSISTANT_AGENT: Final = "conversation.home_assistant"
FROM_A_FILE: Final = "file"
"""Choice of a person that is still to be imported."""
MAY_BE_EMPTY: Final = (
    CONF_AVATAR, CONF_VOICE, CONF_EARS, CONF_FALLBACK, CONF_HOUSE_TOOLS, CONF_UNTRUSTED,
)  # fmt: skip


@callback
def character_schema(
    hass: HomeAssistant, defaults: Mapping[str, Any], *, may_import: bool = False
) -> vol.Schema:
    """Return the form of a character; fields of own models come when there are any.

    Name and figure may stay empty: then they are the person's own.
    """
    suggested = {key: {"suggested_value": value} for key, value in defaults.items()}
    providers, avatars = _providers(hass), _avatars(hass)
    model = defaults.get(CONF_MODEL, HOME_ASSISTANT_AGENT)
    return vol.Schema(
        {
            vol.Required(CONF_PERSON, default=_known_person(hass, defaults)): _choice(
                _persons(hass, may_import=may_import), translation_key=CONF_PERSON
            ),
            vol.Optional(CONF_NAME, description=suggested.get(CONF_NAME)): selector.TextSelector(),
            vol.Required(CONF_MODEL, default=model): _choice(
                _minds(providers + _agents(hass), model)
            ),
            **(_own_model_fields(hass, providers, suggested) if providers else {}),
            **_trust_field(defaults),
            vol.Optional(CONF_AVATAR, description=suggested.get(CONF_AVATAR)): _choice(avatars),
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


@callback
def character_data(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of a subentry from the form's input; the name is its title."""
    data = {key: value for key, value in user_input.items() if key != CONF_NAME}
    if card_id_of(data.get(CONF_PERSON, "")) is None:
        data.pop(CONF_UNTRUSTED, None)
    else:
        # nobody has vouched for a card that was chosen a moment ago
        data.setdefault(CONF_UNTRUSTED, True)
    return data


@callback
def character_title(hass: HomeAssistant, user_input: Mapping[str, Any]) -> str:
    """Return what the character is called: as was typed, else as the person is."""
    person = user_input.get(CONF_PERSON, DEFAULT_PERSON)
    card_id = card_id_of(person)
    house = hass.data.get(HOUSE)
    card = house.cards.get(card_id) if house and card_id else None
    own = card.called if card else sheet_of(person).name
    return plain_name(user_input.get(CONF_NAME) or "", own, sheet_of(person).name)


@callback
def tools_field(hass: HomeAssistant, suggested: list[str]) -> dict[Any, Any]:
    """Return the field for the tools of the house."""
    tools = [
        selector.SelectOptionDict(value=api.id, label=api.name) for api in llm.async_get_apis(hass)
    ]
    field = vol.Optional(CONF_HOUSE_TOOLS, description={"suggested_value": suggested})
    return {
        field: selector.SelectSelector(selector.SelectSelectorConfig(options=tools, multiple=True))
    }


def _own_model_fields(
    hass: HomeAssistant,
    providers: list[selector.SelectOptionDict],
    suggested: Mapping[str, dict[str, Any]],
) -> dict[Any, Any]:
    """Return the fields that only a model of the owner's needs."""
    fallback = vol.Optional(CONF_FALLBACK, description=suggested.get(CONF_FALLBACK))
    distrusted = suggested.get(CONF_UNTRUSTED, {}).get("suggested_value")
    usual = [] if distrusted else [llm.LLM_API_ASSIST]
    ticked = suggested.get(CONF_HOUSE_TOOLS, {}).get("suggested_value", usual)
    return {fallback: _choice(providers), **tools_field(hass, ticked)}


def _trust_field(defaults: Mapping[str, Any]) -> dict[Any, Any]:
    """Return the field with which an admin vouches for an imported text."""
    if card_id_of(defaults.get(CONF_PERSON, "")) is None:
        return {}
    field = vol.Required(CONF_UNTRUSTED, default=defaults.get(CONF_UNTRUSTED, True))
    return {field: selector.BooleanSelector()}


def _minds(
    options: list[selector.SelectOptionDict], chosen: str
) -> list[selector.SelectOptionDict]:
    """Return who may think, also one that is chosen and away just now.

    Values of the person's own would make the list show ids instead of names.
    """
    if any(option["value"] == chosen for option in options):
        return options
    return [*options, selector.SelectOptionDict(value=chosen, label=chosen)]


def _choice(
    options: list[selector.SelectOptionDict],
    *,
    translation_key: str | None = None,
) -> selector.SelectSelector:
    """Return a drop-down list."""
    config = selector.SelectSelectorConfig(
        options=options, mode=selector.SelectSelectorMode.DROPDOWN
    )
    if translation_key is not None:
        config["translation_key"] = translation_key
    return selector.SelectSelector(config)


def _persons(hass: HomeAssistant, *, may_import: bool) -> list[selector.SelectOptionDict]:
    """Return who there is: written here, imported before, and one that a file holds."""
    house = hass.data.get(HOUSE)
    cards = (
        [(f"{CARD_PREFIX}{key}", card.name) for key, card in house.cards.items()] if house else []
    )
    written = [(sheet.id, sheet.name) for sheet in CAST.values()]
    file = [(FROM_A_FILE, FROM_A_FILE)] if may_import else []
    return [
        selector.SelectOptionDict(value=value, label=label)
        for value, label in (*written, *cards, *file)
    ]


def _known_person(hass: HomeAssistant, defaults: Mapping[str, Any]) -> str:
    """Return who the character is now; a card that is gone makes room for Mira."""
    person: str = defaults.get(CONF_PERSON, DEFAULT_PERSON)
    known = {option["value"] for option in _persons(hass, may_import=False)}
    return person if person in known else DEFAULT_PERSON


@callback
def _avatars(hass: HomeAssistant) -> list[selector.SelectOptionDict]:
    """Return our own figures and the users' files (the first form comes before our setup)."""
    library = hass.data.get(AVATARS)
    files = [(one.id, one.name) for one in (library.all() if library else ()) if one.kind.is_figure]
    return [
        selector.SelectOptionDict(value=value, label=label)
        for value, label in (*OWN_AVATARS.items(), *files)
    ]


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
