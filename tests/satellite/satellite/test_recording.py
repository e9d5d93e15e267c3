"""The debug switch that keeps sound as a file, in virtual time."""

import asyncio
from collections.abc import Callable
import logging
import os
from pathlib import Path
import stat
import time
from typing import Any
import wave

import numpy as np
import pytest
from satellite_room import VOICE

from waifu_satellite import recording
from waifu_satellite.recording import KEPT_S, LONGEST_S, MOST_FILES

type Play = Callable[..., None]


def files(tmp_path: Path) -> list[Path]:
    """Return all sound that is on the disk, but for what the loudspeaker of the test plays into."""
    return [path for path in tmp_path.rglob("*") if path.is_file() and path.parent != tmp_path]


def test_no_sound_is_on_disk_until_somebody_wants_it(play_scene: Play, tmp_path: Path) -> None:
    """A whole turn leaves nothing."""

    async def scene(room: Any) -> None:
        await room.ask()
        room.reply(1.0)
        await asyncio.sleep(2)
        assert files(tmp_path) == []
        assert room.last("recording")[1]["seconds_left"] == 0

    play_scene(scene)


def test_debug_recording_ends_by_itself(
    play_scene: Play, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """After ten minutes at most, seen in Home Assistant and in the log; the file is private."""

    async def scene(room: Any) -> None:
        room.user_event("record", seconds=LONGEST_S)
        assert room.last("recording")[1] == {"seconds_left": LONGEST_S, "error": None}
        await room.say(1.0)
        room.user_event("record", seconds=LONGEST_S)
        assert room.last("recording")[1]["seconds_left"] < LONGEST_S
        await asyncio.sleep(LONGEST_S)
        assert room.last("recording")[1] == {"seconds_left": 0, "error": None}
        (path,) = files(tmp_path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        with wave.open(str(path)) as file:
            assert file.getnchannels() == 2
            assert file.getnframes() / file.getframerate() == pytest.approx(LONGEST_S, abs=0.1)
            heard = np.frombuffer(file.readframes(32_000), dtype="<i2")
        assert abs(heard).max() == VOICE

    with caplog.at_level(logging.WARNING):
        play_scene(scene)
    assert "is recorded for 600 s" in caplog.text
    assert "The recording is over" in caplog.text


def test_recording_is_deleted_after_a_day(play_scene: Play, tmp_path: Path) -> None:
    """Also without a restart."""

    async def scene(room: Any) -> None:
        room.user_event("record", seconds=5)
        await asyncio.sleep(6)
        assert len(files(tmp_path)) == 1
        # The microphone is closed, so that the day is soon over.
        room.satellite.mute(muted=True)
        await asyncio.sleep(KEPT_S)
        assert files(tmp_path) == []

    play_scene(scene)


def test_start_of_the_satellite_deletes_old_recordings(play_scene: Play, tmp_path: Path) -> None:
    """What is older than a day, and what is more than four."""
    folder = tmp_path / "recordings"
    folder.mkdir()
    for number in range(MOST_FILES + 2):
        (folder / f"2026010{number}-000000-000.wav").write_bytes(b"")
    old = folder / "20260105-000000-000.wav"
    os.utime(old, (0, time.time() - KEPT_S - 60))

    async def scene(_room: Any) -> None:
        await asyncio.sleep(0.1)
        assert len(files(tmp_path)) == MOST_FILES - 1
        assert not old.exists()

    play_scene(scene)


def test_recording_ends_with_the_satellite(tmp_path: Path, play_scene: Play) -> None:
    """A start never takes a recording up again."""

    async def scene(room: Any) -> None:
        room.user_event("record", seconds=600)
        await asyncio.sleep(2)

    async def next_scene(room: Any) -> None:
        await asyncio.sleep(2)
        assert room.last("recording")[1]["seconds_left"] == 0

    play_scene(scene)
    play_scene(next_scene)
    (path,) = files(tmp_path)
    with wave.open(str(path)) as file:
        assert 1.5 < file.getnframes() / file.getframerate() < 2.5


def test_disk_that_takes_no_more_is_told(play_scene: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """The satellite goes on without the recording."""

    def full(_file: wave.Wave_write, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    async def scene(room: Any) -> None:
        monkeypatch.setattr(recording.wave.Wave_write, "writeframes", full)
        room.user_event("record", seconds=600)
        await asyncio.sleep(3)
        told = room.last("recording")[1]
        assert told == {"seconds_left": 0, "error": "No space left on device"}
        await room.wake()
        assert room.state == "wake_pending"

    play_scene(scene)


def test_folder_that_can_not_be_made_is_told(play_scene: Play, tmp_path: Path) -> None:
    """In one sentence, and nothing is recorded."""
    (tmp_path / "recordings").write_text("a file")

    async def scene(room: Any) -> None:
        room.user_event("record", seconds=600)
        told = room.last("recording")[1]
        assert told["seconds_left"] == 0
        assert told["error"] == "File exists"

    play_scene(scene)
