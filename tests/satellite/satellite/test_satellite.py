"""Turns of a whole satellite in virtual time: real state table, ears, player and file speaker."""

import asyncio
from collections.abc import Callable
import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st
import numpy as np
import pytest
from satellite_room import RATE_HZ, WAKE_SAMPLE

from waifu_satellite.states import RESTING, State

type Play = Callable[..., None]
GOLDEN = Path(__file__).parents[2] / "contract" / "satellite-events.json"


def test_wake_word_asks_for_a_run_at_once(play_scene: Play) -> None:
    """The request leaves with the hop in which the word ended."""

    async def scene(room: Any) -> None:
        ended_ms = await room.wake()
        await asyncio.sleep(0.2)
        assert room.names() == ["wake", "detection", "run-pipeline"]
        asked_ms, data = room.last("run-pipeline")
        assert asked_ms - ended_ms <= 80
        assert data["start_stage"] == "asr"
        assert data["end_stage"] == "tts"
        assert room.last("detection")[1]["name"] == "hey_jarvis"
        assert room.state == "listening"

    play_scene(scene)


def test_no_sample_is_lost_after_the_wake_word(play_scene: Play, ramp: bytes) -> None:
    """In one breath: everything behind the phrase arrives, in order and once."""

    async def scene(room: Any) -> None:
        first, second = room.wake(), room.microphone.say(ramp)
        await asyncio.gather(first, second)
        sent = room.microphone_audio()
        expected = np.frombuffer(ramp, dtype="<i2")
        at = int(np.nonzero(sent == WAKE_SAMPLE)[0][-1]) + 1
        assert np.array_equal(sent[at : at + len(expected)], expected[: len(sent) - at])
        assert len(sent) - at >= len(expected) - 320

    play_scene(scene)


def test_stream_begins_behind_the_wake_word_when_a_pause_follows(play_scene: Play) -> None:
    """The recogniser gets the command without the end of the wake word."""

    async def scene(room: Any) -> None:
        await asyncio.sleep(3)
        await room.wake()
        await asyncio.sleep(0.2)
        await room.say(1.0)
        await asyncio.sleep(0.1)
        sent = room.microphone_audio()
        assert WAKE_SAMPLE not in sent
        assert np.count_nonzero(np.abs(sent) >= 4000) == 16_000

    play_scene(scene)


def test_silence_ends_the_speech(play_scene: Play) -> None:
    """The satellite itself hears that somebody has finished."""

    async def scene(room: Any) -> None:
        await room.wake()
        await asyncio.sleep(0.3)
        await room.say(1.5)
        ended_ms = room.now_ms
        await asyncio.sleep(1.5)
        stopped_ms, data = room.last("audio-stop")
        assert 600 <= stopped_ms - ended_ms <= 800
        assert data["timestamp"] == len(room.microphone_audio()) // 16
        assert room.state == "thinking"

    play_scene(scene)


def test_silence_after_the_wake_word_is_given_up(play_scene: Play) -> None:
    """Who says nothing more is not listened to for ever."""

    async def scene(room: Any) -> None:
        await room.wake()
        await asyncio.sleep(4.5)
        assert room.state == "listening"
        await asyncio.sleep(1.0)
        assert room.names()[-1] == "audio-stop"

    play_scene(scene)


def test_reply_is_played_and_reported(play_scene: Play) -> None:
    """Start, places and end are told with the times at the loudspeaker."""

    async def scene(room: Any) -> None:
        await room.ask()
        room.reply(2.0)
        assert room.state == "speaking"
        await asyncio.sleep(2.5)
        assert room.names()[-2:] == ["playback-stopped", "played"]
        started = room.last("playback-started")[1]
        stopped = room.last("playback-stopped")[1]
        assert started["turn_id"] == stopped["turn_id"] == "T1"
        assert stopped["audio_ms"] == 2000
        assert stopped["reason"] == "finished"
        assert stopped["at_ms"] - started["at_ms"] == pytest.approx(2000, abs=1)
        first = int(np.nonzero(room.played())[0][0])
        heard_ms = room.speaker.opened_ms + first * 1000 / RATE_HZ
        assert abs(heard_ms - started["at_ms"]) <= 20
        assert np.count_nonzero(room.played() == 5000) == 2 * RATE_HZ
        assert room.state == "idle"

    play_scene(scene)


