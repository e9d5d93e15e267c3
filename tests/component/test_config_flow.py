"""Setting up: the companion, a speech server, a satellite; every refusal is one sentence."""

import asyncio
from ipaddress import ip_address
import json
from pathlib import Path
from typing import Any

from homeassistant.config_entries import SOURCE_HASSIO, SOURCE_USER, SOURCE_ZEROCONF
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.service_info.hassio import HassioServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.waifu_rt3d.const import DOMAIN

from .agents import StreamingAgent
from .conftest import PAIRING_KEY
from .processes import free_port, satellite, speech_server

WRONG_KEY = "BBBB-BBBB-BBBB-BBBB-BBBB-BBBB-BA"


async def begin(hass: HomeAssistant, kind: str) -> Any:
    """Open the menu and choose a kind of entry."""
    menu = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert menu["type"] is FlowResultType.MENU
    return await hass.config_entries.flow.async_configure(menu["flow_id"], {"next_step_id": kind})


async def fill(hass: HomeAssistant, flow: Any, **values: Any) -> Any:
    """Send a form."""
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], values)
    await hass.async_block_till_done()
    return result


async def test_companion_makes_a_working_character(
    core: HomeAssistant, agent: StreamingAgent
) -> None:
    """One step makes the companion with a character, its entities and its pipeline."""
    form = await begin(core, "companion")
    result = await fill(core, form, name="Mira", model=agent.entity_id)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    (character,) = entry.subentries.values()
    assert character.title == "Mira"
    assert character.data["pipeline"]
    assert core.states.get("conversation.mira") is not None
    menu = await core.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert menu["menu_options"] == ["speech", "speech_api", "satellite"]


async def test_app_beside_home_assistant_brings_its_key(
    core: HomeAssistant, speech_port: int
) -> None:
    """One click is enough; when the app moves, the entry follows."""

    async def found(port: int, key: str) -> Any:
        config = {"host": "127.0.0.1", "port": port, "pairing_key": key, "id": "app-1"}
        return await core.config_entries.flow.async_init(
            DOMAIN,
            context={"source": SOURCE_HASSIO},
            data=HassioServiceInfo(config=config, name="Speech", slug="waifu_speech", uuid="1"),
        )

    form = await found(speech_port, WRONG_KEY)
    assert form["step_id"] == "app"
    assert (await fill(core, form))["errors"] == {"base": "wrong_key"}
    core.config_entries.flow.async_abort(form["flow_id"])
    made = await fill(core, await found(speech_port, PAIRING_KEY))
    assert made["type"] is FlowResultType.CREATE_ENTRY
    assert core.states.async_entity_ids("tts") != []


async def test_speech_server_with_key(core: HomeAssistant, speech_port: int) -> None:
    """A server that answers is accepted; a wrong key is refused with a sentence first."""
    form = await begin(core, "speech")
    address = {"host": "127.0.0.1", "port": speech_port}
    result = await fill(core, form, **address, pairing_key=WRONG_KEY)
    assert result["errors"] == {"pairing_key": "wrong_key"}
    result = await fill(core, form, **address, pairing_key="too short")
    assert result["errors"] == {"pairing_key": "bad_key"}
    result = await fill(core, form, **address)
    assert result["errors"] == {"base": "not_wyoming"}
    result = await fill(core, form, **address, pairing_key=PAIRING_KEY.lower())
    assert result["type"] is FlowResultType.CREATE_ENTRY
    again = await begin(core, "speech")
    result = await fill(core, again, **address, pairing_key=PAIRING_KEY)
    assert result["reason"] == "already_configured"
    await core.config_entries.async_unload(core.config_entries.async_entries(DOMAIN)[0].entry_id)


async def test_nothing_there(core: HomeAssistant, socket_enabled: None) -> None:
    """A port where nobody answers is named as such."""
    form = await begin(core, "speech")
    result = await fill(core, form, host="127.0.0.1", port=free_port())
    assert result["errors"] == {"base": "unreachable"}


