"""When the integration goes: its repairs go with it, and the owner is asked whether its files shall as well."""

from pathlib import Path
import shutil

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..cast.avatar_files import AVATARS
from ..const import DOCUMENTS, DOMAIN
from ..house import HOUSE

ISSUE_LEFT = "files_left"


def folder_of(hass: HomeAssistant) -> Path:
    """Return where everything is that was said, brought or made."""
    return Path(hass.config.path(DOMAIN))


@callback
def async_leave(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take away the repairs of a removed entry; with the last one all of them, and ask about the files."""
    others = [
        one for one in hass.config_entries.async_entries(DOMAIN) if one.entry_id != entry.entry_id
    ]
    known = [issue_id for domain, issue_id in ir.async_get(hass).issues if domain == DOMAIN]
    for issue_id in known:
        if not others or issue_id.endswith(entry.entry_id):
            ir.async_delete_issue(hass, DOMAIN, issue_id)
    if others:
        return
    # Not kept over a restart: then nothing of ours runs that could do it.
    ir.async_create_issue(
        hass,
        DOMAIN,
        ISSUE_LEFT,
        is_fixable=True,
        learn_more_url=f"{DOCUMENTS}/install.md#remove",
        severity=ir.IssueSeverity.WARNING,
        translation_key=ISSUE_LEFT,
        translation_placeholders={"folder": str(folder_of(hass))},
    )


async def async_delete_files(hass: HomeAssistant) -> None:
    """Close the memory and delete the folder; raise OSError where that is not allowed."""
    house = hass.data[HOUSE]
    store, house.store = house.store, None
    if store is not None:
        await store.close()
    await hass.async_add_executor_job(shutil.rmtree, folder_of(hass))
    await hass.async_add_executor_job(hass.data[AVATARS].load)
