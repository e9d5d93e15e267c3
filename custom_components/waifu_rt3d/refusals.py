"""Tell the owner when somebody tries to reach a part of the house with wrong pairing keys."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOCUMENTS, DOMAIN

FEW = 5
"""So many may be a mistyped key; our parts let an address wait after them."""


@callback
def async_tell_refused(hass: HomeAssistant, entry: ConfigEntry, refused: object) -> None:
    """Take what a part tells of refused attempts (contracts §1); anything else means none."""
    told = refused if isinstance(refused, dict) else {}
    attempts, issue_id = told.get("attempts"), f"refused_{entry.entry_id}"
    if not isinstance(attempts, int) or attempts < FEW:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        learn_more_url=f"{DOCUMENTS}/security.md#ports",
        severity=ir.IssueSeverity.WARNING,
        translation_key="refused",
        translation_placeholders={
            "name": entry.title,
            "attempts": str(attempts),
            "address": str(told.get("from")),
        },
    )
