"""The humanoid skeleton in T-pose, and the joints that swing."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from figures.curve import Array
from figures.parameters import BodyShape, HandShape

FINGERS = ("Index", "Middle", "Ring", "Little")
PHALANXES = ("Proximal", "Intermediate", "Distal")
SIDES = (("left", 1), ("right", -1))
"""A VRM 1.0 figure looks along +z, so its left is +x (VRM 1.0, Humanoid, T-Pose)."""


@dataclass(slots=True, kw_only=True)
class Skeleton:
    """Joints by name, parents before children."""

    names: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    positions: list[Array] = field(default_factory=list)
    ends: set[str] = field(default_factory=set)
    """Joints that only mark where a spring ends; nothing is tied to them."""
    humanoid: list[str] = field(default_factory=list)

    def add(self, name: str, parent: str | None, position: Iterable[float]) -> None:
        """Append a joint."""
        self.parents.append(-1 if parent is None else self.index(parent))
        self.names.append(name)
        self.positions.append(np.asarray(tuple(position), float))

    def index(self, name: str) -> int:
        """Find a joint."""
        return self.names.index(name)

    def position(self, name: str) -> Array:
        """Give a joint's place."""
        return self.positions[self.index(name)]

    def add_chain(self, name: str, parent: str, points: Array) -> None:
        """Append a line of spring joints; the last one is its end."""
        above = parent
        for i, point in enumerate(points):
            joint = f"{name}{i}"
            self.add(joint, above, point)
            above = joint
        self.ends.add(above)

    def joints(self) -> list[str]:
        """List the joints that points can be tied to."""
        return [n for n in self.names if n not in self.ends]


def humanoid(body: BodyShape, hand: HandShape) -> Skeleton:
    """Make the humanoid part."""
    s = Skeleton()
    _add_trunk(s, body)
    for side, sign in SIDES:
        _add_arm(s, body, side, sign)
        _add_fingers(s, body, hand, side, sign)
        _add_leg(s, body, side, sign)
    s.humanoid = list(s.names)
    return s


def _add_trunk(s: Skeleton, b: BodyShape) -> None:
    """Add hips to head."""
    above: str | None = None
    for name, y in (
        ("hips", b.hips_y),
        ("spine", b.spine_y),
        ("chest", b.chest_y),
        ("upperChest", b.upper_chest_y),
        ("neck", b.neck_y),
        ("head", b.head_y),
    ):
        s.add(name, above, (0.0, y, -0.008 if name == "neck" else 0.0))
        above = name


def _add_arm(s: Skeleton, b: BodyShape, side: str, sign: int) -> None:
    """Add shoulder to hand, straight along x."""
    above = "upperChest"
    for name, x in (
        ("Shoulder", b.shoulder_x),
        ("UpperArm", b.upper_arm_x),
        ("LowerArm", b.lower_arm_x),
        ("Hand", b.hand_x),
    ):
        s.add(side + name, above, (x * sign, b.shoulder_y, 0.0))
        above = side + name


def _add_fingers(s: Skeleton, b: BodyShape, h: HandShape, side: str, sign: int) -> None:
    """Add thumb and fingers."""
    for name, joints in finger_joints(h).items():
        above = f"{side}Hand"
        for bone, (x, drop, z) in joints.items():
            s.add(side + bone, above, ((b.hand_x + x) * sign, b.shoulder_y - drop, z))
            above = side + bone
        assert name in above


def finger_joints(h: HandShape) -> dict[str, dict[str, Array]]:
    """Give (distance from the wrist, drop, z) of every finger joint."""
    table: dict[str, dict[str, Array]] = {}
    for name, row in zip(FINGERS, h.fingers, strict=True):
        base, z, length, _, drop, spread = row
        turn = np.radians(spread)
        table[name] = {
            name + phalanx: np.array(
                [base + length * u * np.cos(turn), drop, z + length * u * np.sin(turn)]
            )
            for phalanx, u in zip(PHALANXES, (0.0, 0.45, 0.75), strict=True)
        }
    bones = ("ThumbMetacarpal", "ThumbProximal", "ThumbDistal")
    table["Thumb"] = {bone: np.array(row[:3]) for bone, row in zip(bones, h.thumb, strict=False)}
    return table


def _add_leg(s: Skeleton, b: BodyShape, side: str, sign: int) -> None:
    """Add thigh to toes."""
    x = b.leg_x * sign
    s.add(side + "UpperLeg", "hips", (x, b.upper_leg_y, 0.0))
    s.add(side + "LowerLeg", side + "UpperLeg", (x, b.lower_leg_y, 0.004))
    s.add(side + "Foot", side + "LowerLeg", (x, b.foot_y, -0.012))
    s.add(side + "Toes", side + "Foot", (x, b.toes_y, b.toes_z))