def test_positions_come_at_most_four_times_a_second(play_scene: Play) -> None:
    """A place is told now and then, and agrees with the start."""

    async def scene(room: Any) -> None:
        await room.ask()
        room.reply(5.0)
        await asyncio.sleep(5.5)
        started = room.last("playback-started")[1]["at_ms"]
        places = [e.data["data"] for _, e in room.sent if e.data.get("name") == "playback-position"]
        assert 15 <= len(places) <= 20
        for place in places:
            assert place["at_ms"] - started == pytest.approx(place["audio_ms"], abs=1)

    play_scene(scene)


def test_sound_with_a_gap_is_reported_by_what_was_heard(play_scene: Play) -> None:
    """When a chunk is late, silence is no part of the reply's own time."""

    async def scene(room: Any) -> None:
        await room.ask()
        room.reply(0.5, complete=False)
        await asyncio.sleep(1.5)
        room.more(0.5)
        room.receive("audio-stop")
        await asyncio.sleep(1.0)
        started, stopped = (room.last(f"playback-{name}")[1] for name in ("started", "stopped"))
        assert stopped["audio_ms"] == 1000
        assert stopped["at_ms"] - started["at_ms"] == pytest.approx(2000, abs=25)

    play_scene(scene)


def test_wake_word_during_speech_stops_it_and_listens(play_scene: Play) -> None:
    """Barge-in: silence at once, the stale rest is dropped, the next reply is played."""

    async def scene(room: Any) -> None:
        await room.ask()
        room.reply(3.0, complete=False)
        await asyncio.sleep(1.0)
        await room.wake()
        names = room.names()
        assert names[names.index("playback-stopped") :] == [
            *("playback-stopped", "played", "wake", "detection", "run-pipeline"),
        ]
        stopped_ms, stopped = room.last("playback-stopped")
        assert stopped["reason"] == "barge_in"
        assert stopped["audio_ms"] == pytest.approx(stopped_ms - started(room), abs=20)
        last = int(np.nonzero(room.played())[0][-1])
        assert room.speaker.opened_ms + last * 1000 / RATE_HZ <= stopped_ms + 50
        room.more(1.0)
        room.receive("audio-stop")
        await room.say(1.0)
        await asyncio.sleep(1.5)
        assert room.state == "thinking"
        assert room.names().count("playback-started") == 1
        room.reply(0.5, "T2")
        await asyncio.sleep(1.0)
        assert room.last("playback-stopped")[1]["turn_id"] == "T2"

    def started(room: Any) -> float:
        return float(room.last("playback-started")[1]["at_ms"])

    play_scene(scene)


def test_cancelled_sound_is_silent_within_50_ms(play_scene: Play) -> None:
    """Home Assistant cancels a turn while it sounds."""

    async def scene(room: Any) -> None:
        await room.ask()
        room.reply(3.0)
        await asyncio.sleep(1.0)
        room.user_event("cancel", turn_id="another", reason="user")
        assert room.state == "speaking"
        room.user_event("cancel", turn_id="T1", reason="user")
        cancelled_ms = room.now_ms
        await asyncio.sleep(0.5)
        last = int(np.nonzero(room.played())[0][-1])
        assert room.speaker.opened_ms + last * 1000 / RATE_HZ <= cancelled_ms + 50
        assert room.last("playback-stopped")[1]["reason"] == "cancelled"
        assert room.names()[-1] == "played"
        assert room.state == "idle"

    play_scene(scene)


def test_cancelled_turn_before_its_sound(play_scene: Play) -> None:
    """A turn that is known by its id can be cancelled while it is thought about."""

    async def scene(room: Any) -> None:
        await room.ask()
        room.user_event("turn", turn_id="T7")
        room.user_event("cancel", turn_id="T7", reason="user")
        assert room.state == "idle"

    play_scene(scene)


