"""Preflight: each satellite's microphone level and loop-back, with a real satellite and a real sound server."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import json
import os
from pathlib import Path
import shutil
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.waifu_rt3d.const import DOMAIN
from custom_components.waifu_rt3d.preflight.finding import State
from custom_components.waifu_rt3d.preflight.room import judge
from custom_components.waifu_rt3d.room.room import Room
from custom_components.waifu_rt3d.room.sound_test import SoundTest

from .rooms import SATELLITE, async_until, room_in

EVENTS = Path(__file__).parents[2] / "contract" / "satellite-events.json"
LOOP = """
load-module module-null-sink sink_name=loop rate=48000
load-module module-native-protocol-unix socket={socket} auth-anonymous=1
"""
MUTE = "switch.kitchen_microphone_off"
needs_sound_server = pytest.mark.skipif(
    shutil.which("pulseaudio") is None or shutil.which("parec") is None,
    reason="pulseaudio is not installed; try: apt install pulseaudio pulseaudio-utils",
)


@asynccontextmanager
async def sound_server(folder: Path) -> AsyncGenerator[None]:
    """Run a sound server whose loudspeaker is what its microphone hears."""
    socket, config = folder / "native", folder / "pulse.pa"
    config.write_text(LOOP.format(socket=socket))
    server = await asyncio.create_subprocess_exec(
        *("pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"),
        *("-F", str(config)),
        env={**os.environ, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)},
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await async_until(socket.exists, 60)
        yield
    finally:
        server.terminate()
        await server.wait()


@asynccontextmanager
async def room(core: HomeAssistant, folder: Path, *sound: str) -> AsyncGenerator[MockConfigEntry]:
    """Give the entry of a connected room."""
    async with room_in(core, folder, *sound) as entry:

        def ready() -> bool:
            state, mute = core.states.get(SATELLITE), core.states.get(MUTE)
            return bool(state and mute and {state.state, mute.state} == {"idle", "off"})

        await async_until(ready, 60)
        yield entry


async def light(core: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    """Run the action and return the light of a room."""
    answer = await core.services.async_call(
        DOMAIN, "preflight", {}, blocking=True, return_response=True
    )
    assert answer is not None
    findings: Any = answer["findings"]
    return next(each for each in findings if each["id"] == f"room_{entry.entry_id}")


@needs_sound_server
async def test_preflight_satellites_microphone_level_and_loop_back(
    core: HomeAssistant,
    companion: MockConfigEntry,
    tmp_path: Path,
    hass_ws_client: WebSocketGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The satellite hears its own test sound; muted, it is red, a repair, and says what to do."""
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path / 'native'}")
    monkeypatch.setenv("HOME", str(tmp_path))
    devices = ("--mic", "pulse:loop.monitor", "--speaker", "pulse:loop")
    async with sound_server(tmp_path), room(core, tmp_path, *devices) as entry:
        found = await light(core, entry)
        # a monitor without any sound is digital silence, but the sweep is heard in it
        assert (found["state"], found["key"]) == ("green", "room_hears_itself"), found
        assert -30 < float(found["values"]["level"]) < -10
        assert found["title"] == "Satellite: Kitchen"
        await core.services.async_call("switch", "turn_on", {"entity_id": MUTE}, blocking=True)
        await async_until(lambda: core.states.get(MUTE).state == "on", 60)  # type: ignore[union-attr] # it is there
        found = await light(core, entry)
        assert (found["state"], found["key"]) == ("red", "room_muted")
        assert "Microphone off" in found["message"]
        issue = ir.async_get(core).async_get_issue(DOMAIN, f"preflight_room_{entry.entry_id}")
        assert issue is not None
        client = await hass_ws_client(core)
        await client.send_json_auto_id({"type": "waifu_rt3d/preflight", "language": "de"})
        while (message := await client.receive_json())["type"] == "event":
            pass
        german = next(f for f in message["result"]["findings"] if f["part"] == "room")
        assert german["message"].startswith("Er hört niemanden")
        await core.services.async_call("switch", "turn_off", {"entity_id": MUTE}, blocking=True)
        await async_until(lambda: core.states.get(MUTE).state == "off", 60)  # type: ignore[union-attr] # it is there


async def test_preflight_of_a_satellite_whose_microphone_is_a_file(
    core: HomeAssistant, companion: MockConfigEntry, tmp_path: Path, socket_enabled: None
) -> None:
    """A demo has nothing to hear; that is told, and no alarm."""
    async with room(core, tmp_path) as entry:
        found = await light(core, entry)
        assert (found["state"], found["key"]) == ("amber", "room_file")


HEARD = SoundTest(state="done", noise_db=-60, level_db=-25, match=0.6, delay_ms=150)


@pytest.mark.parametrize(
    ("heard", "state", "key"),
    [
        (HEARD, State.GREEN, "room_hears_itself"),
        (SoundTest(state="muted"), State.RED, "room_muted"),
        (SoundTest(state="deaf"), State.RED, "room_deaf"),
        (SoundTest(state="busy"), State.AMBER, "room_busy"),
        (
            SoundTest(state="done", noise_db=-60, level_db=-2, match=0.5),
            State.AMBER,
            "room_too_loud",
        ),
        (SoundTest(state="done", noise_db=-70, level_db=-60, match=0.4), State.AMBER, "room_faint"),
        (SoundTest(state="done", noise_db=-20, level_db=-18, match=0.3), State.AMBER, "room_noisy"),
        (
            SoundTest(state="done", noise_db=-60, level_db=-60, match=0.04),
            State.AMBER,
            "room_not_heard",
        ),
        (SoundTest(state="done", noise_db=-115, level_db=-115), State.RED, "room_silent"),
        (
            SoundTest(state="done", device=False, noise_db=-115, level_db=-115),
            State.AMBER,
            "room_file",
        ),
    ],
)
def test_preflight_light_of_what_a_satellite_heard(
    heard: SoundTest, state: State, key: str
) -> None:
    """Green only where it hears itself well; red where nobody could be heard."""
    assert judge(heard)[:2] == (state, key)


def test_what_a_satellite_heard_is_read_as_the_contract_says() -> None:
    """The golden event is taken; what makes no sense changes nothing."""
    events = json.loads(EVENTS.read_text("utf-8"))["from_satellite"]
    data = next(e["data"]["data"] for e in events if e["data"].get("name") == "sound-test")
    known = Room()
    known.take("sound-test", data)
    told = known.sound_test
    assert told is not None
    assert (told.state, told.level_db, told.delay_ms) == ("done", -24.5, 164)
    for nonsense in ({}, {"state": "done", "level_db": "loud"}, {"state": "done", "match": []}):
        known.take("sound-test", nonsense)
        assert known.sound_test is told
