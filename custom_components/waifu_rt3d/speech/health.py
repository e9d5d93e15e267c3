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
    watch = _Watch(hass, entry, server)
    async_tell_refused(hass, entry, server.info.refused)
    for stop in (
        server.health.listen(watch.changed),
        async_track_time_interval(hass, watch.ask, ASK_EVERY, name=f"{DOMAIN} ask {entry.title}"),
        partial(async_tell_refused, hass, entry, None),
        watch.stop,
    ):
        entry.async_on_unload(stop)


class _Watch:
    """Tell of one server, and look for it while it is gone."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, server: SpeechService) -> None:
        """Begin with a server that is there."""
        self._hass = hass
        self._entry = entry
        self._server = server
        self._issue_id = f"speech_lost_{entry.entry_id}"
        self._stop_probing: CALLBACK_TYPE | None = None

    @callback
    def changed(self, trouble: str | None) -> None:
        """Say that it is gone, and why, or that it is back."""
        self._rest()
        if trouble is None:
            LOGGER.info("The speech server %s is back", self._entry.title)
            ir.async_delete_issue(self._hass, DOMAIN, self._issue_id)
        else:
            LOGGER.warning("The speech server %s is gone: %s", self._entry.title, trouble)
            _async_tell(self._hass, self._issue_id, self._entry.title, trouble)
            self._stop_probing = async_track_time_interval(
                self._hass, self._probe, PROBE_EVERY, name=f"{DOMAIN} probe {self._entry.title}"
            )
        self._hass.data[HOUSE].engines_changed()

    async def ask(self, now: datetime) -> None:
        """Ask a server that works whom it refused."""
        # only our own tell of it; others are asked when they are needed
        if self._server.health.up and self._server.info.role is not None:
            await self._probe(now)
        async_tell_refused(self._hass, self._entry, self._server.info.refused)

    @callback
    def stop(self) -> None:
        """Look for it no longer, and take back what was told."""
        self._rest()
        ir.async_delete_issue(self._hass, DOMAIN, self._issue_id)

    @callback
    def _rest(self) -> None:
        """Look for it no longer."""
        if self._stop_probing is not None:
            self._stop_probing()
            self._stop_probing = None

    async def _probe(self, _now: datetime) -> None:
        """Ask it once."""
        try:
            await self._server.refresh()
        except WireError as err:
            LOGGER.debug("%s is still gone: %s", self._entry.title, err)


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
