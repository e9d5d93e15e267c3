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
from .processes import free_port, make_spoken_wav, satellite, say_into_satellite

SILENCE: Path | None = None


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
        entry = room_entry(port)
        entry.add_to_hass(core)
        yield entry


@pytest.fixture
async def silent_room(
    core: HomeAssistant, tmp_path: Path, companion: MockConfigEntry, socket_enabled: None
) -> AsyncGenerator[MockConfigEntry]:
    """Return the entry of a satellite in which nobody speaks."""
    port = free_port()
    async with satellite(port, tmp_path, SILENCE, "--pairing-key", PAIRING_KEY):
        entry = room_entry(port)
        entry.add_to_hass(core)
        yield entry
        await core.config_entries.async_unload(entry.entry_id)


def room_entry(port: int) -> MockConfigEntry:
    """Return the entry of a satellite on this machine."""
    return MockConfigEntry(
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
    async with asyncio.timeout(60):
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


def made_ms(card: Card) -> float:
    """Return how long the sound is whose times are known."""
    audio = [data["audio"] for data in card.of("timeline")]
    return max((piece["start_ms"] + piece["duration_ms"] for piece in audio), default=0)


async def test_cancelled_reply_is_cut_at_the_loudspeaker(
    hass: HomeAssistant,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
    lamp: str,
    room: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A tap on the tablet stops the sound in the room, and what was heard is known."""
    before = set(asyncio.all_tasks())
    card = Card(await hass_ws_client(hass))
    await card.call(type="waifu_rt3d/subscribe")
    assert await hass.config_entries.async_setup(room.entry_id)
    async with asyncio.timeout(60):
        playing = await card.until("clock", playing=True)
        turn_id = card.envelopes[-1]["turn_id"]
        # The voice is ahead of the loudspeaker: there is something left to be cut.
        while made_ms(card) < 1000:
            await card.next()
        await card.call(type="waifu_rt3d/turn/cancel", turn_id=turn_id)
        done = await card.until("turn", state="heard")
    assert playing["data"]["audio_ms"] == 0
    assert 0 <= done["data"]["cut_ms"] < made_ms(card)
    await hass.config_entries.async_unload(room.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    left = {task.get_name() for task in asyncio.all_tasks() - before if not task.done()}
    assert not {name for name in left if DOMAIN in name or "satellite" in name}


async def test_announcement_is_played_and_waited_for(
    hass: HomeAssistant,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
    silent_room: MockConfigEntry,
    tmp_path: Path,
) -> None:
    """The action returns when the announcement was heard; nothing is left playing."""
    assert await hass.config_entries.async_setup(silent_room.entry_id)
    await _available(hass, "assist_satellite.kitchen")
    async with asyncio.timeout(60):
        await hass.services.async_call(
            "assist_satellite",
            "announce",
            {
                "entity_id": "assist_satellite.kitchen",
                "message": "Dinner is ready.",
                "preannounce": False,
            },
            blocking=True,
        )
    (reply,) = list((tmp_path / "replies").glob("*.wav"))
    with wave.open(str(reply)) as file:
        assert file.getnframes() / file.getframerate() > 0.7


async def test_satellite_comes_back_by_itself(
    hass: HomeAssistant,
    companion: MockConfigEntry,
    socket_enabled: None,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A satellite that is killed is unavailable, and available again soon after its return."""
    port = free_port()
    entry = room_entry(port)
    entry.add_to_hass(hass)
    async with satellite(port, tmp_path, SILENCE, "--pairing-key", PAIRING_KEY):
        assert await hass.config_entries.async_setup(entry.entry_id)
        await _available(hass, "assist_satellite.kitchen")
    async with asyncio.timeout(60):
        while hass.states.get("assist_satellite.kitchen").state != "unavailable":  # type: ignore[union-attr] # it exists
            await asyncio.sleep(0.02)
    async with satellite(port, tmp_path, SILENCE, "--pairing-key", PAIRING_KEY):
        await _available(hass, "assist_satellite.kitchen")
        await hass.config_entries.async_unload(entry.entry_id)
    told = [record for record in caplog.records if "is gone" in record.message]
    assert len(told) == 1


async def _available(hass: HomeAssistant, entity_id: str) -> None:
    """Wait until a satellite is connected."""
    async with asyncio.timeout(60):
        while (state := hass.states.get(entity_id)) is None or state.state == "unavailable":
            await asyncio.sleep(0.02)


async def test_talk_that_the_ears_do_not_know_is_answered(
    hass: HomeAssistant,
    speech: MockConfigEntry,
    companion: MockConfigEntry,
    lamp: str,
    silent_room: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    tmp_path: Path,
) -> None:
    """Where the ears know commands only, free speech is told so, aloud."""
    question = tmp_path / "question.wav"
    await make_spoken_wav(question, "hey jarvis, what do philosophers say about happiness")
    card = Card(await hass_ws_client(hass))
    await card.call(type="waifu_rt3d/subscribe")
    assert await hass.config_entries.async_setup(silent_room.entry_id)
    await _available(hass, "assist_satellite.kitchen")
    await say_into_satellite(tmp_path, question)
    async with asyncio.timeout(60):
        await card.until("turn", state="heard")
    spoken = "".join(data["speech"] for data in card.of("text"))
    assert "commands" in spoken
    assert "error" not in card.of("turn")[-1]
    assert len(list((tmp_path / "replies").glob("*.wav"))) == 1
