"""Actions for character cards: take one in, give one out. Both need an administrator."""

from pathlib import Path
from typing import Any, Final, cast

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
import probatio as vol

from ..cast.cards import (
    DEFAULT_MODEL,
    CardRefusal,
    async_add_character,
    async_export_card,
    async_import_file,
    title_of,
)
from ..cast.lorebooks import async_import
from ..characters.cards.card import Spec
from ..characters.cards.errors import CardError
from ..const import CONF_CHARACTER, CONF_MODEL, DOMAIN
from ..remembering.rights import MemoryRefusal, async_scope_of
from .allowed_paths import async_allowed_path
from .characters import character_of

SPECS: Final = {"v1": Spec.V1, "v2": Spec.V2, "v3": Spec.V3}
_PATH = {vol.Required("path"): cv.string}
IMPORT = vol.Schema(
    {
        **_PATH,
        vol.Optional("name", default=""): cv.string,
        vol.Optional(CONF_MODEL, default=DEFAULT_MODEL): cv.string,
    }
)
LOREBOOK = vol.Schema({**_PATH, vol.Optional(CONF_CHARACTER): cv.string})
EXPORT = vol.Schema(
    {
        **_PATH,
        vol.Optional(CONF_CHARACTER): cv.string,
        vol.Optional("version"): vol.In(SPECS),
    }
)


@callback
def async_setup_card_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for name, handler, schema in (
        ("import_character", _import, IMPORT),
        ("export_character", _export, EXPORT),
        ("import_lorebook", _import_lorebook, LOREBOOK),
    ):
        async_register_admin_service(hass, DOMAIN, name, handler, schema, SupportsResponse.OPTIONAL)


async def _import(call: ServiceCall) -> ServiceResponse:
    """Make a character of a card; it may use nothing in the house until an admin ticks it."""
    path = await _async_path(call)
    if not await call.hass.async_add_executor_job(path.is_file):
        raise MemoryRefusal("path_missing", str(path))
    try:
        imported = await async_import_file(call.hass, path)
    except CardError as err:
        raise CardRefusal.of(err) from err
    character_id = async_add_character(
        call.hass, imported, name=call.data["name"], model=call.data[CONF_MODEL]
    )
    told: dict[str, Any] = {
        "character": character_id,
        "name": title_of(imported, call.data["name"]),
        "version": imported.card.spec.value,
        "greetings": len(imported.card.greetings),
        "lore_entries": imported.lore_entries,
        "avatar": imported.avatar,
    }
    return cast("ServiceResponse", told)


async def _import_lorebook(call: ServiceCall) -> ServiceResponse:
    """Give a lorebook to a character: from then on it knows what is in it when its words are said."""
    path, character = await _async_path(call), character_of(call.hass, call)
    if not await call.hass.async_add_executor_job(path.is_file):
        raise MemoryRefusal("path_missing", str(path))
    try:
        entries = await async_import(call.hass, path, character)
    except CardError as err:
        raise CardRefusal.of(err) from err
    return {"character": character.id, "entries": entries}


async def _export(call: ServiceCall) -> ServiceResponse:
    """Write a character as a card; the ending of the path chooses the kind of file."""
    path = await _async_path(call)
    character = character_of(call.hass, call)
    spec = SPECS.get(call.data.get("version", ""))
    try:
        data = await async_export_card(call.hass, character, path.suffix, spec)
    except CardError as err:
        raise CardRefusal.of(err) from err

    def write() -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    try:
        await call.hass.async_add_executor_job(write)
    except OSError as err:
        raise CardRefusal("card_not_written", f"{path}: {err.strerror}") from err
    return {"path": str(path), "bytes": len(data)}


async def _async_path(call: ServiceCall) -> Path:
    """Return the file that an action names, if whoever is behind it may touch it."""
    scope = await async_scope_of(call.hass, call.context)
    return await async_allowed_path(call.hass, call.data["path"], scope)
