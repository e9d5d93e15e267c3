"""Small things worn: the house-shaped hair clip."""

import numpy as np

from figures.body import Tailor
from figures.curve import Array, unit
from figures.hair import Barber
from figures.mesh import Part, Shape, Surface, finish, smooth_normals
from figures.weights import rigid

HOUSE = np.array(
    [[-0.8, -0.8], [0.8, -0.8], [0.8, 0.1], [1.0, 0.1], [0.0, 1.0], [-1.0, 0.1], [-0.8, 0.1]]
)
"""Outline of a house, from -1 to 1."""


def build_accessories(barber: Barber, tailor: Tailor) -> list[Part]:
    """Make everything worn."""
    return _clip(barber)


def _clip(barber: Barber) -> list[Part]:
    """Make the hair clip: a house with a lit window, on a bar."""
    azimuth, t, lift = np.radians(-50.0), 0.69, 0.033
    a, h, d = np.array([azimuth]), np.array([t]), np.array([lift])
    centre = barber.skull.shell(a, h, d)[0]
    out = barber.skull.shell_normal(a, h)[0]
    right = unit(np.cross(np.array([0.0, 1.0, 0.0]), out))
    frame = np.stack([right, np.cross(out, right), out])
    turn = np.radians(-14.0)
    spin = np.array([[np.cos(turn), np.sin(turn), 0], [-np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    frame = spin @ frame
    size = 0.0165
    bind = rigid(barber.skeleton.index("head"))
    parts = []
    for outline, scale, depth, column, tone in (
        (HOUSE, 1.0, 0.004, "brass", 0.35),
        (HOUSE * (0.74, 0.70) - (0, 0.02), 1.0, 0.0052, "panel", 0.5),
        (_window(), 1.0, 0.0064, "glow", 0.2),
    ):
        shape = _plate(outline * size * scale, depth, centre, frame)
        uv = barber.palette.uv(column, tone, len(shape.points))
        parts.append(finish(shape, Surface.CLOTH, uv, bind))
    return parts


def _window() -> Array:
    """Outline the window: a small round light."""
    angle = np.linspace(0, 2 * np.pi, 13)[:-1]
    return np.stack([0.26 * np.cos(angle), 0.26 * np.sin(angle) - 0.16], 1)


def _plate(outline: Array, depth: float, centre: Array, frame: Array) -> Shape:
    """Raise a flat plate from an outline, rim bevelled."""
    count = len(outline)
    top = np.column_stack([outline * 0.94, np.full(count, depth)])
    rim = np.column_stack([outline, np.full(count, depth - 0.0015)])
    foot = np.column_stack([outline, np.full(count, -0.003)])
    middle = np.append(outline.mean(0), depth)[None]
    points = np.vstack([middle, top, rim, foot]) @ frame + centre
    ring = np.arange(count)
    after = (ring + 1) % count
    fan = np.stack([np.zeros(count, int), ring + 1, after + 1], 1)
    faces = [fan]
    for start in (1, 1 + count):
        a, b = ring + start, after + start
        faces += [np.stack([a, a + count, b], 1), np.stack([b, a + count, b + count], 1)]
    wound = np.vstack(faces)
    normals = smooth_normals(points, wound)
    if normals[0] @ frame[2] < 0:
        wound, normals = wound[:, ::-1], -normals
    return Shape(
        points=points, faces=wound, normals=normals, along=points[:, 1], around=points[:, 0]
    )
