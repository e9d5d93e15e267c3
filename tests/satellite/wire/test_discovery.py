"""Zeroconf on the loopback interface: what a part announces is found."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from zeroconf import IPVersion
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from waifu_wire import discovery
from waifu_wire.discovery import SERVICE_TYPE, WYOMING_TYPE, Announcement, announced

PART_ID = "6f1c2a90-0000-4000-8000-000000000001"


async def _find(service_type: str, timeout_ms: int) -> AsyncServiceInfo | None:
    """Return the announced part's service, asked from a second zeroconf."""
    zeroconf = AsyncZeroconf(interfaces=["127.0.0.1"], ip_version=IPVersion.V4Only)
    try:
        info = AsyncServiceInfo(service_type, f"Speech {PART_ID[:8]}.{service_type}")
        found = await info.async_request(zeroconf.zeroconf, timeout_ms)
        return info if found else None
    finally:
        await zeroconf.async_close()


def _announcement(*, secure: bool) -> Announcement:
    """Return the announcement of a speech server."""
    return Announcement(
        id=PART_ID,
        name="Speech",
        role="speech",
        version="0.1.0",
        host="127.0.0.1",
        port=10720,
        secure=secure,
    )


async def test_plain_part_is_found_under_both_types() -> None:
    """Home Assistant's own integration finds a plain part too."""
    async with announced(_announcement(secure=False)):
        ours, standard = await asyncio.gather(_find(SERVICE_TYPE, 3000), _find(WYOMING_TYPE, 3000))
    assert ours is not None
    assert ours.port == 10720
    assert ours.parsed_addresses() == ["127.0.0.1"]
    assert ours.decoded_properties == {
        "id": PART_ID,
        "version": "0.1.0",
        "role": "speech",
        "name": "Speech",
        "secure": "0",
    }
    assert standard is not None


async def test_paired_part_is_not_announced_as_wyoming() -> None:
    """A client that can't pair is not led to a part that needs a key."""
    async with announced(_announcement(secure=True)):
        ours, standard = await asyncio.gather(_find(SERVICE_TYPE, 3000), _find(WYOMING_TYPE, 300))
    assert ours is not None
    assert ours.decoded_properties["secure"] == "1"
    assert standard is None


async def test_part_at_every_address_is_announced_where_others_reach_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its own loopback is of no use to them, unless there is nothing else."""
    given = [("lo", "127.0.0.1"), ("eth0", "192.0.2.7"), ("eth0", "fe80::1")]

    def adapters() -> list[Any]:
        return [
            SimpleNamespace(ips=[SimpleNamespace(ip=ip, is_IPv4=":" not in ip)]) for _, ip in given
        ]

    monkeypatch.setattr(discovery.ifaddr, "get_adapters", adapters)
    for host in ("", "0.0.0.0"):
        assert discovery._addresses(host) == ["192.0.2.7"]
    del given[1]
    assert discovery._addresses("::") == ["127.0.0.1"]
    assert discovery._addresses("localhost") == ["127.0.0.1"]
