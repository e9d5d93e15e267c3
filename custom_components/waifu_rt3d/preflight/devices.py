"""Ask every speech server and every satellite whether it is there."""

from time import monotonic

from homeassistant.components.assist_satellite import DOMAIN as SATELLITE_DOMAIN
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PORT, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er

from ..const import CONF_KIND, CONF_PAIRING_KEY, DOMAIN, KIND_SATELLITE, KIND_SPEECH
from ..runtime import SatelliteRuntime
from ..voice.connection import WireError, WrongKeyError, describe
from ..voice.pairing import parse_key
from .finding import Check, Finding, Part, Run, State
from .room import try_room

LIMIT_S = 25.0


def device_checks(hass: HomeAssistant) -> list[Check]:
    """Return a check for each speech server and satellite that is set up."""
    checks = []
    for entry in hass.config_entries.async_entries(DOMAIN, include_disabled=False):
        if entry.data[CONF_KIND] == KIND_SPEECH:
            checks.append(server_check(hass, entry))
        elif entry.data[CONF_KIND] == KIND_SATELLITE:
            checks.append(room_check(hass, entry))
    return checks


def server_check(hass: HomeAssistant, entry: ConfigEntry) -> Check:
    """Return the check of a speech server."""

    async def run() -> list[Finding]:
        text = entry.data.get(CONF_PAIRING_KEY)
        key = parse_key(text) if text else None
        began_s = monotonic()
        try:
            await describe(entry.data[CONF_HOST], entry.data[CONF_PORT], key)
        except WrongKeyError:
            return [_light(Part.SERVER, entry, State.RED, "server_wrong_key")]
        except WireError as err:
            return [_light(Part.SERVER, entry, State.RED, "server_lost", reason=str(err))]
        if entry.state is not ConfigEntryState.LOADED:
            return [_light(Part.SERVER, entry, State.RED, "server_not_loaded")]
        took = f"{(monotonic() - began_s) * 1000:.0f}"
        if key is None:
            return [_light(Part.SERVER, entry, State.AMBER, "server_plain", ms=took)]
        return [_light(Part.SERVER, entry, State.GREEN, "server_answers", ms=took)]

    return _check(Part.SERVER, entry, run)


def room_check(hass: HomeAssistant, entry: ConfigEntry) -> Check:
    """Return the check of a satellite: is it there, and do microphone and loudspeaker work."""

    async def run() -> list[Finding]:
        entity_id = er.async_get(hass).async_get_entity_id(
            SATELLITE_DOMAIN, DOMAIN, f"{entry.unique_id}-{SATELLITE_DOMAIN}"
        )
        state = hass.states.get(entity_id) if entity_id else None
        if entity_id is None or state is None or state.state == STATE_UNAVAILABLE:
            return [_light(Part.ROOM, entry, State.RED, "room_lost")]
        assert isinstance(entry.runtime_data, SatelliteRuntime)
        try:
            judged, key, values = await try_room(entry.runtime_data.room)
        except HomeAssistantError:
            return [_light(Part.ROOM, entry, State.RED, "room_lost")]
        return [_light(Part.ROOM, entry, judged, key, **values)]

    return _check(Part.ROOM, entry, run)


def _light(part: Part, entry: ConfigEntry, state: State, key: str, /, **values: str) -> Finding:
    """Return a light of a device."""
    return Finding(
        part=part,
        subject=entry.entry_id,
        name=entry.title,
        state=state,
        key=key,
        values={"name": entry.title} | values,
    )


def _check(part: Part, entry: ConfigEntry, run: Run) -> Check:
    """Return a check of a device."""
    return Check(
        parts=frozenset({part}),
        subject=entry.entry_id,
        name=entry.title,
        limit_s=LIMIT_S,
        run=run,
    )
