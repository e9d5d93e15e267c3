"""Try again what a saved setting may have broken: only that, and not while somebody still types."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util.hass_dict import HassKey

from ..const import (
    CONF_EARS,
    CONF_FALLBACK,
    CONF_HOUSE_TOOLS,
    CONF_KIND,
    CONF_MODEL,
    CONF_VOICE,
    DOMAIN,
    KIND_SATELLITE,
)
from ..house import HOUSE
from .devices import device_checks
from .finding import Check, Part
from .minds import mind_checks
from .run import async_run
from .speech import speech_check

REST_S = 5.0
"""Settings are often changed one after the other: the last of them is tried."""
_SETTINGS = {
    Part.VOICE: (CONF_VOICE, CONF_EARS),
    Part.MIND: (CONF_MODEL, CONF_FALLBACK, CONF_HOUSE_TOOLS),
}
_SOON: HassKey[Soon] = HassKey(f"{DOMAIN}_preflight_soon")


class Soon:
    """What is to be tried when the settings have come to rest."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Wait for nothing yet."""
        self._hass = hass
        self._wanted: set[tuple[Part, str]] = set()
        self._cancel: CALLBACK_TYPE | None = None

    @callback
    def add(self, wanted: set[tuple[Part, str]]) -> None:
        """Try these as well, and wait anew."""
        self._wanted |= wanted
        if self._cancel is not None:
            self._cancel()
        job = HassJob(self._run, f"{DOMAIN} check settings", cancel_on_shutdown=True)
        self._cancel = async_call_later(self._hass, REST_S, job)

    async def _run(self, _now: datetime) -> None:
        """Try what was changed."""
        wanted, self._wanted, self._cancel = self._wanted, set(), None
        await async_run(self._hass, _checks(self._hass, wanted))


@callback
def async_check_soon(hass: HomeAssistant, wanted: set[tuple[Part, str]]) -> None:
    """Try these parts of these subjects in a moment."""
    if wanted:
        hass.data.setdefault(_SOON, Soon(hass)).add(wanted)


@callback
def async_check_saved(
    hass: HomeAssistant,
    character_id: str,
    before: Mapping[str, Any] | None,
    now: Mapping[str, Any],
) -> None:
    """Try in a moment what a saved character may have broken; a name breaks nothing.

    Language models are tried by their own form, before they are saved.
    """
    parts = {
        part
        for part, settings in _SETTINGS.items()
        if before is None or any(before.get(name) != now.get(name) for name in settings)
    }
    async_check_soon(hass, {(part, character_id) for part in parts})


@callback
def async_check_device(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Try a device that was set up or changed, and who speaks through it; not at every start."""
    if not hass.is_running:
        return
    if entry.data[CONF_KIND] == KIND_SATELLITE:
        async_check_soon(hass, {(Part.ROOM, entry.entry_id)})
        return
    voices = {(Part.VOICE, character_id) for character_id in hass.data[HOUSE].characters}
    async_check_soon(hass, {(Part.SERVER, entry.entry_id), *voices})


def _checks(hass: HomeAssistant, wanted: set[tuple[Part, str]]) -> list[Check]:
    """Return the checks of what is still there."""
    checks = [check for check in device_checks(hass) if _is_wanted(check, wanted)]
    for character in hass.data[HOUSE].characters.values():
        if (Part.VOICE, character.id) in wanted:
            checks.append(speech_check(hass, character))
        if (Part.MIND, character.id) in wanted:
            checks.extend(mind_checks(hass, character))
    return checks


def _is_wanted(check: Check, wanted: set[tuple[Part, str]]) -> bool:
    """Return whether a check is one of those."""
    return any((part, check.subject) in wanted for part in check.parts)
