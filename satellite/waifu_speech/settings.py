"""What the owner sets: command line over environment over a TOML file."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
import os
from pathlib import Path
import tomllib
from typing import Any, Final
from urllib.parse import urlsplit

from waifu_wire.pairing import PairingKeyError, format_key, make_key, parse_key

DEFAULT_URI: Final = "tcp://0.0.0.0:10720"
KEY_VARIABLE: Final = "WAIFU_PAIRING_KEY"
STT_CHOICES: Final = ("pocketsphinx:en-us", "none")
_FILE_KEYS: Final = {"uri", "tts", "stt", "pairing_key", "plain", "name", "announce"}


class SettingsError(Exception):
    """A setting can't be used; the message is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechSettings:
    """How this server runs."""

    host: str
    port: int
    pairing_key: bytes | None
    """None is plain Wyoming, by choice only."""
    tts: str | None
    """Default voice as `engine:name`; None is the best that is installed."""
    stt: str | None
    name: str
    announce: bool
    list_only: bool


def read_settings(arguments: Sequence[str], environment: Mapping[str, str]) -> SpeechSettings:
    """Return the settings; raise one sentence for what is wrong with them."""
    options = vars(_parser().parse_args(arguments))
    given = {key: value for key, value in options.items() if value is not None}
    settings: dict[str, Any] = {
        "uri": DEFAULT_URI,
        "name": "Speech",
        "announce": True,
        "stt": STT_CHOICES[0],
        **(_read_file(Path(given["config"])) if "config" in given else {}),
        **given,
    }
    host, port = _address(str(settings["uri"]))
    return SpeechSettings(
        host=host,
        port=port,
        pairing_key=None if settings.get("list") else _key(settings, environment),
        tts=_tts(settings.get("tts")),
        stt=_stt(str(settings["stt"])),
        name=str(settings["name"]),
        announce=bool(settings["announce"]),
        list_only=bool(settings.get("list")),
    )


def _parser() -> argparse.ArgumentParser:
    """Return the command line."""
    parser = argparse.ArgumentParser(
        prog="waifu-speech", description="Wyoming speech server that tells when it says what."
    )
    parser.add_argument("--uri", help=f"where to listen (default {DEFAULT_URI})")
    security = parser.add_mutually_exclusive_group()
    security.add_argument("--pairing-key", help="26 letters; without it one is made and kept")
    security.add_argument(
        "--plain", action="store_true", default=None, help="no encryption, anybody may connect"
    )
    parser.add_argument("--tts", help="default voice: espeak:VOICE or flite:VOICE")
    parser.add_argument("--stt", help=f"recogniser: {' or '.join(STT_CHOICES)}")
    parser.add_argument("--name", help="name under which Home Assistant finds it")
    parser.add_argument(
        "--no-announce",
        dest="announce",
        action="store_false",
        default=None,
        help="do not announce it on the network",
    )
    parser.add_argument("--config", help="TOML file with the same settings")
    parser.add_argument(
        "--list", action="store_true", default=None, help="show the installed voices and leave"
    )
    return parser


def _read_file(path: Path) -> dict[str, Any]:
    """Return the settings of a TOML file."""
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as err:
        raise SettingsError(f"Can't read {path}: {err.strerror}") from err
    except ValueError as err:
        raise SettingsError(f"{path} is not TOML: {err}") from err
    if unknown := sorted(set(settings) - _FILE_KEYS):
        raise SettingsError(f"{path} has an unknown setting {unknown[0]!r}")
    return settings


def _address(uri: str) -> tuple[str, int]:
    """Return host and port of `tcp://HOST:PORT`."""
    sentence = f"{uri!r} is not an address like tcp://0.0.0.0:10720"
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError as err:
        raise SettingsError(sentence) from err
    if parts.scheme != "tcp" or port is None:
        raise SettingsError(sentence)
    return parts.hostname or "", port


def _key(settings: Mapping[str, Any], environment: Mapping[str, str]) -> bytes | None:
    """Return the pairing key: given, or made once and kept; None in plain mode."""
    typed = settings.get("pairing_key") or environment.get(KEY_VARIABLE)
    if settings.get("plain") and not settings.get("pairing_key"):
        return None
    try:
        return parse_key(str(typed)) if typed else _kept_key(environment)
    except PairingKeyError as err:
        raise SettingsError(str(err)) from err


def _kept_key(environment: Mapping[str, str]) -> bytes:
    """Return the key of the first start, from a file that only its owner can read."""
    home = Path(environment.get("HOME", "/"))
    state = Path(environment.get("XDG_STATE_HOME", home / ".local" / "state"))
    path = state / "waifu-speech" / "pairing-key"
    try:
        if path.exists():
            return parse_key(path.read_text(encoding="ascii"))
        path.parent.mkdir(parents=True, exist_ok=True)
        key = make_key()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(format_key(key) + "\n")
    except OSError as err:
        raise SettingsError(f"Can't keep a pairing key in {path}: {err.strerror}") from err
    return key


def _tts(choice: object) -> str | None:
    """Return the default voice as `engine:name`."""
    if choice is None:
        return None
    engine, separator, name = str(choice).partition(":")
    if engine not in {"espeak", "flite"} or not separator or not name:
        raise SettingsError(f"--tts is espeak:VOICE or flite:VOICE, not {str(choice)!r}")
    return str(choice)


def _stt(choice: str) -> str | None:
    """Return the recogniser's model, None for no recogniser."""
    if choice not in STT_CHOICES:
        raise SettingsError(f"--stt is {' or '.join(STT_CHOICES)}, not {choice!r}")
    return None if choice == "none" else choice.partition(":")[2]
