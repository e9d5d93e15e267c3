"""Tubes: sections swept along a line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from figures.curve import Array, unit
from figures.mesh import Indices, Shape, grid_faces, outward

X, Y, Z = np.eye(3)

type Section = Callable[[Array], tuple[Array, Array]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spine:
    """Where each section stands and how large it is."""

    centres: Array
    side: Array
    """Direction of the section's first axis, one for each centre."""
    up: Array
    side_radius: Array
    up_radius: Array


def ellipse(angle: Array) -> tuple[Array, Array]:
    """Give the round section."""
    return np.cos(angle), np.sin(angle)


def squircle(power: float) -> Section:
    """Give a section between a circle (1) and a box (0)."""

    def section(angle: Array) -> tuple[Array, Array]:
        """Flatten the four sides."""
        c, s = np.cos(angle), np.sin(angle)
        return np.sign(c) * np.abs(c) ** power, np.sign(s) * np.abs(s) ** power

    return section


def ribbed(count: int, depth: float) -> Section:
    """Give a round section with knitted ribs."""

    def section(angle: Array) -> tuple[Array, Array]:
        """Ripple the radius."""
        r = 1 + depth * np.cos(count * angle)
        return r * np.cos(angle), r * np.sin(angle)

    return section


def tube(
    spine: Spine,
    *,
    segments: int,
    section: Section = ellipse,
    caps: tuple[bool, bool] = (True, True),
) -> Shape:
    """Sweep a section along the spine and close the ends that are asked for."""
    count = len(spine.centres)
    angle = np.linspace(0.0, 2 * np.pi, segments + 1)
    a, b = section(angle)
    rings = (
        spine.centres[:, None]
        + (spine.side_radius[:, None] * a)[..., None] * spine.side[:, None]
        + (spine.up_radius[:, None] * b)[..., None] * spine.up[:, None]
    )
    rings[:, -1] = rings[:, 0]
    points = rings.reshape(-1, 3)
    centres = np.repeat(spine.centres, segments + 1, axis=0)
    faces, normals = outward(points, grid_faces(count, segments + 1), centres)
    shape = Shape(
        points=points,
        faces=faces,
        normals=normals,
        along=np.repeat(np.linspace(0, 1, count), segments + 1),
        around=np.tile(angle, count),
    )
    for end, wanted in zip((0, count - 1), caps, strict=True):
        if wanted:
            shape = _capped(shape, spine.centres, end, segments)
    return shape


def _capped(shape: Shape, centres: Array, end: int, segments: int) -> Shape:
    """Close one end with a fan."""
    inner = centres[1] if end == 0 else centres[end - 1]
    direction = unit(centres[end] - inner)
    ring = end * (segments + 1) + np.arange(segments)
    tip = len(shape.points)
    fan: Indices = np.stack([ring, ring + 1, np.full(segments, tip)], 1)
    corner = np.vstack([shape.points, centres[end]])[fan]
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]).sum(0)
    if normal @ direction < 0:
        fan = fan[:, ::-1]
    return Shape(
        points=np.vstack([shape.points, centres[end]]),
        faces=np.vstack([shape.faces, fan]),
        normals=np.vstack([shape.normals, direction]),
        along=np.append(shape.along, shape.along[ring[0]]),
        around=np.append(shape.around, 0.0),
    )


def upright(rows: Sequence[Sequence[float]], x: float = 0.0) -> Spine:
    """Stand sections above one another; a row is y, half width, half depth, z."""
    table = np.asarray(rows, float)
    y, side, depth, z = table.T
    count = len(table)
    return Spine(
        centres=np.stack([np.full(count, x), y, z], 1),
        side=np.tile(X, (count, 1)),
        up=np.tile(Z, (count, 1)),
        side_radius=side,
        up_radius=depth,
    )


def sideways(rows: Sequence[Sequence[float]], sign: int, y: float, z: float = 0.0) -> Spine:
    """Lay sections along x for an arm; a row is x, half height, half depth and optionally dy."""
    table = [list(row) + [0.0] * (4 - len(row)) for row in rows]
    x, height, depth, lift = np.asarray(table, float).T
    count = len(table)
    return Spine(
        centres=np.stack([x * sign, y + lift, np.full(count, z)], 1),
        side=np.tile(Y, (count, 1)),
        up=np.tile(Z, (count, 1)),
        side_radius=height,
        up_radius=depth,
    )


def along(points: Array, normals: Array, width: Array, thickness: Array) -> Spine:
    """Sweep along a line; the section's first axis lies across line and normal."""
    direction = unit(np.gradient(points, axis=0))
    side = unit(np.cross(direction, normals))
    return Spine(
        centres=points,
        side=side,
        up=unit(np.cross(side, direction)),
        side_radius=width,
        up_radius=thickness,
    )
