"""Drawing on the face: strokes and patches that lie on the skin."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from figures.curve import Array
from figures.head import Skull
from figures.mesh import Indices, Part, Surface, facing, grid_faces
from figures.palette import Palette, blush_uv
from figures.weights import rigid

LIFT_EYE = 0.0007
LIFT_LIDSHADE = 0.0013
LIFT_LID = 0.0019
LIFT_CREASE = 0.0022
LIFT_LASH = 0.0027
LIFT_MOUTH = 0.0009
LIFT_TONGUE = 0.0013
LIFT_TEETH = 0.0017
LIFT_LIP = 0.0022
LIFT_BROW = 0.0024
LIFT_HINT = 0.0012
LIFT_SHADOW = 0.0005

FORWARD = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """What every drawing on the face needs."""

    skull: Skull
    palette: Palette
    joint: int

    def draw(
        self,
        surface: Surface,
        faces: Indices,
        uv: Array,
        *,
        make: Callable[[object], Array],
        poses: Mapping[str, object],
        rest: object,
    ) -> Part:
        """Make a part whose morphs are the same drawing in other poses."""
        points = make(rest)
        shown = [points] + [make(pose) for pose in poses.values()]
        joints, weights = rigid(self.joint)(points)
        return Part(
            surface=surface,
            points=points,
            normals=self.skull.round_normal(points),
            uv=uv,
            joints=joints,
            weights=weights,
            faces=facing(max(shown, key=lambda p: _area(p, faces)), faces, FORWARD),
            morphs={n: p - points for n, p in zip(poses, shown[1:], strict=True)},
        )

    def still(self, surface: Surface, points: Array, faces: Indices, uv: Array) -> Part:
        """Make a part that no expression moves."""
        return self.draw(surface, faces, uv, make=lambda _: points, poses={}, rest=None)


def _area(points: Array, faces: Indices) -> float:
    """Measure what can be seen from the front."""
    corner = points[faces]
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    return float(np.abs(normal[:, 2].sum()))


def ribbon(skull: Skull, x: Array, top: Array, bottom: Array, lift: float) -> Array:
    """Give a stroke between two lines, as two rows of points."""
    return np.concatenate([skull.face(x, top, lift), skull.face(x, bottom, lift)])


def build_hints(canvas: Canvas, eye_x: float) -> list[Part]:
    """Draw the nose's shadow and the blush on the cheeks."""
    nose = [_nose(canvas)] if canvas.skull.shape.nose else []
    return [*nose, *(_blush(canvas, eye_x, side) for side in (1, -1))]


def _nose(canvas: Canvas) -> Part:
    """Draw the small shadow below the tip of the nose."""
    height = canvas.skull.shape.height
    y = float(canvas.skull.y(0.252))
    s = np.linspace(-1, 1, 7)
    x = s * canvas.skull.shape.nose * height - 0.002 * height
    dip = 0.012 * height * (1 - s * s)
    points = ribbon(canvas.skull, x, y + 0 * s, y - dip, 1.8 * LIFT_HINT)
    uv = canvas.palette.uv("nose", 0.4, len(points))
    return canvas.still(Surface.LINES, points, grid_faces(2, 7), uv)


def _blush(canvas: Canvas, eye_x: float, side: int) -> Part:
    """Lay a soft red on a cheek."""
    height = canvas.skull.shape.height
    g = np.linspace(-1, 1, 6)
    gx, gy = (a.ravel() for a in np.meshgrid(g, g))
    x = eye_x * 1.12 + gx * 0.085 * height
    y = canvas.skull.y(0.292) + gy * 0.048 * height
    points = canvas.skull.face(x * side, y, LIFT_HINT + 0.010 * (x / height) ** 2)
    return canvas.still(Surface.BLEND, points, grid_faces(6, 6), blush_uv(gx, gy))
