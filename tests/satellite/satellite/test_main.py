"""The commands beside `run`."""

from collections.abc import Callable
import os
from pathlib import Path
import re
import socket
import tomllib

import pytest

from waifu_satellite.__main__ import main
from waifu_satellite.config import Config, ConfigError, read_config
from waifu_satellite.setup import config_text, qr_code
from waifu_satellite.watchdog import Watchdog


def called(*arguments: str) -> int:
    """Return the exit code of a command."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    code = left.value.code
    return code if isinstance(code, int) else 1


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the program a home of its own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "STATE_DIRECTORY", "WAIFU_PAIRING_KEY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_setup_dry_run_writes_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It shows both files."""
    assert called("setup", "--dry-run", "--name", "Kitchen") == 0
    said = capsys.readouterr().out
    assert 'name = "Kitchen"' in said
    assert "Type=notify" in said
    assert "WatchdogSec=" in said
    assert list(home.rglob("*.toml")) == []


def test_setup_writes_what_run_reads(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The configuration is private, complete and understood."""
    assert called("setup", "--name", 'The "big" room', "--mic", "null", "--speaker", "null") == 0
    path = home / ".config/waifu-satellite/config.toml"
    assert path.stat().st_mode & 0o077 == 0
    assert read_config(path) == Config(name='The "big" room', mic="null", speaker="null")
    assert (home / ".config/systemd/user/waifu-satellite.service").exists()
    said = capsys.readouterr().out
    assert "Pairing key" in said
    key = (home / ".local/state/waifu-satellite/pairing-key").read_text().strip()
    assert qr_code(key) in said


def test_pairing_code_is_a_qr_code_of_the_key() -> None:
    """Half blocks, two rows of the code in each line, with the quiet zone that readers need."""
    lines = qr_code("ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YE").splitlines()
    plain = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in lines]
    width = max(map(len, plain))
    # Version 2 or 3 with a border of four modules on each side.
    assert width in {25 + 8, 29 + 8}
    assert len(plain) == (width + 1) // 2


def test_doctor_says_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    """One line for each part; a taken port is found."""
    options = ("--mic", "null", "--speaker", "null")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert called("doctor", *options, "--uri", f"tcp://127.0.0.1:{port}") == 1
    said = capsys.readouterr().out
    assert f"FAIL  port         Port {port} on 127.0.0.1 is taken" in said
    assert "ok    wake word    hey jarvis (openwakeword, CC BY-NC-SA 4.0)" in said
    assert called("doctor", *options, "--uri", "tcp://127.0.0.1:0") == 0


def test_wake_test_hears_a_file(
    spoken: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """The time and the score of the word are told, or that there was none."""
    assert called("wake-test", str(spoken("hey jarvis, good morning"))) == 0
    assert "hey jarvis: heard at" in capsys.readouterr().out
    assert called("wake-test", str(spoken("good morning"))) == 0
    assert "No wake word was heard" in capsys.readouterr().out


def test_control_without_a_satellite(capsys: pytest.CaptureFixture[str]) -> None:
    """A sentence, not a traceback."""
    assert called("ctl", "state") == 1
    assert "No satellite is running" in capsys.readouterr().out


def test_configuration_text_is_read_back() -> None:
    """Every setting survives being written and read."""
    config = Config(
        name='a"b\\c\nd',
        area="Küche",
        plain=True,
        wake=("openwakeword:alexa", "openwakeword:/home/x/y.onnx"),
        threshold=0.4,
        volume=0.5,
    )
    assert {**tomllib.loads(config_text(config))} == {
        "name": 'a"b\\c\nd',
        "area": "Küche",
        "plain": True,
        "wake": ["openwakeword:alexa", "openwakeword:/home/x/y.onnx"],
        "threshold": 0.4,
        "volume": 0.5,
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nmae = 'x'", "has no use for nmae; it knows uri"),
        ("volume = 'loud'", "volume can't be 'loud'"),
        ("volume = true", "volume can't be True"),
        ("plain = 1", "plain can't be 1"),
        ("wake = [3]", "wake can't be"),
        ("= 3", "is not TOML"),
    ],
)
def test_odd_configuration_gets_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    """What can't be used is named."""
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=sentence):
        read_config(path)


def test_watchdog_speaks_to_systemd_seldom(tmp_path: Path) -> None:
    """Ready once, then a few messages in each period."""
    address = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(address))
        systemd.setblocking(False)
        watchdog = Watchdog({"NOTIFY_SOCKET": str(address), "WATCHDOG_USEC": "4000000"})
        watchdog.ready()
        for now_ms in range(0, 10_000, 20):
            watchdog.feed(now_ms)
        said = []
        while True:
            try:
                said.append(systemd.recv(100))
            except BlockingIOError:
                break
    assert said == [b"READY=1", *[b"WATCHDOG=1"] * 10]


def test_watchdog_without_systemd_is_silent() -> None:
    """Started by hand, it has nobody to tell."""
    watchdog = Watchdog({})
    watchdog.ready()
    watchdog.feed(0.0)
    assert "NOTIFY_SOCKET" not in os.environ
