"""What a satellite keeps between two starts: its id and its pairing key."""

from collections.abc import Callable, Mapping
import os
from pathlib import Path
from typing import Final

from waifu_wire.pairing import PairingKeyError, format_key, make_key, parse_key

from .config import Config, ConfigError

KEY_VARIABLE: Final = "WAIFU_PAIRING_KEY"


def default_state_dir(environment: Mapping[str, str]) -> Path:
    """Return where systemd, or else the desktop's rules, want a program to keep things."""
    if given := environment.get("STATE_DIRECTORY"):
        return Path(given)
    home = Path(environment.get("HOME", "/"))
    return Path(environment.get("XDG_STATE_HOME", home / ".local" / "state")) / "waifu-satellite"


def kept_id(state_dir: Path) -> str:
    """Return the satellite's UUID, made at the first start."""
    return _kept(state_dir / "id", _new_id)


def _new_id() -> str:
    """Return a UUID."""
    # Needed once in a satellite's life, and loads a megabyte.
    import uuid  # noqa: PLC0415 - see above

    return str(uuid.uuid4())


def pairing_key(config: Config, environment: Mapping[str, str], state_dir: Path) -> bytes | None:
    """Return the key that was given, or the one made at the first start; None in plain mode."""
    if config.plain and not config.pairing_key:
        return None
    text = config.pairing_key or environment.get(KEY_VARIABLE)
    text = text or _kept(state_dir / "pairing-key", lambda: format_key(make_key()))
    try:
        return parse_key(text)
    except PairingKeyError as err:
        raise ConfigError(str(err)) from err


def _kept(path: Path, make: Callable[[], str]) -> str:
    """Return the text of a file that only its owner can read; make it when it is missing."""
    try:
        if path.exists():
            return path.read_text(encoding="ascii").strip()
        path.parent.mkdir(parents=True, exist_ok=True)
        text = make()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text + "\n")
    except OSError as err:
        raise ConfigError(f"{path} can't be kept: {err.strerror}") from err
    return text
