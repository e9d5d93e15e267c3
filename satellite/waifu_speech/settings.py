"""What the owner sets: command line over environment over a TOML file."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
import os
from pathlib import Path
import tomllib
from typing import Any, Final
from urllib.parse import urlsplit

from waifu_wire.pairing import PairingKeyError, format_key, make_key, parse_key

from .hub import DEFAULT_HUB, ENGINES as HUB_ENGINES, HUB_VARIABLE
from .models import default_folder

DEFAULT_URI: Final = "tcp://0.0.0.0:10720"
KEY_VARIABLE: Final = "WAIFU_PAIRING_KEY"
VOICE_ENGINES: Final = ("piper", "flite", "espeak")
HEARING_ENGINES: Final = ("faster-whisper", "pocketsphinx")
DEFAULT_KEEP_MIN: Final = 15.0
DEFAULT_BEAM: Final = 3
_WIDEST_BEAM: Final = 20
_FILE_KEYS: Final = {
    "uri",
    "tts",
    "stt",
    "pairing_key",
    "plain",
    "name",
    "announce",
    "models",
    "memory",
    "keep",
    "hub",
    "beam",
    "whole_window",
}


class SettingsError(Exception):
    """A setting can't be used; the message is one sentence."""


class Command(StrEnum):
    """What to do."""

    SERVE = "serve"
    LIST = "list"
    DOWNLOAD = "download"
    DOCTOR = "doctor"


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
    """Default recogniser as `engine:name`; None is the best that is installed, "none" is none."""
    name: str
    announce: bool
    models: Path
    memory_mb: float
    """What all loaded models may take together."""
    keep_min: float
    """How long an idle model stays loaded."""
    beam: int
    """Between how many texts Whisper decides for a final one."""
    whole_window: bool
    """Whether Whisper always hears 30 s for a final text."""
    hub: str
    """Address from which models are fetched, without a slash at its end."""
    wanted: tuple[str, ...]
    """What to download, each as `engine:name`."""
    command: Command


def read_settings(arguments: Sequence[str], environment: Mapping[str, str]) -> SpeechSettings:
    """Return the settings; raise one sentence for what is wrong with them."""
    options = vars(_parser().parse_args(arguments))
    given = {key: value for key, value in options.items() if value is not None}
    settings: dict[str, Any] = {
        "uri": DEFAULT_URI,
        "name": "Speech",
        "announce": True,
        **(_read_file(Path(given["config"])) if "config" in given else {}),
        **given,
    }
    host, port = _address(str(settings["uri"]))
    command = _command(given)
    return SpeechSettings(
        host=host,
        port=port,
        pairing_key=_key(settings, environment) if command is Command.SERVE else None,
        tts=_engine_name(settings.get("tts"), "--tts", VOICE_ENGINES),
        stt=_stt(settings.get("stt")),
        name=str(settings["name"]),
        announce=bool(settings["announce"]),
        models=Path(settings.get("models") or default_folder(environment)).expanduser(),
        memory_mb=_positive(settings.get("memory", _half_of_memory_mb()), "--memory"),
        keep_min=_positive(settings.get("keep", DEFAULT_KEEP_MIN), "--keep"),
        beam=_beam(settings.get("beam", DEFAULT_BEAM)),
        whole_window=settings.get("whole_window") is True,
        hub=_hub(settings.get("hub") or environment.get(HUB_VARIABLE) or DEFAULT_HUB),
        wanted=tuple(
            str(_engine_name(choice, "--download", HUB_ENGINES)) for choice in given["download"]
        )
        if command is Command.DOWNLOAD
        else (),
        command=command,
    )


def _command(given: Mapping[str, Any]) -> Command:
    """Return what to do, which only the command line says."""
    if given.get("command"):
        return Command.DOCTOR
    if given.get("download"):
        return Command.DOWNLOAD
    return Command.LIST if given.get("list") else Command.SERVE


