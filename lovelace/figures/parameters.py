"""Read a figure's parameter file."""

from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
import tomllib
from typing import Any, get_args, get_origin, get_type_hints

DESIGNS = Path(__file__).parent / "designs"

type Row = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Colour:
    """A column of the palette, from its lightest to its darkest tone."""

    group: str
    """What a user may recolour together: hair, skin, outfit, accent; or fixed."""
    light: str
    base: str
    dark: str
    gloss: str = ""
    """Colour of the band of light across it, if any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Iris:
    """Colours of the painted eye."""

    rim: str
    top: str
    bottom: str
    pupil: str
    glow: str
    ring: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadShape:
    """The skull: rings from chin (0) to crown (1)."""

    chin_y: float
    height: float
    boxiness: float
    rings: tuple[Row, ...]
    """Rows of t, half width, front z, back z."""
    relief: tuple[Row, ...]
    """Soft bumps: x, t, width, height, depth (mirrored when x is not 0)."""
    shell_t: float = 0.5
    """Below this height hair hangs straight instead of following the jaw."""
    nose: float = 0.02
    """Half width of the nose's shadow as a share of the head's height; 0 for no nose."""
    blush: float = 1.0
    """Strength of the red on the cheeks."""
    ear: Row = ()
    """Angle from the front (degrees), t, height (m), width (m), how far it stands off (degrees)."""
    haired: bool = True
    """Whether hair covers the back of the head, so that no skin is needed there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EyeShape:
    """An open eye, in metres around its centre."""

    x: float
    y: float
    half_width: float
    upper: float
    lower: float
    slant: float
    upper_curve: tuple[Row, ...]
    lower_curve: tuple[Row, ...]
    lash: float
    wing: float
    iris: float
    """Height of the iris."""
    lashes: tuple[Row, ...]
    """Single lashes: place along the lid (-1 inner, 1 outer), length out, length up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowShape:
    """A brow, in metres."""

    y: float
    half_width: float
    arch: float
    slant: float
    thickness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MouthShape:
    """A closed mouth, in metres."""

    y: float
    half_width: float
    lift: float
    line: float
    jaw_drop: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainShape:
    """A line of spring joints; the last point only ends it."""

    name: str
    parent: str
    points: tuple[Row, ...]
    stiffness: float
    drag: float
    gravity: float
    radius: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """A lock of hair along (azimuth in degrees, t, distance from the skull in mm)."""

    points: tuple[Row, ...]
    width: float
    thickness: float
    taper: float
    column: str = "hair"
    chains: tuple[str, ...] = ()
    rows: int = 11
    shadow: bool = False
    twist: float = 0.0
    """How far the lock turns to its side towards the tip, degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """Several locks side by side; azimuths in degrees."""

    first: float
    last: float
    count: int
    points: tuple[Row, ...]
    """Rows of t, distance (mm) and how much the azimuth is drawn to the middle (0 to 1)."""
    width: float
    thickness: float
    taper: float
    jitter: float
    column: str = "hair"
    chains: tuple[str, ...] = ()
    rows: int = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class HairShape:
    """The whole hair."""

    cap: tuple[Row, ...]
    """Hairline: azimuth in degrees, t."""
    cap_lift: float
    gloss_t: float
    chains: tuple[ChainShape, ...]
    locks: tuple[Lock, ...] = ()
    fans: tuple[Fan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandShape:
    """A hand in T-pose, along x from the wrist."""

    wrist: float
    palm: tuple[Row, ...]
    """Rows of distance from the wrist, half thickness, half width, z."""
    fingers: tuple[Row, ...]
    """Index to little: base distance, z, length, radius, drop, spread (degrees)."""
    thumb: tuple[Row, ...]
    """Metacarpal, proximal, distal, tip: distance, drop, z, radius."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyShape:
    """The body under the clothes; heights in metres."""

    hips_y: float
    spine_y: float
    chest_y: float
    upper_chest_y: float
    neck_y: float
    head_y: float
    shoulder_y: float
    shoulder_x: float
    upper_arm_x: float
    lower_arm_x: float
    hand_x: float
    leg_x: float
    upper_leg_y: float
    lower_leg_y: float
    foot_y: float
    toes_y: float
    toes_z: float
    torso: tuple[Row, ...]
    """Rows of y, half width, front z, back z."""
    bust: Row
    """x, y, width, height, depth."""
    neck: tuple[Row, ...]
    leg: tuple[Row, ...]
    """Rows of y, half width, half depth, x, z."""
    arm: tuple[Row, ...]
    """Rows of x, half height, half depth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Garment:
    """One piece of clothing; what its rows mean is said where it is made."""

    kind: str
    column: str
    rows: tuple[Row, ...]
    trim: str = ""
    extra: tuple[str, ...] = ()
    """Further columns."""
    chains: tuple[str, ...] = ()
    size: Row = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Collider:
    """A sphere, or a capsule when a tail is given, that springs stay out of."""

    bone: str
    offset: Row
    radius: float
    tail: Row = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A hair clip in the shape of a house; azimuth and tilt in degrees, lift in mm."""

    azimuth: float
    t: float
    lift: float
    tilt: float
    size: float
    """Half of its width, metres."""
    rim: str
    panel: str
    light: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outfit:
    """All clothes with their springs."""

    chains: tuple[ChainShape, ...]
    garments: tuple[Garment, ...]
    clips: tuple[Clip, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """Everything that makes one figure."""

    name: str
    title: str
    version: str
    palette: dict[str, Colour]
    iris: Iris
    head: HeadShape
    eye: EyeShape
    brow: BrowShape
    mouth: MouthShape
    hair: HairShape
    hand: HandShape
    body: BodyShape
    outfit: Outfit
    colliders: tuple[Collider, ...]


def names() -> list[str]:
    """List the figures that can be built."""
    return sorted(path.stem for path in DESIGNS.glob("*.toml"))


def load(name: str) -> Design:
    """Read the parameter file of a figure."""
    with (DESIGNS / f"{name}.toml").open("rb") as file:
        return read(Design, tomllib.load(file), name)


def read[T](kind: type[T], table: object, where: str) -> T:
    """Make a dataclass of a table, refusing what it does not know."""
    if not isinstance(table, dict):
        raise ValueError(f"{where} must be a table.")  # noqa: TRY004  # all faults are ValueErrors
    hints = get_type_hints(kind)
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]  # every caller passes a dataclass
    if unknown := sorted(set(table) - known):
        raise ValueError(f"{where} has no setting named {unknown[0]}.")
    values = {key: _value(hints[key], value, f"{where}.{key}") for key, value in table.items()}
    try:
        return kind(**values)
    except TypeError as err:
        raise ValueError(f"{where} is not complete: {err}.") from err


def _value(hint: Any, value: object, where: str) -> object:
    """Turn a TOML value into what the field holds."""
    hint = getattr(hint, "__value__", hint)
    if is_dataclass(hint):
        return read(hint, value, where)  # type: ignore[arg-type]  # a class, not an instance
    origin = get_origin(hint)
    if origin is tuple and isinstance(value, list):
        return tuple(_value(get_args(hint)[0], v, f"{where}[{i}]") for i, v in enumerate(value))
    if origin is dict and isinstance(value, dict):
        return {k: _value(get_args(hint)[1], v, f"{where}.{k}") for k, v in value.items()}
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(hint, type) and isinstance(value, hint):
        return value
    raise ValueError(f"{where} has a value of the wrong kind.")
