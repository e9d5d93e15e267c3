"""Hands with separate fingers."""

import numpy as np

from figures import loft
from figures.body import Tailor
from figures.curve import Array
from figures.mesh import Binding, Part, Shape, Surface, finish
from figures.parameters import HandShape
from figures.skeleton import FINGERS, PHALANXES, SIDES, finger_joints
from figures.weights import chain, rigid

SOFT = 0.006
"""Half of the length over which one finger joint hands over to the next, metres."""


def build_hands(tailor: Tailor, hand: HandShape) -> list[Part]:
    """Make both hands."""
    parts = []
    for side, sign in SIDES:
        maker = _Hand(tailor, hand, side, sign)
        parts += [maker.wrist(), maker.palm(), *maker.fingers(), maker.thumb()]
    return parts


class _Hand:
    """Makes one hand."""

    def __init__(self, tailor: Tailor, hand: HandShape, side: str, sign: int) -> None:
        """Keep what the pieces need."""
        self._tailor, self._hand, self._side, self._sign = tailor, hand, side, sign

    def wrist(self) -> Part:
        """Make the end of the forearm that shows below the sleeve."""
        b = self._tailor.body
        spine = loft.sideways(b.arm, self._sign, b.shoulder_y)
        shape = loft.tube(spine, segments=12, caps=(False, False))
        return self._part(shape, self._tailor.bind_arm(self._side, self._sign))

    def palm(self) -> Part:
        """Make the palm: flat, broad, thicker at the thumb's ball."""
        x, thick, width, z = np.asarray(self._hand.palm, float).T
        count = len(x)
        centres = self._place(np.stack([x, 0 * x, z], 1))
        spine = loft.Spine(
            centres=centres,
            side=np.tile(loft.Y, (count, 1)),
            up=np.tile(loft.Z, (count, 1)),
            side_radius=thick,
            up_radius=width,
        )
        shape = loft.tube(spine, segments=12, section=loft.squircle(0.82))
        return self._part(shape, rigid(self._tailor.skeleton.index(f"{self._side}Hand")))

    def fingers(self) -> list[Part]:
        """Make index to little finger."""
        return [
            self._finger(name, row) for name, row in zip(FINGERS, self._hand.fingers, strict=True)
        ]

    def thumb(self) -> Part:
        """Make the thumb, standing off forward and down."""
        rows = np.asarray(self._hand.thumb, float)
        centres, radius = _rounded(rows[:, :3], rows[:, 3])
        joints = finger_joints(self._hand)["Thumb"]
        return self._digit(centres, radius, list(joints), rows[0, :3])

    def _finger(self, name: str, row: tuple[float, ...]) -> Part:
        """Make one finger: slim, a hint of knuckles, round tip."""
        base, z, length, radius, drop, spread = row
        turn = np.radians(spread)
        u = np.array([-0.16, 0.05, 0.30, 0.47, 0.73, 0.90, 0.975, 1.0])
        thick = np.array([0.95, 1.04, 0.96, 0.99, 0.91, 0.80, 0.52, 0.12])
        x, dz = base + length * u * np.cos(turn), z + length * u * np.sin(turn)
        centres = np.stack([x, np.full(len(u), drop), dz], 1)
        bones = [name + phalanx for phalanx in PHALANXES]
        return self._digit(centres, radius * thick, bones, np.array([base, drop, z]))

    def _digit(self, centres: Array, radius: Array, bones: list[str], start: Array) -> Part:
        """Sweep a finger and tie it to its joints by distance from its root."""
        points = self._place(centres)
        up = np.tile(loft.Y, (len(points), 1))
        shape = loft.tube(
            loft.along(points, up, radius, radius * 0.94), segments=6, caps=(False, True)
        )
        skeleton, origin = self._tailor.skeleton, self._place(start[None])[0]
        joints = [skeleton.index(self._side + bone) for bone in bones]
        reach = [float(np.linalg.norm(skeleton.positions[j] - origin)) for j in joints]
        at = [(skeleton.index(f"{self._side}Hand"), -9.0), *zip(joints, reach, strict=True)]
        direction = points[-1] - origin

        def place(p: Array) -> Array:
            """Measure along the finger."""
            return np.asarray((p - origin) @ direction / np.linalg.norm(direction))

        return self._part(shape, chain(at, SOFT, place))

    def _place(self, rows: Array) -> Array:
        """Turn (distance from the wrist, drop, z) into metres of the figure."""
        b = self._tailor.body
        x = (b.hand_x + rows[:, 0]) * self._sign
        return np.stack([x, b.shoulder_y - rows[:, 1], rows[:, 2]], 1)

    def _part(self, shape: Shape, binding: Binding) -> Part:
        """Paint skin, a little darker below."""
        tone = 0.18 + 0.10 * (shape.normals[:, 1] < -0.3)
        uv = self._tailor.palette.uv("skin", tone)
        return finish(shape, Surface.SKIN, uv, binding)


def _rounded(centres: Array, radius: Array) -> tuple[Array, Array]:
    """Subdivide a thumb and close it with a round tip."""
    u = np.linspace(0, len(centres) - 1, 7)
    knots = np.arange(len(centres))
    line = np.stack([np.interp(u, knots, centres[:, k]) for k in range(3)], 1)
    thick = np.interp(u, knots, radius)
    ahead = line[-1] - line[-2]
    tip = line[-1] + ahead / np.linalg.norm(ahead) * np.array([[0.55], [0.8]]) * thick[-1]
    return np.vstack([line, tip]), np.append(thick, [0.72 * thick[-1], 0.15 * thick[-1]])