def _parser() -> argparse.ArgumentParser:
    """Return the command line."""
    parser = argparse.ArgumentParser(
        prog="waifu-speech", description="Wyoming speech server that tells when it says what."
    )
    parser.add_argument(
        "command",
        nargs="?",
        choices=[Command.DOCTOR.value],
        help="try every installed voice and recogniser, and say what to do",
    )
    parser.add_argument("--uri", help=f"where to listen (default {DEFAULT_URI})")
    security = parser.add_mutually_exclusive_group()
    security.add_argument(
        "--pairing-key", "--tls-psk", help="26 letters; without it one is made and kept"
    )
    security.add_argument(
        "--plain", action="store_true", default=None, help="no encryption, anybody may connect"
    )
    parser.add_argument("--tts", help=f"default voice: {_choices(VOICE_ENGINES, 'VOICE')}")
    parser.add_argument(
        "--stt", help=f"default recogniser: {_choices(HEARING_ENGINES, 'MODEL')}, or none"
    )
    _add_models(parser)
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
        "--list", action="store_true", default=None, help="show what is installed and leave"
    )
    parser.add_argument(
        "--download",
        nargs="+",
        metavar="ENGINE:NAME",
        help="fetch voices and models and leave: piper:VOICE, faster-whisper:MODEL",
    )
    parser.add_argument(
        "--hub", metavar="URL", help=f"fetch from here ({HUB_VARIABLE}, default {DEFAULT_HUB})"
    )
    return parser


def _add_models(parser: argparse.ArgumentParser) -> None:
    """Add what concerns models: where they are, what they may take, how Whisper listens."""
    parser.add_argument("--models", type=Path, metavar="DIR", help="where models are kept")
    parser.add_argument(
        "--memory", type=float, metavar="MB", help="for all loaded models (default half of all)"
    )
    parser.add_argument(
        "--keep",
        type=float,
        metavar="MINUTES",
        help=f"how long an idle model stays loaded (default {DEFAULT_KEEP_MIN:.0f})",
    )
    parser.add_argument(
        "--beam",
        type=int,
        metavar="N",
        help=f"texts between which Whisper decides; more is slower (default {DEFAULT_BEAM})",
    )
    parser.add_argument(
        "--whole-window",
        action="store_true",
        default=None,
        help="let Whisper always hear 30 s, which some models need; up to five times slower",
    )


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


def _choices(engines: Sequence[str], what: str) -> str:
    """Return `engine:WHAT` of all engines, as people say it."""
    *first, last = (f"{engine}:{what}" for engine in engines)
    return f"{', '.join(first)} or {last}"


def _engine_name(choice: object, option: str, engines: Sequence[str]) -> str | None:
    """Return `engine:name`, None where nothing is chosen."""
    if choice is None:
        return None
    engine, separator, name = str(choice).partition(":")
    if engine not in engines or not separator or not name:
        what = {"--tts": "VOICE", "--stt": "MODEL"}.get(option, "NAME")
        raise SettingsError(f"{option} is {_choices(engines, what)}, not {str(choice)!r}")
    return str(choice)


def _stt(choice: object) -> str | None:
    """Return the recogniser as `engine:name`, "none", or None for the best."""
    if choice == "none":
        return "none"
    return _engine_name(choice, "--stt", HEARING_ENGINES)


def _hub(address: object) -> str:
    """Return the address of a hub."""
    parts = urlsplit(str(address))
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise SettingsError(f"--hub is an address like {DEFAULT_HUB}, not {str(address)!r}")
    return str(address).rstrip("/")


def _positive(value: object, option: str) -> float:
    """Return a number above zero."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e9:
        raise SettingsError(f"{option} is a number above 0, not {value!r}")
    return float(value)


def _beam(value: object) -> int:
    """Return a width that Whisper can search with."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _WIDEST_BEAM:
        raise SettingsError(f"--beam is a number from 1 to {_WIDEST_BEAM}, not {value!r}")
    return value


def _half_of_memory_mb() -> float:
    """Return half of the machine's memory."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2e6
