"""Find the sound devices, write the configuration and the systemd unit, show the pairing key."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import StringIO
import json
import os
from pathlib import Path
import shutil
import subprocess
import sys
from typing import Final

import segno

from .config import Config, ConfigError

UNIT_NAME: Final = "waifu-satellite.service"
PROBE_TIMEOUT_S: Final = 5.0
PROGRAMS: Final = {"pulse": ("parec", "pacat"), "alsa": ("arecord", "aplay")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The files that setup writes."""

    config_path: Path
    config_text: str
    unit_path: Path
    unit_text: str

    def write(self) -> None:
        """Write both files; the configuration may hold a key, so it is for its owner only."""
        for path, text, mode in (
            (self.config_path, self.config_text, 0o600),
            (self.unit_path, self.unit_text, 0o644),
        ):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    file.write(text)
            except OSError as err:
                raise ConfigError(f"{path} can't be written: {err.strerror}") from err


def make_plan(config: Config, environment: Mapping[str, str], config_path: Path) -> Plan:
    """Return what setup would write for these settings."""
    home = Path(environment.get("HOME", "/"))
    units = Path(environment.get("XDG_CONFIG_HOME", home / ".config")) / "systemd" / "user"
    return Plan(
        config_path=config_path,
        config_text=config_text(config),
        unit_path=units / UNIT_NAME,
        unit_text=unit_text(config_path),
    )


def with_found_devices(config: Config) -> tuple[Config, list[str]]:
    """Return the settings with back ends that work here, and what was found."""
    found = [line for kind in ("sounddevice", "pulse", "alsa") for line in _devices(kind)]
    back_end = next((line.partition(":")[0] for line in found), None)
    if back_end is None:
        return config, ["no sound device was found: is one plugged in?"]
    defaults = Config()
    mic = back_end if config.mic == defaults.mic else config.mic
    speaker = back_end if config.speaker == defaults.speaker else config.speaker
    return replace(config, mic=mic, speaker=speaker), found


def config_text(config: Config) -> str:
    """Return the settings as a TOML file, those with their default as comments."""
    lines = ["# waifu-satellite: `waifu-satellite run --help` explains each setting."]
    for name in Config.__dataclass_fields__:
        value, default = getattr(config, name), getattr(Config(), name)
        if value is None:
            continue
        line = f"{name} = {_toml(value)}"
        lines.append(line if value != default else f"# {line}")
    return "\n".join(lines) + "\n"


def unit_text(config_path: Path) -> str:
    """Return a systemd user unit that restarts a deaf or broken satellite."""
    program = shutil.which("waifu-satellite") or f"{sys.executable} -m waifu_satellite"
    return f"""[Unit]
Description=waifu-rt3d satellite
After=sound.target network-online.target

[Service]
Type=notify
NotifyAccess=main
ExecStart={program} run --config {config_path}
WatchdogSec=60
Restart=always
RestartSec=2
MemoryMax=400M

[Install]
WantedBy=default.target
"""


def qr_code(text: str) -> str:
    """Return a QR code in half blocks, for a terminal."""
    drawing = StringIO()
    segno.make(text, micro=False).terminal(drawing, compact=True)
    return drawing.getvalue()


def next_steps() -> list[str]:
    """Return the commands that start the satellite now and after each boot."""
    return [
        "systemctl --user daemon-reload",
        f"systemctl --user enable --now {UNIT_NAME}",
        "loginctl enable-linger",
    ]


def _devices(kind: str) -> list[str]:
    """Return lines about the devices of a back end; nothing where it does not work."""
    if kind == "sounddevice":
        return _portaudio_devices()
    if any(shutil.which(program) is None for program in PROGRAMS[kind]):
        return []
    command = ["arecord", "-l"] if kind == "alsa" else ["pactl", "list", "short", "sources"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PROBE_TIMEOUT_S, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return []
    cards = [line for line in done.stdout.splitlines() if kind == "pulse" or "card" in line]
    return [f"{kind}: {line.strip()}" for line in cards]


def _portaudio_devices() -> list[str]:
    """Return the devices that PortAudio can record from."""
    try:
        # It needs a system library that not every machine has.
        import sounddevice  # noqa: PLC0415 - see above
    except (ImportError, OSError):
        return []
    return [
        f"sounddevice: {device['name']}"
        for device in sounddevice.query_devices()
        if device["max_input_channels"] > 0
    ]


def _toml(value: object) -> str:
    """Return a value in TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(each) for each in value) + "]"
    if isinstance(value, str):
        # JSON's strings are TOML's basic strings.
        return json.dumps(value, ensure_ascii=False)
    return str(value)