async def test_not_a_wyoming_server(core: HomeAssistant, socket_enabled: None) -> None:
    """A web server on that port is refused."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    form = await begin(core, "satellite")
    result = await fill(core, form, host="127.0.0.1", port=port)
    assert result["errors"] == {"base": "not_wyoming"}
    server.close()
    await server.wait_closed()


async def test_satellite_stands_in_the_room_that_it_names(
    core: HomeAssistant, companion: MockConfigEntry, tmp_path: Path, socket_enabled: None
) -> None:
    """The room is made where it is not there; who moved the device elsewhere is not corrected."""
    port = free_port()
    async with satellite(port, tmp_path, None, "--pairing-key", PAIRING_KEY, "--area", "Study"):
        form = await begin(core, "satellite")
        result = await fill(core, form, host="127.0.0.1", port=port, pairing_key=PAIRING_KEY)
        entry = result["result"]
        devices = dr.async_get(core)
        (device,) = dr.async_entries_for_config_entry(devices, entry.entry_id)
        assert device.area_id == "study"
        devices.async_update_device(device.id, area_id=None)
        await core.config_entries.async_reload(entry.entry_id)
        (device,) = dr.async_entries_for_config_entry(devices, entry.entry_id)
        assert device.area_id is None
        await core.config_entries.async_unload(entry.entry_id)
        await core.async_block_till_done(wait_background_tasks=True)


async def test_speech_server_is_no_satellite(core: HomeAssistant, speech_port: int) -> None:
    """A speech server entered as a satellite is refused."""
    form = await begin(core, "satellite")
    result = await fill(core, form, host="127.0.0.1", port=speech_port, pairing_key=PAIRING_KEY)
    assert result["errors"] == {"base": "not_satellite"}


def announcement(port: int, **properties: str) -> ZeroconfServiceInfo:
    """Return what zeroconf found."""
    address = ip_address("127.0.0.1")
    return ZeroconfServiceInfo(
        ip_address=address,
        ip_addresses=[address],
        hostname="server.local.",
        name="Kitchen speech._waifu-rt3d._tcp.local.",
        port=port,
        type="_waifu-rt3d._tcp.local.",
        properties=properties,
    )


async def test_found_server_needs_its_key(core: HomeAssistant, speech_port: int) -> None:
    """A server that announced itself is set up with its key alone."""
    found = announcement(
        speech_port, id="not-its-real-id", role="speech", name="Kitchen", secure="1"
    )
    form = await core.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_ZEROCONF}, data=found
    )
    assert form["step_id"] == "discovered"
    result = await fill(core, form, pairing_key=WRONG_KEY)
    assert result["errors"] == {"pairing_key": "wrong_key"}
    result = await fill(core, form, pairing_key=PAIRING_KEY)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await core.config_entries.async_unload(result["result"].entry_id)


async def test_known_server_that_moved(core: HomeAssistant) -> None:
    """A known server's new address is stored without a question."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id="its-id",
        data={"kind": "satellite", "host": "10.0.0.1", "port": 1, "pairing_key": None},
    )
    entry.add_to_hass(core)
    found = announcement(10700, id="its-id", role="satellite", secure="1")
    result = await core.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_ZEROCONF}, data=found
    )
    assert result["reason"] == "already_configured"
    assert (entry.data["host"], entry.data["port"]) == ("127.0.0.1", 10700)


@pytest.mark.parametrize("properties", [{}, {"id": "x"}, {"id": "x", "role": "toaster"}])
async def test_foreign_announcement(core: HomeAssistant, properties: dict[str, str]) -> None:
    """What is not one of ours is left alone."""
    result = await core.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_ZEROCONF}, data=announcement(1, **properties)
    )
    assert result["reason"] == "not_ours"


async def test_changed_key_is_asked_for(
    core: HomeAssistant, socket_enabled: None, tmp_path: Path
) -> None:
    """A server with a new key makes Home Assistant ask, and the new key mends it."""
    port = free_port()
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id="speech-server",
        data={"kind": "speech", "host": "127.0.0.1", "port": port, "pairing_key": WRONG_KEY},
    )
    entry.add_to_hass(core)
    async with speech_server(port, "--pairing-key", PAIRING_KEY, "--tts", "espeak:en-us"):
        assert not await core.config_entries.async_setup(entry.entry_id)
        await core.async_block_till_done()
        (flow,) = core.config_entries.flow.async_progress()
        assert flow["context"]["source"] == "reauth"
        core.config_entries.async_update_entry(entry, unique_id=await _server_id(port))
        result = await fill(core, flow, host="127.0.0.1", port=port, pairing_key=PAIRING_KEY)
        assert result["reason"] == "reauth_successful"
        await core.config_entries.async_unload(entry.entry_id)


async def _server_id(port: int) -> str:
    """Return the id that a server gives itself."""
    from custom_components.waifu_rt3d.voice.connection import describe
    from custom_components.waifu_rt3d.voice.pairing import parse_key

    event = await describe("127.0.0.1", port, parse_key(PAIRING_KEY))
    return str(event.data["waifu_rt3d"]["id"])


def test_every_error_and_abort_is_translated() -> None:
    """Each key that the flows use has its sentence."""
    folder = Path(__file__).parents[2] / "custom_components" / DOMAIN
    strings = json.loads((folder / "translations" / "en.json").read_text())["config"]
    for key in (
        "unreachable",
        "not_wyoming",
        "wrong_key",
        "bad_key",
        "not_speech",
        "not_satellite",
    ):
        assert strings["error"][key]
    for key in ("not_ours", "already_configured", "another_device", "nothing_to_change"):
        assert strings["abort"][key]
