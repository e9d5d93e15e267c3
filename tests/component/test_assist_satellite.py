"""A spoken turn: microphone, wake word, ears, command, voice, loudspeaker, all of them real."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
import wave

from homeassistant.components import input_boolean  # noqa: F401 - the lamp of the test
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.waifu_rt3d.const import DOMAIN

from .cards import Card
from .conftest import PAIRING_KEY
from .processes import free_port, make_spoken_wav, satellite


@pytest.fixture
async def lamp(core: HomeAssistant) -> str:
    """Return a switchable thing that is called "kitchen light"."""
    assert await async_setup_component(
        core, "input_boolean", {"input_boolean": {"kitchen": {"name": "kitchen light"}}}
    )
    async_expose_entity(core, "conversation", "input_boolean.kitchen", True)
    return "input_boolean.kitchen"


@pytest.fixture
async def room(
    core: HomeAssistant, tmp_path: Path, companion: MockConfigEntry, socket_enabled: None
) -> AsyncGenerator[MockConfigEntry]:
    """Return the entry of a satellite that hears "hey jarvis, turn on the kitchen light"."""
    microphone = tmp_path / "microphone.wav"
    await make_spoken_wav(microphone, "hey jarvis, turn on the kitchen light")
    port = free_port()
    async with satellite(port, tmp_path, microphone, "--pairing-key", PAIRING_KEY):
        entry = MockConfigEntry(
            domain=DOMAIN,
            unique_id="satellite",
            title="Kitchen",
            data={
                "kind": "satellite",
                "host": "127.0.0.1",
                "port": port,
                "pairing_key": PAIRING_KEY,
            },
        )
        entry.add_to_hass(core)
        yield entry


async def test_spoken_command_turns_the_light_on_and_is_answered(
    hass: HomeAssistant,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
    lamp: str,
    room: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    tmp_path: Path,
) -> None:
    """The light is on, the answer was played, and its clock was reported."""
    card = Card(await hass_ws_client(hass))
    await card.call(type="waifu_rt3d/subscribe")
    assert await hass.config_entries.async_setup(room.entry_id)
    async with asyncio.timeout(30):
        heard = await card.until("heard", final=True)
        playing = await card.until("clock", playing=True)
        done = await card.until("turn", state="heard")
    assert heard["data"]["text"].lower() == "turn on the kitchen light"
    state = hass.states.get(lamp)
    assert state is not None
    assert state.state == "on"
    assert playing["data"]["precision"] == "reported"
    assert done["data"]["cut_ms"] is None
    segments = [e["data"] for e in card.envelopes if e["kind"] == "timeline"]
    assert segments[-1]["final"]
    length_ms = segments[-1]["audio"]["start_ms"]
    (reply,) = list((tmp_path / "replies").glob("*.wav"))
    with wave.open(str(reply)) as file:
        assert abs(file.getnframes() * 1000 / file.getframerate() - length_ms) <= 40