def test_run_without_a_reply_ends_the_thinking(play_scene: Play) -> None:
    """A command that is answered by nothing leaves the satellite ready."""

    async def scene(room: Any) -> None:
        await room.ask()
        room.user_event("run-ended", turn_id=None)
        assert room.state == "idle"

    play_scene(scene)


def test_answer_without_a_wake_word(play_scene: Play) -> None:
    """After `listen` the first word begins a run, and is not lost."""

    async def scene(room: Any) -> None:
        room.reply(1.0)
        room.user_event("listen", turn_id="T1", seconds=5)
        await asyncio.sleep(2.0)
        assert room.state == "follow_up"
        await room.say(1.0)
        assert room.state == "listening"
        assert room.last("wake")[1]["origin"] == "follow_up"
        await asyncio.sleep(1.5)
        assert np.count_nonzero(np.abs(room.microphone_audio()) >= 4000) == 16_000
        assert room.state == "thinking"

    play_scene(scene)


def test_nobody_answers(play_scene: Play) -> None:
    """The window closes and Home Assistant learns it; nothing was sent."""

    async def scene(room: Any) -> None:
        room.user_event("listen", turn_id=None, seconds=5)
        await asyncio.sleep(5.5)
        assert room.state == "idle"
        assert room.names() == ["not-heard"]

    play_scene(scene)


def test_announcement_is_played_from_idle(play_scene: Play) -> None:
    """An announcement needs no turn; `played` lets Home Assistant go on."""

    async def scene(room: Any) -> None:
        room.reply(1.0, None)
        assert room.state == "announcing"
        await asyncio.sleep(1.5)
        assert room.names() == [
            *("playback-started", *["playback-position"] * 3, "playback-stopped", "played")
        ]

    play_scene(scene)


def test_empty_and_odd_sounds_are_answered_too(play_scene: Play) -> None:
    """`played` comes on every path, or Home Assistant would wait."""

    async def scene(room: Any) -> None:
        for audio_format in (
            {"rate": RATE_HZ, "width": 2, "channels": 1},
            {"rate": RATE_HZ, "width": 4, "channels": 1},
            {"rate": "fast", "width": 2},
            {},
        ):
            room.receive("audio-start", **audio_format)
            room.receive("audio-chunk", b"\x01", **audio_format)
            room.receive("audio-stop")
            await asyncio.sleep(0.1)
            assert room.state == "idle"
        assert room.names().count("played") == 4

    play_scene(scene)


def test_stereo_at_another_rate_sounds_as_long(play_scene: Play) -> None:
    """A sound of another format is converted, and its times stay its own."""

    async def scene(room: Any) -> None:
        room.receive("audio-start", rate=48_000, width=2, channels=2)
        pcm = np.full(2 * 48_000, 6000, dtype="<i2").tobytes()
        for at in range(0, len(pcm), 1001):
            room.receive("audio-chunk", pcm[at : at + 1001])
        room.receive("audio-stop")
        await asyncio.sleep(1.5)
        assert room.last("playback-stopped")[1]["audio_ms"] == pytest.approx(1000, abs=2)

    play_scene(scene)


def test_home_assistant_leaves_while_somebody_speaks(play_scene: Play) -> None:
    """A lost connection ends the stream; the next one is served."""

    async def scene(room: Any) -> None:
        await room.wake()
        room.satellite.disconnected()
        assert room.state == "offline"
        await asyncio.sleep(0)
        count = len(room.sent)
        await room.say(0.5)
        assert len(room.sent) == count
        room.satellite.connected()
        await room.wake()
        assert room.state == "wake_pending"

    play_scene(scene)


def test_home_assistant_leaves_while_she_speaks(play_scene: Play) -> None:
    """What has arrived is played to its end."""

    async def scene(room: Any) -> None:
        await room.ask()
        room.reply(1.0, complete=False)
        room.satellite.disconnected()
        await asyncio.sleep(0.5)
        assert room.state == "speaking"
        await asyncio.sleep(1.0)
        assert room.state == "offline"
        assert np.count_nonzero(room.played() == 5000) == RATE_HZ

    play_scene(scene)


