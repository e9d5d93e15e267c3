"""Several rooms of the fault trials at once: each is answered, and one alone where all hear the same."""

from collections.abc import AsyncGenerator
from pathlib import Path

from fault_trials.crowd import Rooms, many_rooms
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..conftest import PAIRING_KEY
from ..processes import make_spoken_wav
from .rooms import async_until, room_entry

COUNT = 3
QUICKLY = 4.0
"""Times the pace of speech: what is shown here does not need the length of the words."""
SAID = "turn on the kitchen light"


@pytest.fixture
async def rooms(
    core: HomeAssistant, tmp_path: Path, speech: MockConfigEntry, companion: MockConfigEntry
) -> AsyncGenerator[Rooms]:
    """Return a few rooms that are all connected."""
    assert await async_setup_component(
        core, "input_boolean", {"input_boolean": {"kitchen": {"name": "kitchen light"}}}
    )
    async_expose_entity(core, "conversation", "input_boolean.kitchen", True)
    spoken = tmp_path / "spoken.wav"
    await make_spoken_wav(spoken, SAID, around_s=0.3)
    entries = []
    async with many_rooms(COUNT, PAIRING_KEY, spoken, tmp_path / "rooms.out") as (several, ports):
        for number, port in enumerate(ports):
            entry = room_entry(port, f"Room {number}")
            entry.add_to_hass(core)
            assert await core.config_entries.async_setup(entry.entry_id)
            entries.append(entry)
        known = [entry.runtime_data.room for entry in entries]
        await async_until(lambda: all(len(room.active_phrases) > 1 for room in known))
        yield several
        for entry in entries:
            await core.config_entries.async_unload(entry.entry_id)
        await core.async_block_till_done(wait_background_tasks=True)


async def test_each_room_is_answered_and_one_where_all_hear_the_same(
    core: HomeAssistant, rooms: Rooms
) -> None:
    """They share one home, one voice and one pair of ears, and do not wait for each other.

    Where all wake by one word, the others are told that another one answers.
    """
    turns = await rooms.talk(turns=1, pause_s=(0.0, 0.0), common=False, speed=QUICKLY)
    assert sorted(turn["room"] for turn in turns) == list(range(COUNT))
    assert [turn["error"] for turn in turns] == [""] * COUNT
    for turn in turns:
        assert turn["heard"].lower() == SAID
        assert turn["sound_ms"] > 300
        assert turn["woken_s"] <= turn["listening_s"] <= turn["sound_s"]
    assert core.states.get("input_boolean.kitchen").state == "on"  # type: ignore[union-attr] # it was set up
    turns = await rooms.talk(turns=1, pause_s=(0.0, 0.0), common=True, speed=QUICKLY)
    assert sorted(turn["error"] for turn in turns) == ["", *["duplicate_wake_up_detected"] * 2]
