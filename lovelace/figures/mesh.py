"""Geometry before it is written: shapes, parts and how faces are wound."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from figures.curve import Array, unit

type Indices = NDArray[np.int64]
type Binding = Callable[[Array], tuple[Indices, Array]]


class Surface(StrEnum):
    """Name a material of the finished model."""

    SKIN = "skin"
    SKIN_FLAT = "skin_flat"
    HAIR = "hair"
    CLOTH = "cloth"
    LINES = "lines"
    EYE = "eye"
    BLEND = "blend"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Points and faces with their place along and around the form."""

    points: Array
    faces: Indices
    normals: Array
    along: Array
    """0 at the first ring, 1 at the last."""
    around: Array
    """Angle in the section, radians."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A finished piece: geometry, paint, joints and morphs."""

    surface: Surface
    points: Array
    normals: Array
    uv: Array
    joints: Indices
    weights: Array
    faces: Indices
    morphs: Mapping[str, Array] = field(default_factory=dict)


def finish(shape: Shape, surface: Surface, uv: Array, binding: Binding) -> Part:
    """Paint a shape and tie it to the skeleton."""
    joints, weights = binding(shape.points)
    return Part(
        surface=surface,
        points=shape.points,
        normals=shape.normals,
        uv=uv,
        joints=joints,
        weights=weights,
        faces=shape.faces,
    )


def grid_faces(rows: int, columns: int) -> Indices:
    """Triangulate a grid of points stored row by row."""
    i, j = np.meshgrid(np.arange(rows - 1), np.arange(columns - 1), indexing="ij")
    a = (i * columns + j).ravel()
    b, c, d = a + 1, a + columns, a + columns + 1
    return np.stack([np.stack([a, c, b], 1), np.stack([b, c, d], 1)], 1).reshape(-1, 3)


def smooth_normals(points: Array, faces: Indices) -> Array:
    """Average face normals over points that lie on the same spot."""
    corner = points[faces]
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    _, spot = np.unique(np.round(points * 2e4).astype(np.int64), axis=0, return_inverse=True)
    spot = spot.ravel()
    total = np.zeros((spot.max() + 1, 3))
    for k in range(3):
        np.add.at(total, spot[faces[:, k]], normal)
    return unit(total[spot])


def outward(points: Array, faces: Indices, centres: Array) -> tuple[Indices, Array]:
    """Wind faces so that their normals point away from the centres."""
    normals = smooth_normals(points, faces)
    if np.sum(normals * (points - centres)) < 0:
        faces, normals = faces[:, ::-1], -normals
    return faces, normals


def facing(points: Array, faces: Indices, direction: Array) -> Indices:
    """Wind faces towards a direction, judged by their whole area."""
    corner = points[faces]
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    return faces if float(normal.sum(0) @ direction) >= 0 else faces[:, ::-1]


def sheet(points: Array, direction: Array) -> Shape:
    """Make an open surface from a grid of points (rows, columns, 3)."""
    rows, columns = points.shape[:2]
    flat = points.reshape(-1, 3)
    faces = facing(flat, grid_faces(rows, columns), direction)
    along, around = np.meshgrid(np.linspace(0, 1, rows), np.linspace(0, 1, columns), indexing="ij")
    return Shape(
        points=flat,
        faces=faces,
        normals=smooth_normals(flat, faces),
        along=along.ravel(),
        around=around.ravel(),
    )


def merge_points(parts: list[Part]) -> Part:
    """Join parts of one surface, keeping their morphs."""
    names = sorted({name for part in parts for name in part.morphs})
    starts = np.cumsum([0] + [len(p.points) for p in parts])
    morphs = {name: np.zeros((int(starts[-1]), 3)) for name in names}
    for start, part in zip(starts, parts, strict=False):
        for name, delta in part.morphs.items():
            morphs[name][start : start + len(delta)] = delta
    return Part(
        surface=parts[0].surface,
        points=np.concatenate([p.points for p in parts]),
        normals=unit(np.concatenate([p.normals for p in parts])),
        uv=np.concatenate([p.uv for p in parts]),
        joints=np.concatenate([p.joints for p in parts]),
        weights=np.concatenate([p.weights for p in parts]),
        faces=np.concatenate([p.faces + start for start, p in zip(starts, parts, strict=False)]),
        morphs=morphs,
    )
