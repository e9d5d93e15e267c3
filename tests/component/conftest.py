"""Fixtures of the component's tests: a real Home Assistant in the test's own process."""

from collections.abc import AsyncGenerator
import logging
from pathlib import Path
import shutil
import tempfile

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

import custom_components  # noqa: F401 - first, or the test kit's own folder wins
from custom_components.waifu_rt3d.const import DOMAIN

from .agents import StreamingAgent, add_agent
from .processes import free_port, speech_server

PAIRING_KEY = "ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YE"


@pytest.fixture(autouse=True)
def custom_integrations(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant load custom integrations, in tests that have one."""
    if "hass" in request.fixturenames:
        request.getfixturevalue("enable_custom_integrations")


@pytest.fixture(scope="session", autouse=True)
def own_temporary_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let each process of a run put its files apart: core keeps all uploads in one place, and deletes it."""
    tempfile.tempdir = str(tmp_path_factory.mktemp("files"))


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Give every test a configuration folder, and so a memory, of its own."""
    # the kit copies its folder, with what a run without this fixture has left there
    shutil.rmtree(Path(hass_tmp_config_dir, DOMAIN), ignore_errors=True)
    return hass_tmp_config_dir


@pytest.fixture
async def core(hass: HomeAssistant) -> HomeAssistant:
    """Return a Home Assistant with what a home has anyway."""
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "conversation", {})
    return hass


@pytest.fixture
def agent_class() -> type[StreamingAgent]:
    """Return what kind of agent the test wants."""
    return StreamingAgent


@pytest.fixture
async def agent(core: HomeAssistant, agent_class: type[StreamingAgent]) -> StreamingAgent:
    """Return an agent that answers with markup."""
    agent = agent_class(["[hap", "py] Su", "re! [gesture:wave", "] Here I am."])
    await add_agent(core, agent)
    return agent


@pytest.fixture
async def companion(core: HomeAssistant, agent: StreamingAgent) -> MockConfigEntry:
    """Return the companion, set up with one character that thinks with the scripted agent."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id="companion",
        title="Companion",
        data={"kind": "companion"},
        subentries_data=[
            {
                "subentry_type": "character",
                "subentry_id": "01JCHARACTER00000000000001",
                "title": "Mira",
                "unique_id": "default",
                "data": {"avatar": "companion", "model": agent.entity_id},
            }
        ],
    )
    entry.add_to_hass(core)
    assert await core.config_entries.async_setup(entry.entry_id)
    await core.async_block_till_done()
    return entry


@pytest.fixture
async def speech_port(socket_enabled: None) -> AsyncGenerator[int]:
    """Run the real speech server with a pairing key and return its port."""
    port = free_port()
    async with speech_server(
        port, "--pairing-key", PAIRING_KEY, "--tts", "espeak:en-us", "--stt", "pocketsphinx:en-us"
    ):
        yield port


@pytest.fixture
async def speech(core: HomeAssistant, speech_port: int) -> MockConfigEntry:
    """Return the entry of a real speech server, set up."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id="speech-server",
        title="Speech",
        data={
            "kind": "speech",
            "host": "127.0.0.1",
            "port": speech_port,
            "pairing_key": PAIRING_KEY,
        },
    )
    entry.add_to_hass(core)
    assert await core.config_entries.async_setup(entry.entry_id)
    await core.async_block_till_done()
    return entry


@pytest.fixture(autouse=True)
def quiet_database() -> None:
    """Keep the test kit from logging every statement: that takes longer than the statement."""
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)