def test_wake_word_without_home_assistant_sounds_and_rests(play_scene: Play) -> None:
    """Who calls hears that nobody is there."""

    async def scene(room: Any) -> None:
        await room.wake()
        await asyncio.sleep(0.1)
        assert room.state == "announcing"
        await asyncio.sleep(1.0)
        assert room.state == "offline"
        assert room.played().any()

    play_scene(scene, connect=False)


def test_home_assistant_never_answers(play_scene: Play) -> None:
    """Thinking has a time-out, told by a sound."""

    async def scene(room: Any) -> None:
        await room.ask()
        await asyncio.sleep(95)
        assert room.state == "idle"
        assert room.played().any()

    play_scene(scene)


def test_stream_that_stops_arriving_ends(play_scene: Play) -> None:
    """A speech server that dies in mid-sentence does not hold the satellite."""

    async def scene(room: Any) -> None:
        await room.ask()
        room.reply(1.0, complete=False)
        await asyncio.sleep(15)
        assert room.state == "idle"
        assert room.last("playback-stopped")[1]["audio_ms"] == 1000

    play_scene(scene)


def test_error_of_the_run_is_heard_and_a_quiet_one_is_not(play_scene: Play) -> None:
    """Another satellite's answer is no reason for a sound."""

    async def scene(room: Any) -> None:
        await room.ask()
        room.receive("error", text="…", code="duplicate_wake_up_detected")
        assert room.state == "idle"
        await asyncio.sleep(1)
        assert not room.played().any()
        await room.ask()
        room.receive("error", text="…", code="tts-failed")
        assert room.state == "idle"
        await asyncio.sleep(1)
        assert room.played().any()

    play_scene(scene)


def test_muted_microphone_is_closed(play_scene: Play) -> None:
    """Mute shuts the device, not only the answers."""

    async def scene(room: Any) -> None:
        room.satellite.mute(muted=True)
        await asyncio.sleep(0.1)
        waiting = asyncio.create_task(room.wake())
        await asyncio.sleep(5)
        assert not waiting.done()
        assert room.state == "muted"
        room.satellite.mute(muted=False)
        await waiting
        assert room.state == "wake_pending"
        assert room.microphone.opened == 2

    play_scene(scene)


def test_unplugged_microphone_is_seen_and_comes_back(play_scene: Play) -> None:
    """A device error is a state of its own, and ends within three seconds of the cure."""

    async def scene(room: Any) -> None:
        room.microphone.unplugged.set()
        await asyncio.sleep(0.1)
        assert room.state == "audio_fault"
        await asyncio.sleep(30)
        assert room.microphone.opened <= 20
        room.microphone.unplugged.clear()
        await asyncio.sleep(3)
        assert room.state == "idle"
        await room.wake()
        assert room.state == "wake_pending"

    play_scene(scene)


def test_microphone_that_hangs_is_opened_again(play_scene: Play) -> None:
    """A driver that delivers nothing, without an error, is the deafness people complain of."""

    async def scene(room: Any) -> None:
        room.microphone.hangs = True
        await asyncio.sleep(6)
        assert room.state == "audio_fault"
        room.microphone.hangs = False
        await asyncio.sleep(3)
        assert room.state == "idle"

    play_scene(scene)


def test_stop_button_ends_everything(play_scene: Play) -> None:
    """Stop works while listening and while speaking."""

    async def scene(room: Any) -> None:
        room.satellite.press()
        assert room.state == "wake_pending"
        room.satellite.stop()
        assert room.state == "idle"
        room.reply(2.0)
        await asyncio.sleep(0.5)
        room.satellite.stop()
        assert room.last("playback-stopped")[1]["reason"] == "cancelled"

    play_scene(scene)


