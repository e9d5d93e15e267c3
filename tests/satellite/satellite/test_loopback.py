"""Preflight: a satellite's microphone level and loop-back, in a simulated room with echo."""

import asyncio
from pathlib import Path
from typing import Any

from echo_room import EchoRoom
import numpy as np
import pytest
from virtual_time import VirtualLoop
from wyoming.event import Event

from waifu_satellite.clock import LoopClock
from waifu_satellite.format import MIC_RATE_HZ
from waifu_satellite.loopback import Loopback, judged, sweep
from waifu_satellite.player import Player
from waifu_satellite.states import State

type Data = dict[str, Any]


async def _heard_in_room(gain: float) -> Data:
    """Return what a satellite tells of a room whose echo has this gain."""
    clock, sent = LoopClock(), []
    room = EchoRoom(clock, gain=gain, length_s=6)
    player = Player(clock, room, lambda _report: None)
    loopback = Loopback(player, sent.append, device=True)
    hearing = asyncio.ensure_future(room.run(lambda pcm, _at_ms: loopback.hear(pcm)))
    loopback.ask(State.IDLE)
    loopback.ask(State.IDLE)
    await asyncio.sleep(4)
    hearing.cancel()
    await player.close()
    (event,) = sent
    return _data(event)


def _data(event: Event) -> Data:
    """Return what a user-event tells."""
    assert event.data["name"] == "sound-test"
    data: Data = event.data["data"]
    return data


def _in_room(gain: float) -> Data:
    """Play the test in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(_heard_in_room(gain))


@pytest.mark.parametrize("gain", [2.0, 0.5, 0.05])
def test_preflight_hears_its_own_loudspeaker(gain: float) -> None:
    """Over delay, echo and noise the sweep is found, and its level follows the loudspeaker's."""
    data = _in_room(gain)
    assert data["state"] == "done"
    assert data["match"] > 0.3
    assert 100 <= data["delay_ms"] <= 250
    assert data["noise_db"] == pytest.approx(-64, abs=2)
    expected_db = 20 * np.log10(gain * 0.25 / np.sqrt(2))
    assert data["level_db"] == pytest.approx(expected_db, abs=4)


def test_preflight_tells_a_loudspeaker_that_is_not_heard() -> None:
    """A room with nothing but noise is not like the sweep."""
    data = _in_room(0.0)
    assert (data["state"], data["device"]) == ("done", True)
    assert data["match"] < 0.1
    assert data["level_db"] == pytest.approx(data["noise_db"], abs=1)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (State.MUTED, "muted"),
        (State.AUDIO_FAULT, "deaf"),
        (State.LISTENING, "busy"),
        (State.SPEAKING, "busy"),
    ],
)
async def test_preflight_refuses_where_nothing_could_be_heard(state: State, told: str) -> None:
    """A muted or broken microphone is told at once, and nobody's talk is disturbed."""
    sent: list[Event] = []
    loopback = Loopback(object(), sent.append, device=True)  # type: ignore[arg-type] # never played
    loopback.ask(state)
    assert [_data(event) for event in sent] == [{"state": told}]


async def _without_frames() -> Data:
    """Return what a satellite tells whose microphone delivers nothing."""
    clock, sent = LoopClock(), []
    room = EchoRoom(clock, gain=1.0, length_s=1)
    loopback = Loopback(Player(clock, room, lambda _report: None), sent.append, device=True)
    loopback.ask(State.IDLE)
    await asyncio.sleep(6)
    (event,) = sent
    return _data(event)


def test_preflight_tells_a_microphone_that_delivers_nothing() -> None:
    """No frame at all is another fault than silence."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(_without_frames()) == {"state": "deaf"}


def test_silence_and_short_sounds_are_like_nothing() -> None:
    """Digital silence divides by nothing."""
    silence = bytes(2 * MIC_RATE_HZ)
    assert judged(silence, silence)["match"] == 0
    assert judged(silence, silence)["noise_db"] < -100
    assert judged(silence, silence[:100])["match"] == 0
    found = judged(silence, (sweep(MIC_RATE_HZ) * 3000).astype("<i2").tobytes() + silence)
    assert found["match"] > 0.99
    assert found["delay_ms"] == 0


def test_satellite_answers_the_test_of_home_assistant(play_scene: Any, tmp_path: Path) -> None:
    """Asked by its event, it plays into its loudspeaker and tells; muted it says so."""

    async def scene(room: Any) -> None:
        room.user_event("sound-test")
        await asyncio.sleep(4)
        _at_ms, told = room.last("sound-test")
        # a microphone that is a file hears silence
        assert told["state"] == "done"
        assert told["device"] is False
        assert told["match"] == 0
        room.user_event("configure", muted=True)
        await asyncio.sleep(0.1)
        room.user_event("sound-test")
        assert room.last("sound-test")[1] == {"state": "muted"}

    play_scene(scene)
    assert (tmp_path / "played.wav").stat().st_size > 44
