"""What a home may choose, also from Home Assistant while the satellite runs, kept over restarts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
import json
import logging
from pathlib import Path
from typing import Any, Final

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a home may choose."""

    chime: bool = False
    follow_up_s: float = 8.0
    volume: float = 1.0
    muted: bool = False
    wake_words: tuple[str, ...] | None = None
    """Names; None for those of the configuration file."""
    thresholds: dict[str, float] = field(default_factory=dict)


BOUNDS: Final = {"follow_up_s": (1.0, 60.0), "volume": (0.0, 1.0)}
THRESHOLDS: Final = (0.05, 1.0)


class Preferences:
    """The settings, and the file in which changes are kept."""

    def __init__(self, settings: Settings, path: Path | None = None) -> None:
        """Start with the configuration's settings, changed as the file says."""
        self._path = path
        self._changes: dict[str, Any] = {}
        self.settings = settings
        self.change(self._read(), keep=False)

    def change(self, wanted: Mapping[str, object], *, keep: bool = True) -> Settings:
        """Take what makes sense of some wanted settings, keep it and return all settings."""
        changes: dict[str, Any] = {n: value for n, value in wanted.items() if _fits(n, value)}
        if "wake_words" in changes:
            changes["wake_words"] = tuple(changes["wake_words"])
        if "thresholds" in changes:
            changes["thresholds"] = {**self.settings.thresholds, **changes["thresholds"]}
        self.settings = replace(self.settings, **changes)
        self._changes |= changes
        if keep and changes:
            self._save()
        return self.settings

    def _read(self) -> dict[str, object]:
        """Return the kept changes; a broken file has none."""
        if self._path is None or not self._path.exists():
            return {}
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as err:
            LOGGER.warning("The kept settings can't be read: %s", err)
            return {}
        return kept if isinstance(kept, dict) else {}

    def _save(self) -> None:
        """Write the changes so that a crash leaves the old or the new file."""
        if self._path is None:
            return
        draft = self._path.with_suffix(".part")
        try:
            draft.write_text(json.dumps(self._changes), encoding="utf-8")
            draft.replace(self._path)
        except OSError as err:
            LOGGER.warning("The settings can't be kept: %s", err)


def as_data(settings: Settings) -> dict[str, object]:
    """Return the settings as they are told to Home Assistant, without the wake words."""
    data = asdict(settings)
    for name in ("wake_words", "thresholds"):
        del data[name]
    return data


def _fits(name: str, value: object) -> bool:
    """Return whether a setting is known and its value makes sense."""
    if name not in {each.name for each in fields(Settings)}:
        return False
    if name in BOUNDS:
        return _is_number(value, *BOUNDS[name])
    if name == "wake_words":
        return isinstance(value, list | tuple) and all(isinstance(word, str) for word in value)
    if name == "thresholds":
        return isinstance(value, dict) and all(_is_number(v, *THRESHOLDS) for v in value.values())
    return isinstance(value, bool)


def _is_number(value: object, low: float, high: float) -> bool:
    """Return whether a value is a number within bounds."""
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
