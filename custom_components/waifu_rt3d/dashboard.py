"""Serve the card and the avatars, keep the Lovelace resource in place, show the sidebar page."""

from pathlib import Path

from homeassistant.components import frontend as ha_frontend, panel_custom
from homeassistant.components.frontend import add_extra_js_url, remove_extra_js_url
from homeassistant.components.http import StaticPathConfig
from homeassistant.components.lovelace.const import LOVELACE_DATA
from homeassistant.components.lovelace.resources import ResourceStorageCollection
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from .const import DOCUMENTS, DOMAIN, URL_BASE, VERSION

BUILD = Path(__file__).parent / "frontend"
CARD_FILE = "waifu-rt3d-card.js"
PANEL_FILE = "waifu-rt3d-panel.js"
CARD_URL = f"{URL_BASE}/frontend/{CARD_FILE}"
PANEL_URL = f"{URL_BASE}/frontend/{PANEL_FILE}"
PANEL_PATH = "companion"
ISSUE_NOT_BUILT = "card_not_built"


async def async_serve(hass: HomeAssistant) -> None:
    """Serve the built files; they are public and hold nothing of the home."""
    if not await hass.async_add_executor_job((BUILD / CARD_FILE).is_file):
        ir.async_create_issue(
            hass,
            DOMAIN,
            ISSUE_NOT_BUILT,
            is_fixable=False,
            learn_more_url=f"{DOCUMENTS}/install.md#the-integration",
            severity=ir.IssueSeverity.ERROR,
            translation_key=ISSUE_NOT_BUILT,
        )
        return
    ir.async_delete_issue(hass, DOMAIN, ISSUE_NOT_BUILT)
    await hass.http.async_register_static_paths(
        [
            StaticPathConfig(f"{URL_BASE}/frontend", str(BUILD), cache_headers=True),
            StaticPathConfig(f"{URL_BASE}/avatars", str(BUILD / "avatars"), cache_headers=False),
        ]
    )


async def async_show(hass: HomeAssistant) -> None:
    """Add the sidebar page and the dashboard resource."""
    if PANEL_PATH not in hass.data.get(ha_frontend.DATA_PANELS, {}):
        await panel_custom.async_register_panel(
            hass,
            frontend_url_path=PANEL_PATH,
            webcomponent_name="waifu-rt3d-panel",
            sidebar_title="Companion",
            sidebar_icon="mdi:face-woman-shimmer",
            module_url=f"{PANEL_URL}?v={VERSION}",
            embed_iframe=False,
            require_admin=False,
        )
    await _add_resource(hass)


async def async_hide(hass: HomeAssistant) -> None:
    """Take the sidebar page away while no companion is set up."""
    ha_frontend.async_remove_panel(hass, PANEL_PATH, warn_if_unknown=False)


async def _add_resource(hass: HomeAssistant) -> None:
    """Make or update our resource in place; in YAML mode load the card on every page."""
    versioned = f"{CARD_URL}?v={VERSION}"
    resources = hass.data[LOVELACE_DATA].resources
    if not isinstance(resources, ResourceStorageCollection):
        add_extra_js_url(hass, versioned)
        return
    # loads the collection: writing before that once wiped everybody's resources
    await resources.async_get_info()
    for item in resources.async_items():
        if item["url"].partition("?")[0] == CARD_URL:
            if item["url"] != versioned:
                await resources.async_update_item(
                    item["id"], {"res_type": "module", "url": versioned}
                )
            return
    await resources.async_create_item({"res_type": "module", "url": versioned})


async def async_remove_resource(hass: HomeAssistant) -> None:
    """Delete our resource when the companion is removed for good."""
    resources = hass.data[LOVELACE_DATA].resources
    if not isinstance(resources, ResourceStorageCollection):
        remove_extra_js_url(hass, f"{CARD_URL}?v={VERSION}")
        return
    await resources.async_get_info()
    for item in list(resources.async_items()):
        if item["url"].partition("?")[0] == CARD_URL:
            await resources.async_delete_item(item["id"])
