"""What the satellite keeps in files, where a disk or a file is broken: it goes on, and says so."""

import asyncio
from collections.abc import Callable
import logging
from pathlib import Path
import sys
from typing import Any

from gpiozero.exc import GPIOZeroError
import pytest

from waifu_satellite import hands as hands_module
from waifu_satellite.config import Config, ConfigError, read_config
from waifu_satellite.hands import hands
from waifu_satellite.keeping import default_state_dir, kept_id
from waifu_satellite.preferences import Preferences, Settings
from waifu_satellite.recording import Recording
from waifu_satellite.wake import trial
from waifu_satellite.wake.base import Score, WakeWord
from waifu_satellite.wake.catalogue import Known
from waifu_satellite.wake.remote import RemoteListener

type Play = Callable[..., None]


def test_folder_is_systemds_where_it_gives_one(tmp_path: Path) -> None:
    """Else the desktop's rule."""
    assert default_state_dir({"STATE_DIRECTORY": "/var/lib/x"}) == Path("/var/lib/x")
    assert default_state_dir({"HOME": "/home/x"}) == Path("/home/x/.local/state/waifu-satellite")
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="can't be kept"):
        kept_id(tmp_path / "file")


def test_broken_settings_are_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A file that is no JSON, one that is no object, and a folder that takes no file."""
    path = tmp_path / "settings.json"
    for text in ("{", "[1]"):
        path.write_text(text)
        assert Preferences(Settings(volume=0.4), path).settings.volume == 0.4
    assert "The kept settings can't be read" in caplog.text
    lost = Preferences(Settings(), tmp_path / "nowhere" / "settings.json")
    assert lost.change({"volume": 0.3}).volume == 0.3
    assert "The settings can't be kept" in caplog.text
    assert Preferences(Settings(), None).change({"volume": 0.2}).volume == 0.2


def test_whole_numbers_are_read(tmp_path: Path) -> None:
    """As TOML writes them; a truth value is none."""
    path = tmp_path / "config.toml"
    path.write_text('speaker_rate_hz = 48000\necho = "device:2"\n')
    config = read_config(path)
    assert (config.speaker_rate_hz, config.echo_channel) == (48_000, 2)
    path.write_text("speaker_rate_hz = true\n")
    with pytest.raises(ConfigError, match="speaker_rate_hz can't be True"):
        read_config(path)
    with pytest.raises(ConfigError, match="echo is speex, off or device:N"):
        _ = Config(echo="device:0").echo_channel


async def test_recording_without_a_folder_and_with_one_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It ends with a reason, and 0 seconds end it without one."""
    told: list[dict[str, Any]] = []

    def recording(folder: Path | None) -> Recording:
        return Recording(folder, lambda event: told.append(event.data["data"]), lambda: None)

    recording(None).start(5)
    assert told[-1]["error"] == "there is no folder for it"
    kept = recording(tmp_path / "kept")
    kept.start(5)
    kept.hear(bytes(640), bytes(640))
    kept.start(0)
    assert told[-1] == {"seconds_left": 0, "error": None}

    def refuse(_path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    monkeypatch.setattr("waifu_satellite.recording.KEPT_S", -1.0)
    recording(tmp_path / "kept")
    await asyncio.sleep(0.05)
    assert "can't be deleted: Permission denied" in caplog.text


async def test_wake_service_that_is_not_there_is_told_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often it is tried."""
    monkeypatch.setattr("waifu_satellite.wake.remote.RETRY_FIRST_S", 0.01)
    monkeypatch.setattr("waifu_satellite.wake.remote.RETRY_MAX_S", 0.01)
    with caplog.at_level(logging.WARNING):
        listener = RemoteListener(KNOWN, lambda _wake: None)
        async with asyncio.timeout(60):
            while not caplog.records:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        listener.close()
    assert [record.getMessage().rpartition(":")[0] for record in caplog.records] == [
        "The wake service 127.0.0.1:1 does not answer"
    ]


KNOWN = Known(
    name="alexa", phrase="alexa", spec="wyoming:127.0.0.1:1:alexa", engine="wyoming", licence="x"
)


class Engine:
    """A model of somebody else's."""

    hop_samples = 1280

    def __init__(self, value: float | None) -> None:
        self._value = value
        self.words = (WakeWord(name="x", phrase="x", engine="x", licence="x", threshold=0.5),)

    def process(self, _pcm: bytes) -> list[Score]:
        """Be always as sure, or break."""
        if self._value is None:
            raise RuntimeError("shapes do not fit\nat node 3")
        return [Score(word=self.words[0], value=self._value)]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "The model can't be run: shapes do not fit"),
        (0.9, "The model wakes although nobody speaks"),
        (0.1, None),
    ],
)
def test_model_is_tried_in_a_quiet_room(
    monkeypatch: pytest.MonkeyPatch, value: float | None, said: str | None
) -> None:
    """One that breaks, or that wakes at nothing, is refused with the reason."""
    monkeypatch.setattr(trial, "make_engines", lambda _specs: (Engine(value),))
    assert trial.wrong("x") == said


async def test_model_that_never_ends_is_given_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its program is killed."""
    (tmp_path / "sleeps.py").write_text("import time\ntime.sleep(600)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(trial, "PROGRAM", "sleeps")
    monkeypatch.setattr(trial, "LIMIT_S", 0.2)
    assert await trial.async_wrong("x") == "The model was not ready after 0 s"


def test_pins_that_can_not_be_used(play_scene: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither without the library nor where the machine refuses."""

    async def scene(room: Any) -> None:
        def refuse(*_given: object) -> None:
            raise GPIOZeroError("no pins here")

        monkeypatch.setattr(hands_module, "_attach", refuse)
        with (
            pytest.raises(ConfigError, match="The pins can't be used: no pins here"),
            hands(room.satellite, "button=17"),
        ):
            pass
        monkeypatch.setitem(sys.modules, "gpiozero", None)
        with (
            pytest.raises(ConfigError, match=r"install waifu-satellite\[hands\]"),
            hands(room.satellite, "button=17"),
        ):
            pass

    play_scene(scene)
