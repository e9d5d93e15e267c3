"""The body: trunk surface, neck, and how trunk, arms and legs bend."""

from dataclasses import dataclass

import numpy as np

from figures import loft
from figures.curve import Array, Curve, bell, pchip, smoothstep
from figures.drape import Holder
from figures.mesh import Binding, Indices, Part, Surface, finish
from figures.palette import Palette
from figures.parameters import BodyShape
from figures.skeleton import SIDES, Skeleton
from figures.weights import Share, chain, mixed, packed, stops

ARM_SOFT = (0.03, 0.045, 0.032, 0.022)
"""Half of the length over which shoulder, upper arm, elbow and wrist bend, metres."""

TRUNK = ("hips", "spine", "chest", "upperChest", "neck", "head")


@dataclass(frozen=True, slots=True)
class Trunk:
    """Places on the trunk by angle (0 front, left positive) and height."""

    shape: BodyShape
    width: Curve
    front: Curve
    back: Curve

    @classmethod
    def of(cls, shape: BodyShape) -> Trunk:
        """Draw the curves through the rows."""
        y, width, front, back = np.asarray(shape.torso, float).T
        return cls(shape, pchip(y, width), pchip(y, front), pchip(y, back))

    def ring(self, azimuth: Array, y: Array, lift: Array | float = 0.0) -> Array:
        """Give points, lifted by metres."""
        width, front = self.width(y) + lift, self.front(y) + lift
        points = oval(azimuth, y, width, front, self.back(y) - lift)
        points[..., 2] += self._bust(points) * (np.cos(azimuth) > 0)
        return points

    def _bust(self, p: Array) -> Array:
        """Give how far the bust stands out."""
        x, y, width, height, depth = self.shape.bust
        both = bell(p[..., 0], x, width) + bell(p[..., 0], -x, width)
        # Falls softly above, quicker below.
        below = np.where(p[..., 1] < y, 0.75, 1.25)
        return np.asarray(depth * both * np.exp(-(((p[..., 1] - y) / (height * below)) ** 2)))


def oval(azimuth: Array, y: Array, width: Array, front: Array, back: Array) -> Array:
    """Give points of a ring with its own front and back."""
    s, c = np.sin(azimuth), np.cos(azimuth)
    middle = (front + back) / 2
    x = width * np.sign(s) * np.abs(s) ** 0.88
    z = middle + (front - back) / 2 * np.sign(c) * np.abs(c) ** 0.92
    return np.stack(np.broadcast_arrays(x, y, z), axis=-1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tailor:
    """What is needed to make body and clothes."""

    body: BodyShape
    trunk: Trunk
    palette: Palette
    skeleton: Skeleton

    def trunk_share(self, points: Array) -> Share:
        """Bend the trunk by height and let the shoulders follow the arms."""
        s, b = self.skeleton, self.body
        at = [(s.index(n), float(s.position(n)[1])) for n in TRUNK]
        spine = stops(points[:, 1], at, 0.03)
        reach = np.abs(points[:, 0])
        high = smoothstep(b.shoulder_y - 0.085, b.shoulder_y - 0.01, points[:, 1])
        high = high * (1 - smoothstep(b.neck_y, b.head_y, points[:, 1]))
        out = high * smoothstep(0.35 * b.upper_arm_x, 1.0 * b.upper_arm_x, reach) * 0.75
        arm = high * smoothstep(0.85 * b.upper_arm_x, 1.35 * b.upper_arm_x, reach) * 0.6
        parts: list[tuple[Share, Array]] = [(spine, (1 - out) * (1 - arm))]
        for side, sign in SIDES:
            mine = (points[:, 0] * sign > 0).astype(float)
            shoulder, upper = s.index(f"{side}Shoulder"), s.index(f"{side}UpperArm")
            parts.append(({shoulder: np.ones(len(points))}, out * (1 - arm) * mine))
            parts.append(({upper: np.ones(len(points))}, arm * mine))
        return mixed(parts)

    def bind_trunk(self, points: Array) -> tuple[Indices, Array]:
        """Tie points to the trunk."""
        return packed(self.trunk_share(points))

    def bind_arm(self, side: str, sign: int) -> Binding:
        """Tie points to an arm by their distance from the middle."""
        s, b = self.skeleton, self.body
        at = [
            (s.index("upperChest"), 0.0),
            (s.index(f"{side}Shoulder"), 0.5 * b.upper_arm_x),
            (s.index(f"{side}UpperArm"), b.upper_arm_x),
            (s.index(f"{side}LowerArm"), b.lower_arm_x),
            (s.index(f"{side}Hand"), b.hand_x),
        ]
        return chain(at, ARM_SOFT, lambda p: p[:, 0] * sign)

    def legs_share(self, points: Array) -> Share:
        """Bend hips, knees and ankles; the crotch belongs to both legs."""
        s = self.skeleton
        left = smoothstep(-0.022, 0.022, points[:, 0])
        parts: list[tuple[Share, Array]] = []
        for side, factor in (("left", left), ("right", 1 - left)):
            at = [(s.index("hips"), -9.0)]
            for bone, raise_m in (("UpperLeg", 0.02), ("LowerLeg", 0.0), ("Foot", 0.0)):
                joint = s.index(side + bone)
                at.append((joint, -float(s.positions[joint][1]) - raise_m))
            parts.append((stops(-points[:, 1], at, 0.045), factor))
        return mixed(parts)

    def bind_legs(self, points: Array) -> tuple[Indices, Array]:
        """Tie points to hips and legs."""
        return packed(self.legs_share(points))

    @property
    def holder(self) -> Holder:
        """Hold what hangs from the trunk."""
        return self.trunk_share


def build_neck(tailor: Tailor) -> list[Part]:
    """Make the neck, shaded under the chin."""
    if not tailor.body.neck:
        return []
    shape = loft.tube(loft.upright(tailor.body.neck), segments=16, caps=(False, False))
    tone = 0.22 + 0.52 * smoothstep(0.25, 0.75, shape.along)
    uv = tailor.palette.uv("skin", tone)
    return [finish(shape, Surface.SKIN, uv, tailor.bind_trunk)]
