"""Flat forms: an outline raised to a plate with a bevelled rim."""

import numpy as np

from figures.curve import Array
from figures.mesh import Indices, Shape, smooth_normals

BEVEL_M = 0.0015


def plate(outline: Array, *, top: float, foot: float, centre: Array, frame: Array) -> Shape:
    """Raise an outline (x, y) from `foot` to `top`; the frame's rows are right, up and out."""
    count = len(outline)
    rings = [
        np.column_stack([outline * 0.94 + outline.mean(0) * 0.06, np.full(count, top)]),
        np.column_stack([outline, np.full(count, top - BEVEL_M)]),
        np.column_stack([outline, np.full(count, foot)]),
    ]
    middles = [np.append(outline.mean(0), z) for z in (top, foot)]
    points = np.vstack([*middles, *rings]) @ frame + centre
    faces = _faces(count)
    normals = smooth_normals(points, faces)
    if normals[0] @ frame[2] < 0:
        faces, normals = faces[:, ::-1], -normals
    normals[1] = -frame[2]
    return Shape(
        points=points, faces=faces, normals=normals, along=points[:, 1], around=points[:, 0]
    )


def disc(radius: float, corners: int = 12) -> Array:
    """Give a round outline."""
    angle = np.linspace(0, 2 * np.pi, corners + 1)[:-1]
    return radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _faces(count: int) -> Indices:
    """Join middle and rings; points are front middle, back middle, then three rings."""
    ring = np.arange(count)
    after = (ring + 1) % count
    faces = [np.stack([np.zeros(count, int), ring + 2, after + 2], 1)]
    for start in (2, 2 + count):
        a, b = ring + start, after + start
        faces += [np.stack([a, a + count, b], 1), np.stack([b, a + count, b + count], 1)]
    return np.vstack(faces)
