"""Announce a part on the local network by zeroconf (contracts §1: transport)."""

from collections.abc import AsyncIterator
import contextlib
from dataclasses import dataclass
import ipaddress
import socket
from typing import Final

import ifaddr
from zeroconf import InterfaceChoice, IPVersion
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

SERVICE_TYPE: Final = "_waifu-rt3d._tcp.local."
WYOMING_TYPE: Final = "_wyoming._tcp.local."


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What Home Assistant learns of a part before it connects."""

    id: str
    """Stable UUID of the part, the same as in `info`."""
    name: str
    role: str
    """`speech` or `satellite`."""
    version: str
    host: str
    """Where the part listens; empty for every address."""
    port: int
    secure: bool


@contextlib.asynccontextmanager
async def announced(what: Announcement) -> AsyncIterator[None]:
    """Announce the part while the context is open."""
    addresses = _addresses(what.host)
    loopback = all(ipaddress.ip_address(address).is_loopback for address in addresses)
    zeroconf = AsyncZeroconf(
        interfaces=addresses if loopback else InterfaceChoice.Default, ip_version=IPVersion.V4Only
    )
    try:
        for service in _services(what, addresses):
            await zeroconf.async_register_service(service, allow_name_change=True)
        yield
    finally:
        await zeroconf.async_unregister_all_services()
        await zeroconf.async_close()


def _services(what: Announcement, addresses: list[str]) -> list[AsyncServiceInfo]:
    """Return our own service and, for a part that anybody may use, the standard one too."""
    # The id makes the name unique, so that two kitchens do not fight over it.
    label = f"{what.name.replace('.', ' ')[:40]} {what.id[:8]}"
    properties = {
        "id": what.id,
        "version": what.version,
        "role": what.role,
        "name": what.name,
        "secure": "1" if what.secure else "0",
    }
    types = [SERVICE_TYPE] if what.secure else [SERVICE_TYPE, WYOMING_TYPE]
    return [
        AsyncServiceInfo(
            service_type,
            f"{label}.{service_type}",
            port=what.port,
            properties=properties,
            parsed_addresses=addresses,
            server=f"waifu-rt3d-{what.id[:8]}.local.",
        )
        for service_type in types
    ]


def _addresses(host: str) -> list[str]:
    """Return the IPv4 addresses at which other machines can reach the part."""
    if host not in {"", "0.0.0.0", "::"}:
        return [str(socket.gethostbyname(host))]
    found = [
        str(ip.ip)
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
        if ip.is_IPv4 and not ipaddress.ip_address(str(ip.ip)).is_loopback
    ]
    return found or ["127.0.0.1"]
