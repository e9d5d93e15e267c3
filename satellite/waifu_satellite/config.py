"""What a satellite is told by its configuration file and the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from importlib.util import find_spec
from pathlib import Path
import tomllib
from typing import Final, Self
from urllib.parse import urlsplit

DEFAULT_PORT: Final = 10700
DEFAULT_URI: Final = f"tcp://0.0.0.0:{DEFAULT_PORT}"


def usual_wake() -> tuple[str, ...]:
    """Return the wake word of an engine that is installed: a small machine has microWakeWord alone."""
    small = find_spec("onnxruntime") is None and find_spec("pymicro_wakeword") is not None
    return (f"{'microwakeword' if small else 'openwakeword'}:hey_jarvis",)


class ConfigError(Exception):
    """A setting can't be used; the message is one sentence for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings, with the names of the configuration file."""

    uri: str = DEFAULT_URI
    name: str = "Satellite"
    area: str | None = None
    pairing_key: str | None = None
    plain: bool = False
    mic: str = "sounddevice"
    speaker: str = "sounddevice"
    speaker_rate_hz: int = 22_050
    wake: tuple[str, ...] = field(default_factory=usual_wake)
    wake_models: str | None = None
    """A folder with models of your own; None for `wake-words` where the state is kept."""
    stop_word: str = "none"
    """`pocketsphinx:PHRASE`, `openwakeword:FILE.onnx`, `microwakeword:FILE.tflite` or `none`."""
    threshold: float | None = None
    chime: bool = False
    volume: float = 1.0
    silence_s: float = 0.7
    no_speech_s: float = 5.0
    follow_up_s: float = 8.0
    echo: str = "speex"
    """`speex`, `device:N` where channel N of the microphone carries what is played, or `off`."""
    gpio: str = ""
    """Pins with something on them: `button=17,mute=22,led=5` or `rgb=5:6:13`."""
    announce: bool = True

    @property
    def address(self) -> tuple[str, int]:
        """Return host and port to listen at."""
        try:
            parts = urlsplit(self.uri)
            port = parts.port
        except ValueError as err:
            raise ConfigError(f"{self.uri} is not an address like {DEFAULT_URI}") from err
        if parts.scheme != "tcp" or not parts.hostname:
            raise ConfigError(f"{self.uri} is not an address like {DEFAULT_URI}")
        return parts.hostname, DEFAULT_PORT if port is None else port

    @property
    def echo_channel(self) -> int | None:
        """Return the microphone's channel that carries what the device plays."""
        kind, _, channel = self.echo.partition(":")
        if kind == "device" and channel in {"1", "2", "3", "4", "5", "6", "7"}:
            return int(channel)
        if self.echo in {"speex", "off"}:
            return None
        raise ConfigError(f"echo is speex, off or device:N with a channel from 1, not {self.echo}")

    def checked(self) -> Self:
        """Return the settings, or say in one sentence what is wrong with them."""
        for name, low, high in _BOUNDS:
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise ConfigError(f"{name} must be between {low} and {high}, not {value}")
        _ = self.address, self.echo_channel
        return self


_BOUNDS: Final = (
    ("volume", 0.0, 1.0),
    ("threshold", 0.05, 1.0),
    ("silence_s", 0.2, 3.0),
    ("no_speech_s", 1.0, 20.0),
    ("follow_up_s", 1.0, 60.0),
    ("speaker_rate_hz", 8_000, 48_000),
)


def default_config_path(environment: Mapping[str, str]) -> Path:
    """Return where the configuration is looked for."""
    home = Path(environment.get("HOME", "/"))
    folder = Path(environment.get("XDG_CONFIG_HOME", home / ".config"))
    return folder / "waifu-satellite" / "config.toml"


def read_config(path: Path) -> Config:
    """Return the settings of a TOML file."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as err:
        raise ConfigError(f"{path} can't be read: {err.strerror}") from err
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise ConfigError(f"{path} is not TOML: {err}") from err
    return with_values(Config(), values, str(path))


def with_values(config: Config, values: dict[str, object], where: str) -> Config:
    """Return the settings with some of them changed."""
    known = {each.name: getattr(Config(), each.name) for each in fields(Config)}
    changes: dict[str, object] = {}
    for name, value in values.items():
        if name not in known:
            raise ConfigError(f"{where} has no use for {name}; it knows {', '.join(known)}")
        changes[name] = _typed(name, value, known[name])
    return replace(config, **changes)  # type: ignore[arg-type]  # each value was checked above


def _typed(name: str, value: object, default: object) -> object:
    """Return a value of its setting's type."""
    if name == "wake":
        words = [value] if isinstance(value, str) else value
        if isinstance(words, list | tuple) and all(isinstance(word, str) for word in words):
            return tuple(words)
    elif isinstance(default, bool):
        if isinstance(value, bool):
            return value
    elif isinstance(default, float) or name == "threshold":
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    elif isinstance(default, int):
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    elif isinstance(value, str):
        return value
    raise ConfigError(f"{name} can't be {value!r}")
