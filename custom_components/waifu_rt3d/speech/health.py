"""Watch over a speech server: say once that it is gone and once that it is back, and look for it."""

from datetime import datetime, timedelta
from functools import partial

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_time_interval

from ..const import DOCUMENTS, DOMAIN, LOGGER
from ..house import HOUSE
from ..refusals import async_tell_refused
from ..voice.connection import WireError
from ..voice.service import SpeechService

PROBE_EVERY = timedelta(seconds=10)
"""How often a lost server is asked whether it is back."""
ASK_EVERY = timedelta(minutes=30)
"""How often one that works is asked whether strangers try keys at it."""


@callback
def async_watch_server(hass: HomeAssistant, entry: ConfigEntry, server: SpeechService) -> None:
    """Follow a server while its entry is loaded."""
    stop_probing: CALLBACK_TYPE | None = None
    issue_id = f"speech_lost_{entry.entry_id}"

    async def probe(_now: datetime) -> None:
        try:
            await server.refresh()
        except WireError as err:
            LOGGER.debug("%s is still gone: %s", entry.title, err)

    @callback
    def rest() -> None:
        nonlocal stop_probing
        if stop_probing is not None:
            stop_probing()
            stop_probing = None

    @callback
    def changed(trouble: str | None) -> None:
        nonlocal stop_probing
        if trouble is None:
            rest()
            LOGGER.info("The speech server %s is back", entry.title)
            ir.async_delete_issue(hass, DOMAIN, issue_id)
        else:
            LOGGER.warning("The speech server %s is gone: %s", entry.title, trouble)
            _async_tell(hass, issue_id, entry.title, trouble)
            stop_probing = async_track_time_interval(
                hass, probe, PROBE_EVERY, name=f"{DOMAIN} probe {entry.title}"
            )
        hass.data[HOUSE].engines_changed()

    async def ask(now: datetime) -> None:
        # only our own tell of it; others are asked when they are needed
        if server.health.up and server.info.role is not None:
            await probe(now)
        async_tell_refused(hass, entry, server.info.refused)

    entry.async_on_unload(server.health.listen(changed))
    entry.async_on_unload(
        async_track_time_interval(hass, ask, ASK_EVERY, name=f"{DOMAIN} ask {entry.title}")
    )
    async_tell_refused(hass, entry, server.info.refused)
    entry.async_on_unload(partial(async_tell_refused, hass, entry, None))
    entry.async_on_unload(rest)
    entry.async_on_unload(lambda: ir.async_delete_issue(hass, DOMAIN, issue_id))


@callback
def _async_tell(hass: HomeAssistant, issue_id: str, name: str, trouble: str) -> None:
    """Tell the owner what is gone and why."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        learn_more_url=f"{DOCUMENTS}/troubleshooting.md#repairs",
        severity=ir.IssueSeverity.WARNING,
        translation_key="speech_lost",
        translation_placeholders={"name": name, "reason": trouble},
    )
