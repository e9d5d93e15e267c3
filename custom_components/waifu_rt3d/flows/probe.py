"""Ask a speech server or satellite what it is before it is accepted."""

from dataclasses import dataclass
from typing import Any

from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.helpers import selector
import probatio as vol

from ..const import (
    CONF_ORDER,
    CONF_PAIRING_KEY,
    DEFAULT_ORDER,
    DEFAULT_SATELLITE_PORT,
    DEFAULT_SPEECH_PORT,
    KIND_SATELLITE,
    KIND_SPEECH,
)
from ..voice.connection import NotWyomingError, UnreachableError, WrongKeyError, describe
from ..voice.pairing import PairingKeyError, parse_key
from ..voice.service import ServerInfo

DEFAULT_PORTS = {KIND_SPEECH: DEFAULT_SPEECH_PORT, KIND_SATELLITE: DEFAULT_SATELLITE_PORT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What answered, or the translation key of why it was refused."""

    info: ServerInfo | None = None
    errors: dict[str, str] | None = None


def address_schema(kind: str, defaults: dict[str, Any]) -> vol.Schema:
    """Return the form for host, port and pairing key."""
    port = vol.All(
        selector.NumberSelector(
            selector.NumberSelectorConfig(min=1, max=65535, mode=selector.NumberSelectorMode.BOX)
        ),
        vol.Coerce(int),
    )
    return vol.Schema(
        {
            vol.Required(CONF_HOST, default=defaults.get(CONF_HOST, vol.UNDEFINED)): (
                selector.TextSelector()
            ),
            vol.Required(CONF_PORT, default=defaults.get(CONF_PORT, DEFAULT_PORTS[kind])): port,
            **key_field(),
        }
    )


def reconfigure_schema(kind: str, defaults: dict[str, Any]) -> vol.Schema:
    """Return the form for changes; of several speech servers one is asked first."""
    address = address_schema(kind, defaults)
    if kind != KIND_SPEECH:
        return address
    order = vol.All(
        selector.NumberSelector(
            selector.NumberSelectorConfig(min=1, max=9, mode=selector.NumberSelectorMode.BOX)
        ),
        vol.Coerce(int),
    )
    default = defaults.get(CONF_ORDER, DEFAULT_ORDER)
    return address.extend({vol.Optional(CONF_ORDER, default=default): order})


def key_field() -> dict[Any, Any]:
    """Return the field for the pairing key; left empty, the plain protocol is chosen."""
    return {vol.Optional(CONF_PAIRING_KEY): selector.TextSelector()}


async def async_probe(kind: str, address: dict[str, Any]) -> Probed:
    """Ask what is at an address; it must be of the wanted kind."""
    text = (address.get(CONF_PAIRING_KEY) or "").strip()
    try:
        key = parse_key(text) if text else None
    except PairingKeyError:
        return Probed(errors={CONF_PAIRING_KEY: "bad_key"})
    try:
        event = await describe(address[CONF_HOST], address[CONF_PORT], key)
        info = ServerInfo.from_event(event)
    except WrongKeyError:
        return Probed(errors={CONF_PAIRING_KEY: "wrong_key"})
    except UnreachableError:
        return Probed(errors={"base": "unreachable"})
    except NotWyomingError:
        return Probed(errors={"base": "not_wyoming"})
    except KeyError, TypeError, ValueError:
        return Probed(errors={"base": "not_wyoming"})
    if is_satellite(info) != (kind == KIND_SATELLITE):
        return Probed(errors={"base": f"not_{kind}"})
    return Probed(info=info)


def is_satellite(info: ServerInfo) -> bool:
    """Return whether a server calls itself a satellite."""
    return info.role == KIND_SATELLITE or (
        info.role is None and not info.voices and not info.listen_languages
    )
