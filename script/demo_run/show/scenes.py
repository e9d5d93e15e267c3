"""Read the scenes of the show; a mistake in the file is told before anything is played."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
import tomllib
from typing import Any

from demo_run.places import DemoError

SCENES = Path(__file__).parent / "scenes.toml"
FIELDS: Mapping[str, frozenset[str]] = {
    "call": frozenset({"action"}),
    "speak": frozenset({"room", "text"}),
    "type": frozenset({"room", "text"}),
    "stop": frozenset({"room"}),
    "until": frozenset({"origin", "state", "seconds"}),
    "wait": frozenset({"seconds"}),
    "kill": frozenset({"part"}),
    "start": frozenset({"part"}),
    "frame": frozenset(),
}
"""What each act needs."""
OPTIONAL: Mapping[str, frozenset[str]] = {"call": frozenset({"target", "data"})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that happens."""

    do: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A part of the show under one caption."""

    name: str
    caption: str
    seconds: float
    """It lasts so long at least."""
    acts: tuple[Act, ...]


def read_scenes(path: Path = SCENES) -> tuple[Scene, ...]:
    """Return the scenes of a file. Raises DemoError with what is wrong in it."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as err:
        raise DemoError(f"The show {path} can't be read: {err}.") from err
    return tuple(_scene(each) for each in data.get("scene", ()))


def lines(scenes: tuple[Scene, ...]) -> list[str]:
    """Return what is said into microphones, each line once."""
    said = (act.fields["text"] for scene in scenes for act in scene.acts if act.do == "speak")
    return list(dict.fromkeys(said))


def _scene(data: Mapping[str, Any]) -> Scene:
    """Read one scene."""
    name = str(data.get("name", "without a name"))
    try:
        return Scene(
            name=name,
            caption=data["caption"],
            seconds=float(data["seconds"]),
            acts=tuple(_act(name, each) for each in data["acts"]),
        )
    except (KeyError, TypeError, ValueError) as err:
        raise DemoError(f"The scene {name} lacks something: {err}.") from err


def _act(scene: str, data: Mapping[str, Any]) -> Act:
    """Read one act."""
    do = str(data.get("do"))
    if do not in FIELDS:
        raise DemoError(f"The scene {scene} has an act that nobody knows: {do}.")
    given = set(data) - {"do"}
    wanted, allowed = FIELDS[do], FIELDS[do] | OPTIONAL.get(do, frozenset())
    if wrong := (wanted - given) | (given - allowed):
        raise DemoError(
            f"The act {do} of the scene {scene} is wrong at {', '.join(sorted(wrong))}."
        )
    return Act(do=do, fields={key: data[key] for key in given})