def test_events_have_the_shape_of_the_contract(play_scene: Play) -> None:
    """Every event of ours has exactly the fields of the golden file."""
    golden = json.loads(GOLDEN.read_text())["from_satellite"]
    shapes = {each["data"]["name"]: each["data"]["data"] for each in golden}
    del shapes["clock-reply"]  # answered by the link

    async def scene(room: Any) -> None:
        await room.ask()
        room.reply(1.0)
        await asyncio.sleep(1.5)
        room.user_event("listen", turn_id=None, seconds=1)
        await asyncio.sleep(2)
        room.receive("timer-started", id="a", total_seconds=60, name="tea")
        room.user_event("wake-test", seconds=1)
        room.user_event("sound-test")
        room.user_event("record", seconds=1)
        room.user_event("wake-model", name="../hey_mira")
        await asyncio.sleep(31)
        room.satellite.connected()
        for name, shape in shapes.items():
            data = room.last(name)[1]
            assert data.keys() == shape.keys(), name
            for key, value in shape.items():
                assert data[key] is None or isinstance(data[key], type(value)), (name, key)

    play_scene(scene)


def test_every_event_of_the_contract_is_understood(play_scene: Play) -> None:
    """What the golden file lets Home Assistant send changes the state as it says."""
    golden = {
        each["data"]["name"]: each["data"]["data"]
        for each in json.loads(GOLDEN.read_text())["to_satellite"]
    }

    async def scene(room: Any) -> None:
        await room.ask()
        room.user_event("turn", **golden["turn"])
        room.user_event("reply-audio", **golden["reply-audio"])
        room.reply(1.0, None)
        assert room.state == "speaking"
        room.user_event("listen", **golden["listen"])
        room.user_event("run-ended", **golden["run-ended"])
        assert room.state == "speaking"
        room.user_event("cancel", **golden["cancel"])
        assert room.state == "idle"
        room.user_event("configure", **golden["configure"])
        assert room.satellite.settings.volume == golden["configure"]["volume"]
        room.user_event("wake-test", **golden["wake-test"])
        await asyncio.sleep(0.3)
        assert "scores" in room.names()
        room.user_event("identify", **golden["identify"])
        room.user_event("press", **golden["press"])
        assert room.state == "wake_pending"
        room.user_event("stop", **golden["stop"])
        assert room.state == "idle"

    play_scene(scene)


HAPPENINGS: dict[str, Callable[[Any], object]] = {
    "wake": lambda room: room.meanwhile(room.wake()),
    "say": lambda room: room.meanwhile(room.say(1.0)),
    "reply": lambda room: room.reply(1.0),
    "half a reply": lambda room: room.reply(1.0, complete=False),
    "audio-stop": lambda room: room.receive("audio-stop"),
    "odd format": lambda room: room.receive("audio-start", rate=-1, width="x", channels=None),
    "cancel": lambda room: room.user_event("cancel", turn_id=None, reason="user"),
    "listen": lambda room: room.user_event("listen", turn_id=None, seconds=2),
    "run-ended": lambda room: room.user_event("run-ended", turn_id=None),
    "error": lambda room: room.receive("error", text="…", code="intent-failed"),
    "transcript": lambda room: room.receive("transcript", text="…"),
    "pause": lambda room: room.receive("pause-satellite"),
    "leave": lambda room: room.satellite.disconnected(),
    "come": lambda room: room.satellite.connected(),
    "mute": lambda room: room.satellite.mute(muted=True),
    "unmute": lambda room: room.satellite.mute(muted=False),
    "unplug": lambda room: room.microphone.unplugged.set(),
    "plug": lambda room: room.microphone.unplugged.clear(),
    "press": lambda room: room.satellite.press(),
    "stop": lambda room: room.satellite.stop(),
}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(list(HAPPENINGS)), st.floats(0, 3)), max_size=12))
def test_whatever_happens_the_next_wake_word_is_heard(
    play_scene: Play, story: list[tuple[str, float]]
) -> None:
    """Any story ends in a satellite that answers its word within two seconds."""

    async def scene(room: Any) -> None:
        for happening, pause_s in story:
            HAPPENINGS[happening](room)
            await asyncio.sleep(pause_s)
        room.microphone.unplugged.clear()
        room.satellite.mute(muted=False)
        room.satellite.connected()
        room.receive("audio-stop")
        await asyncio.sleep(120)
        assert State(room.state) in RESTING
        room.sent.clear()
        ended_ms = await room.wake()
        await asyncio.sleep(2)
        assert room.last("run-pipeline")[0] - ended_ms <= 2000

    play_scene(scene)
