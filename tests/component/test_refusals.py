"""Somebody tries wrong keys at a part of the house: the owner reads of it, and no longer when it has ended."""

import asyncio
from datetime import timedelta
import json
import ssl

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.waifu_rt3d.const import DOMAIN
from custom_components.waifu_rt3d.voice.pairing import client_context, make_key

from .conftest import PAIRING_KEY
from .processes import free_port, speech_server
from .room.rooms import SATELLITE, async_until

STRANGER = "127.0.0.2"


def repair(core: HomeAssistant, entry: MockConfigEntry) -> ir.IssueEntry | None:
    """Return what the owner reads."""
    return ir.async_get(core).async_get_issue(DOMAIN, f"refused_{entry.entry_id}")


async def try_a_key(port: int) -> None:
    """Try a key that is made up, from another address of this machine."""
    with pytest.raises((ConnectionError, ssl.SSLError)):
        await asyncio.open_connection(
            "127.0.0.1",
            port,
            ssl=client_context(make_key()),
            server_hostname="",
            local_addr=(STRANGER, 0),
        )


async def test_owner_reads_of_wrong_keys_at_the_speech_server(
    core: HomeAssistant, companion: MockConfigEntry, socket_enabled: None
) -> None:
    """A few are a mistyped key; from five on a repair names how many and from where."""
    port = free_port()
    data = {"host": "127.0.0.1", "port": port, "pairing_key": PAIRING_KEY}
    entry = MockConfigEntry(
        domain=DOMAIN, unique_id="server", title="Study", data={"kind": "speech", **data}
    )
    entry.add_to_hass(core)
    async with speech_server(port, "--pairing-key", PAIRING_KEY, "--tts", "espeak:en-us"):
        assert await core.config_entries.async_setup(entry.entry_id)
        assert repair(core, entry) is None
        for _ in range(6):
            await try_a_key(port)
        async_fire_time_changed(core, dt_util.utcnow() + timedelta(minutes=31))
        await core.async_block_till_done(wait_background_tasks=True)
        told = repair(core, entry)
        assert told is not None
        assert told.translation_placeholders == {
            "name": "Study",
            "attempts": "6",
            "address": STRANGER,
        }
        assert await core.config_entries.async_unload(entry.entry_id)
        assert repair(core, entry) is None


class Telling:
    """A satellite that tells of strangers what it is given."""

    def __init__(self) -> None:
        """Begin without anybody connected."""
        self.writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take whatever is sent."""
        self.writers.append(writer)
        while await reader.read(65536):
            pass
        writer.close()

    def tell(self, refused: object) -> None:
        """Send figures (`user-event` named `stats`)."""
        data = {"name": "stats", "data": {"gaps": 0, "refused": refused}}
        self.writers[-1].write(json.dumps({"type": "user-event", "data": data}).encode() + b"\n")


async def test_owner_reads_of_wrong_keys_at_a_satellite(
    core: HomeAssistant, companion: MockConfigEntry, socket_enabled: None
) -> None:
    """It comes with the figures of the satellite, and goes with them."""
    satellite, port = Telling(), free_port()
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id="satellite-kitchen",
        title="Kitchen",
        data={"kind": "satellite", "host": "127.0.0.1", "port": port, "pairing_key": None},
    )
    entry.add_to_hass(core)
    async with await asyncio.start_server(satellite.serve, "127.0.0.1", port):
        assert await core.config_entries.async_setup(entry.entry_id)
        await async_until(
            lambda: bool(satellite.writers) and core.states.get(SATELLITE) is not None
        )
        satellite.tell({"attempts": 10_000, "from": STRANGER})
        await async_until(lambda: repair(core, entry) is not None)
        told = repair(core, entry)
        assert told is not None and told.translation_placeholders is not None
        assert told.translation_placeholders["attempts"] == "10000"
        satellite.tell("nonsense")
        await async_until(lambda: repair(core, entry) is None)
        satellite.tell({"attempts": 5, "from": STRANGER})
        await async_until(lambda: repair(core, entry) is not None)
        assert await core.config_entries.async_unload(entry.entry_id)
        await core.async_block_till_done(wait_background_tasks=True)
    assert repair(core, entry) is None
