"""What every garment is finished with."""

import numpy as np

from figures.body import Tailor
from figures.curve import Array
from figures.mesh import Binding, Part, Shape, Surface, finish, grid_faces, outward


def cloth(tailor: Tailor, column: str, shape: Shape, tone: Array | float, bind: Binding) -> Part:
    """Paint a cloth part."""
    uv = tailor.palette.uv(column, tone, 0 if np.ndim(tone) else len(shape.points))
    return finish(shape, Surface.CLOTH, uv, bind)


def sheet_around(points: Array, centre: Array | None = None) -> Shape:
    """Join rings of points, or a patch of them, into a surface that faces outward."""
    flat = points.reshape(-1, 3)
    centres = np.repeat(points.mean(axis=1), points.shape[1], axis=0)
    if centre is not None:
        centres = flat * (0.0, 1.0, 0.0) + centre
    faces, normals = outward(flat, grid_faces(*points.shape[:2]), centres)
    rows = np.repeat(np.linspace(0, 1, len(points)), points.shape[1])
    around = np.tile(np.linspace(0, 2 * np.pi, points.shape[1]), len(points))
    return Shape(points=flat, faces=faces, normals=normals, along=rows, around=around)


def sheet_facing(points: Array, sign: int) -> Shape:
    """Make an open surface around the body that faces out (1) or in (-1)."""
    shape = sheet_around(points)
    if sign > 0:
        return shape
    return Shape(
        points=shape.points,
        faces=shape.faces[:, ::-1],
        normals=-shape.normals,
        along=shape.along,
        around=shape.around,
    )
